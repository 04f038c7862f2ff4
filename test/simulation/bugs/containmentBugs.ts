// Deliberate bugs in what keeps the trouble of one cluster from the others, and what can't be read from being nothing. Part of
// the list in bugs.ts.
import { Attempt } from '../../../shared/domain/attempt/attempt.ts';
import { ChainHead, PoolHead } from '../../../shared/domain/ledger/heads.ts';
import { readHold } from '../../../shared/domain/policy/hold.ts';
import { type Row, UnreadableRow } from '../../../shared/ports/tables.ts';
import type { Bug } from './bug.ts';
import { both, during, on, querying, wrong } from './wrap.ts';

const isLink = ({ value }: Row) => ChainHead.safeParse(value).success;
const isHead = (row: Row) => (row.rowKey === 'head' ? isLink(row) : PoolHead.safeParse(row.value).success);

/** A row that can't be read stops whoever reads its partition, be it about one cluster or all. */
const throwsOver = (isReadable: (row: Row) => boolean) => (row: Row) => {
  if (isReadable(row)) return row;
  throw new UnreadableRow('Starts', row, 'is not as the keeper writes it');
};

const isJson = ({ value }: Row) => typeof value === 'object' && value !== null && Object.keys(value).length > 0;
const factsStop = querying(
  'Facts',
  throwsOver((row) => row.rowKey === 'budget' || row.partitionKey.includes('|') || isJson(row)),
);
const viewStops = querying(
  'Views',
  throwsOver((row) => !row.partitionKey.startsWith('pools|') || isJson(row)),
);
const claimStops = querying(
  'Starts',
  throwsOver(({ rowKey, value }) => !rowKey.startsWith('cluster|') || Attempt.safeParse(value).success),
);

const claimSkipped = querying('Starts', (row) =>
  row.rowKey.startsWith('cluster|') && !Attempt.safeParse(row.value).success ? undefined : row,
);

const headSkipped = querying('Ledger', (row) => (row.rowKey.startsWith('head') && !isHead(row) ? undefined : row));

const holdSkipped = querying('Policy', (row, partition) =>
  partition === 'holds' && row.rowKey.startsWith('active|') && !readHold(row.value) ? undefined : row,
);

/** Where there is no head of the chain, there are no entries either, and new ones go over those that are there. */
const beginsAnew = both(
  on(
    'tables',
    'query',
    (query, { tables }) =>
      async function* (table, partition, range) {
        const isLost = table === 'Ledger' && range?.from === 'log|' && !(await tables.get(table, partition, 'head'));
        if (!isLost) yield* query(table, partition, range);
      },
  ),
  on('tables', 'write', (write) => (table, partition, changes) => {
    const over = changes.map((change) =>
      change.kind === 'insert' && change.rowKey.startsWith('log|') ? { ...change, kind: 'upsert' as const } : change,
    );
    return write(table, partition, table === 'Ledger' ? over : changes);
  }),
);

/** Each event asks for an observation of its own, and each is made. */
const isMark = (table: string, partition: string, rowKey: string | undefined) =>
  table === 'Facts' && (partition.startsWith('marks|') || rowKey === 'reads');

const eventByEvent = both(
  on(
    'tables',
    'get',
    (get) => async (table, partition, rowKey) =>
      isMark(table, partition, rowKey) ? undefined : get(table, partition, rowKey),
  ),
  on(
    'tables',
    'write',
    (write) => async (table, partition, changes) =>
      isMark(table, partition, changes[0]?.rowKey) ? 'written' : write(table, partition, changes),
  ),
);

export const containmentBugs: readonly Bug[] = [
  wrong('containment removed: facts stop the pass', factsStop),
  wrong('containment removed: a view stops the pass', viewStops),
  wrong('containment removed: a claim stops the pass', claimStops),
  wrong('an unreadable claim skipped', claimSkipped),
  wrong('an unreadable head taken for none', headSkipped),
  wrong('an unreadable hold skipped', holdSkipped),
  wrong('a lost head begun anew', beginsAnew),
  wrong('a flood observed event by event', during(['onClusterEvent'], eventByEvent)),
];
