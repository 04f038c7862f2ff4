// Storage as the keeper's ports see it, with what can go wrong at every call. Used by dependencies.ts for each invocation.
import type { Documents } from '../../../../shared/ports/documents.ts';
import type { Queues } from '../../../../shared/ports/queues.ts';
import type { Row, RowChange, RowRange, TableName, Tables } from '../../../../shared/ports/tables.ts';
import type { Claim, Invocation } from '../../record/record.ts';
import { rowsOf } from '../../record/rowsOf.ts';
import { type Faults, failed, type Struck } from '../faults.ts';

type TablesOptions = {
  readonly tables: Tables;
  readonly faults: Faults;
  /** Of what is kept for the topic alone. */
  readonly topicFaults: Faults;
  readonly invocation: Invocation;
  readonly onClaim: (claim: Omit<Claim, 'at'>) => void;
};

export function faultyTables({ tables, faults, topicFaults, invocation, onClaim }: TablesOptions): Tables {
  const of = (table: TableName) => (table === 'Notifications' ? topicFaults : faults);
  const reading = <T>(table: TableName): Struck<T> | undefined =>
    of(table).strikes('tableError', invocation)
      ? { instead: () => failed('Table storage did not answer.') }
      : undefined;
  return {
    get: async (table, partitionKey, rowKey) => {
      const row = await of(table).call(invocation, () => tables.get(table, partitionKey, rowKey), reading(table));
      if (table === 'Policy' && rowKey === 'current') invocation.policy = { value: row?.value };
      return row;
    },
    query: async function* (table, partitionKey, range) {
      const effect = () => rowsOf(tables, table, partitionKey, range);
      const rows = await of(table).call(invocation, effect, reading(table));
      noteRows(invocation, table, partitionKey, rows, range);
      yield* rows;
    },
    write: (table, partitionKey, changes) => {
      const claimed = (claim: Omit<Claim, 'at'>) => onClaim({ ...claim, policy: invocation.policy?.value });
      const effect = () => writeNoting(tables, table, partitionKey, changes, claimed);
      return of(table).call(invocation, effect, writing(of(table), invocation, changes));
    },
  };
}

const clusterRow = 'cluster|';

/** What a judge asks for of the rows that an invocation read. */
function noteRows(
  invocation: Invocation,
  table: TableName,
  partition: string,
  rows: readonly Row[],
  range: RowRange | undefined,
): void {
  const read = rows.map(({ rowKey, value }) => ({ rowKey, value }));
  const standing = table === 'Policy' && range?.from === 'active|';
  if (standing && partition === 'holds') invocation.holds = read;
  if (standing && partition === 'approvals') invocation.approvals = read;
  // One that can't be read claims its cluster all the same.
  if (table === 'Starts')
    invocation.starts = rows.map(({ rowKey }) => ({ clusterKey: rowKey.slice(clusterRow.length) }));
  const budget = table === 'Facts' && rows.find(({ rowKey }) => rowKey === 'budget');
  if (budget)
    invocation.closedUntil = (budget.value as { readonly closedUntil?: string } | null | undefined)?.closedUntil;
}

async function writeNoting(
  tables: Tables,
  table: TableName,
  partitionKey: string,
  changes: readonly RowChange[],
  onClaim: TablesOptions['onClaim'],
): Promise<'written' | 'conflict'> {
  const removed = new Map<string, unknown>();
  for (const { kind, rowKey } of changes) {
    if (kind === 'delete' && table === 'Starts')
      removed.set(rowKey, (await tables.get(table, partitionKey, rowKey))?.value);
  }
  const result = await tables.write(table, partitionKey, changes);
  if (result === 'written') for (const change of changes) noteClaim(table, partitionKey, change, removed, onClaim);
  return result;
}

function writing(
  faults: Faults,
  invocation: Invocation,
  changes: readonly RowChange[],
): Struck<'written' | 'conflict'> | undefined {
  const canConflict = changes.some(({ kind }) => kind !== 'upsert');
  if (faults.strikes('tableError', invocation)) return { instead: () => failed('Table storage refused the write.') };
  if (faults.strikes('tableLostAnswer', invocation))
    return { afterwards: () => failed('Table storage did not answer.') };
  if (canConflict && faults.strikes('tableConflict', invocation)) return { instead: () => 'conflict' };
  // The SDK sends a write again whose answer was lost, and finds that it did it itself.
  if (canConflict && faults.strikes('tableConflictOnOwnWrite', invocation)) return { afterwards: () => 'conflict' };
  return undefined;
}

/** Something waits for the Activity Log. */
const isUnconfirmed = (table: string, partition: string) =>
  table === 'Evidence' && partition.startsWith('unconfirmed|');

function noteClaim(
  table: string,
  partitionKey: string,
  change: RowChange,
  removed: ReadonlyMap<string, unknown>,
  onClaim: TablesOptions['onClaim'],
): void {
  const { kind, rowKey } = change;
  if (table === 'Starts' && rowKey.startsWith(clusterRow)) {
    const value = (kind === 'delete' ? removed.get(rowKey) : change.value) as { readonly id: string } | undefined;
    const what = ({ insert: 'inserted', replace: 'replaced', upsert: 'replaced', delete: 'removed' } as const)[kind];
    onClaim({ kind: what, clusterKey: rowKey.slice(clusterRow.length), ...(value && { attempt: value.id }), value });
  }
  if (isUnconfirmed(table, partitionKey) && rowKey !== 'asked') {
    onClaim({ kind: 'unconfirmed', clusterKey: rowKey, value: undefined });
  }
  if (table === 'Facts' && rowKey === 'budget' && kind !== 'delete') {
    onClaim({ kind: 'budget', clusterKey: partitionKey, value: change.value });
  }
  if (table === 'Facts' && rowKey.startsWith('verdict|') && kind !== 'delete') {
    const clusterKey = rowKey.slice('verdict|'.length, rowKey.lastIndexOf('|'));
    onClaim({ kind: 'verdict', clusterKey, value: change.value });
  }
}

export function faultyQueues(queues: Queues, faults: Faults, invocation: Invocation): Queues {
  return {
    ...queues,
    send: (queue, message, delaySeconds) => {
      const struck = (): Struck<void> | undefined => {
        if (faults.strikes('queueError', invocation)) return { instead: () => failed('The queue did not answer.') };
        return faults.strikes('queueLostAnswer', invocation)
          ? { afterwards: () => failed('The queue did not answer.') }
          : undefined;
      };
      return faults.call(invocation, () => queues.send(queue, message, delaySeconds), struck());
    },
  };
}

/** Blobs fail as tables do: an error, or a write whose answer is lost. */
export function faultyDigests(digests: Documents, faults: Faults, invocation: Invocation): Documents {
  const reading = <T>(): Struck<T> | undefined =>
    faults.strikes('tableError', invocation) ? { instead: () => failed('Blob storage did not answer.') } : undefined;
  return {
    list: () => faults.call(invocation, digests.list, reading()),
    read: (name) => faults.call(invocation, () => digests.read(name), reading()),
    write: (name, text) =>
      faults.call(
        invocation,
        () => digests.write(name, text),
        faults.strikes('tableLostAnswer', invocation)
          ? { afterwards: () => failed('Blob storage did not answer.') }
          : reading(),
      ),
  };
}
