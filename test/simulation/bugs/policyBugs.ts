// Deliberate bugs in how the keeper reads and writes policies, holds, approvals and what a ring has in flight. Part of the list
// in bugs.ts.
import type { Row } from '../../../shared/ports/tables.ts';
import { approvals } from '../../../shared/stores/standingStore.ts';
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';
import { rowsOf } from '../record/rowsOf.ts';
import { type Bug, noBug } from './bug.ts';
import { lets } from './gateBugs.ts';
import { both, type Change, during, getting, on, querying, writing, wrong } from './wrap.ts';

/** What was revoked is still there to be read. As a starter looks, somebody revokes everything: otherwise that is rare. */
const countsRevokedApprovals = both(
  during(
    ['startUpgrade'],
    on(
      'tables',
      'query',
      (query, { clock, tables }) =>
        async function* (table, partition, range) {
          const isApprovals = table === 'Policy' && partition === 'approvals';
          for (const { id } of isApprovals ? (await approvals.readAll(tables)).standing : []) {
            await approvals.end(tables, id, { at: clock.now(), by: 'bob' });
          }
          yield* query(table, partition, isApprovals ? { from: 'active|' } : range);
        },
    ),
  ),
  querying('Policy', (row, partition) => {
    if (partition !== 'approvals') return row;
    const { revokedAt: _at, revokedBy: _by, ...value } = row.value as Record<string, unknown>;
    return { ...row, rowKey: `active|${String(value['id'])}`, value };
  }),
);

const ignoresHoldsAtTheStart = during(
  ['startUpgrade'],
  querying('Policy', (row, partition) => (partition === 'holds' ? undefined : row)),
);

const forgetsLiftedHolds = querying('Policy', (row, partition) =>
  partition === 'holds' && row.rowKey.startsWith('lifted|') ? undefined : row,
);

const neverHoldsForFailures = writing('Policy', (change) =>
  'value' in change && (change.value as { failures?: unknown }).failures ? undefined : change,
);

type Early = { readonly rows: ReadonlyMap<string, readonly Row[]>; readonly current: Row | undefined };

async function readPolicyTable({ tables }: Dependencies): Promise<Early> {
  const rows = new Map<string, readonly Row[]>();
  for (const partition of ['holds', 'approvals']) {
    const range = { from: 'active|', to: partition === 'approvals' ? 'revoked|' : 'lifted|' };
    rows.set(partition, await rowsOf(tables, 'Policy', partition, range));
  }
  return { rows, current: await tables.get('Policy', 'policy', 'current') };
}

/** A starter reads all of the table Policy before it does anything else. */
const readsPolicyFirst: Change = (honest, invocation) => {
  let early: Promise<Early> | undefined;
  const first = () => (early ??= readPolicyTable(honest));
  const change = both(
    on('clock', 'now', (now) => () => {
      void first().catch(() => undefined);
      return now();
    }),
    on(
      'tables',
      'get',
      (get) => async (table, partition, rowKey) =>
        table === 'Policy' && rowKey === 'current' ? (await first()).current : get(table, partition, rowKey),
    ),
    on(
      'tables',
      'query',
      (query) =>
        async function* (table, partition, range) {
          const known =
            table === 'Policy' && range?.from === 'active|' ? (await first()).rows.get(partition) : undefined;
          if (known) yield* known;
          else yield* query(table, partition, range);
        },
    ),
  );
  return change(honest, invocation);
};

/** A pass that knows no limits of rings, so that starters of one ring meet. */
const asksForAll = during(
  ['planUpgrades'],
  getting('Policy', (row) => {
    if (row.rowKey !== 'current') return row;
    const json = JSON.stringify(row.value, (key, value: unknown) => (key === 'concurrency' ? undefined : value));
    return { ...row, value: JSON.parse(json) as unknown };
  }),
);

/** An attempt is claimed whatever others of its ring are in flight. */
const guardsNoRing: Change = (honest, invocation) => {
  let isCounting = false;
  const change = both(
    writing('Starts', (one) => (one.rowKey.startsWith('ring|') ? undefined : one)),
    on('tables', 'get', (get) => (table, partition, rowKey) => {
      if (table !== 'Starts' || !rowKey.startsWith('ring|')) return get(table, partition, rowKey);
      isCounting = true;
      return Promise.resolve(undefined);
    }),
    on(
      'tables',
      'query',
      (query) =>
        async function* (...of) {
          if (isCounting && of[0] === 'Starts') isCounting = false;
          else yield* query(...of);
        },
    ),
  );
  return change(honest, invocation);
};

const limitNotStored = both(guardsNoRing, asksForAll);

/** The version before is noted in the intent of every start. */
const notesOtherVersion = writing('Starts', (change) => {
  const value = 'value' in change ? (change.value as { readonly policyVersion?: number }) : {};
  return value.policyVersion === undefined || change.kind !== 'insert'
    ? change
    : { ...change, value: { ...value, policyVersion: value.policyVersion - 1 } };
});

export const policyBugs: readonly Bug[] = [
  wrong("ring limit guarded by the starter's gate, not in the store", limitNotStored),
  {
    ...noBug,
    name: 'ring limit guarded nowhere',
    gates: { concurrencyLimit: lets },
    dependencies: limitNotStored,
  },
  wrong('revoked approvals counted', countsRevokedApprovals),
  wrong('policy, holds and approvals read first in a start', during(['startUpgrade'], readsPolicyFirst)),
  wrong('holds ignored at the start', ignoresHoldsAtTheStart),
  wrong('start judged on another version of the policy than it says', notesOtherVersion),
  wrong('failure limit sets no hold', neverHoldsForFailures),
  wrong('failure limit sets a lifted hold again', forgetsLiftedHolds),
];
