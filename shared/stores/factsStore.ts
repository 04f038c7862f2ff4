// What was last read of each cluster beyond the list: its window, its pools' latest images, and starters' verdicts.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { RequestBudget } from '../domain/attempt/requestBudget.ts';
import { StarterVerdict, stillHolds } from '../domain/attempt/starterVerdict.ts';
import { type ClusterKey, subscriptionOf } from '../domain/cluster/clusterId.ts';
import { WindowReading } from '../domain/ledger/judgeStart.ts';
import { Instant, isBefore, readOf, type Stored } from '../domain/text/stored.ts';
import type { Tables } from '../ports/tables.ts';
import { type Codec, type RowRead, readRow, valueIfRead } from './rows/readRow.ts';
import { replaceRow } from './rows/replaceRow.ts';
import { readBudget } from './starts/budgetStore.ts';

const StoredFacts = z.looseObject({
  /** Whose they are; absent in rows of earlier versions. */
  cluster: z.string().optional(),
  readAt: Instant,
  window: readOf(WindowReading),
  /** Only where there is no window: the names of the cluster's other maintenance configurations. */
  otherConfigurations: readOf(z.array(z.string())).optional(),
  /** By the pool's lower-case name. */
  latest: z.record(z.string(), readOf(z.string())),
  /** Images that ARM says a pool ran before, by its lower-case name. Absent in rows of earlier versions. */
  ranBefore: z.record(z.string(), z.array(z.string())).optional(),
});
export type StoredFacts = Stored<typeof StoredFacts>;

export type FleetFacts = {
  readonly facts: ReadonlyMap<ClusterKey, StoredFacts>;
  readonly verdicts: ReadonlyMap<ClusterKey, readonly StarterVerdict[]>;
  readonly verdictProblems: ReadonlyMap<ClusterKey, string>;
};

export type SubscriptionFacts = FleetFacts & {
  /** By the name of the row: what is left, or why nobody knows. */
  readonly budgets: ReadonlyMap<string, RowRead<RequestBudget>>;
  /** What is wrong with every row that can't be read, each as a sentence. */
  readonly unreadable: readonly string[];
};

const factsRows: Codec<typeof StoredFacts> = {
  table: 'Facts',
  schema: StoredFacts,
  isOwn: ({ cluster }, row) => cluster === undefined || factsRow(cluster) === row.rowKey,
};
const verdictRows = { table: 'Facts', schema: StarterVerdict } as const;
const factsRow = (key: ClusterKey) => `facts|${key}`;
const verdictRow = (key: ClusterKey, nodePool: string) => `verdict|${key}|${nodePool.toLowerCase()}`;

/** Everything about a subscription's clusters, in one query. */
export async function readSubscriptionFacts(tables: Tables, subscription: string): Promise<SubscriptionFacts> {
  const facts = new Map<ClusterKey, StoredFacts>();
  const verdicts = new Map<ClusterKey, StarterVerdict[]>();
  const verdictProblems = new Map<ClusterKey, string>();
  const budgets = new Map<string, RowRead<RequestBudget>>();
  const unreadable: string[] = [];
  const noted = (problem: string) => {
    unreadable.push(problem);
    return problem;
  };
  for await (const row of tables.query('Facts', subscription.toLowerCase())) {
    const { rowKey } = row;
    const budget = readBudget(row);
    if (budget) {
      budgets.set(rowKey, budget);
      if ('problem' in budget) noted(budget.problem);
    } else if (rowKey.startsWith('facts|')) {
      // Facts that can't be read are as good as none: they are read again.
      const read = readRow(factsRows, row);
      if ('problem' in read) noted(read.problem);
      else facts.set(rowKey.slice('facts|'.length), read.value);
    } else if (rowKey.startsWith('verdict|')) {
      const key = rowKey.slice('verdict|'.length, rowKey.lastIndexOf('|'));
      const read = readRow(verdictRows, row);
      if ('problem' in read) verdictProblems.set(key, noted(read.problem));
      else verdicts.set(key, [...(verdicts.get(key) ?? []), read.value]);
    }
  }
  return { facts, verdicts, budgets, verdictProblems, unreadable };
}

/** What starters found out about a cluster's pools. */
export async function readVerdicts(tables: Tables, key: ClusterKey) {
  const found: StarterVerdict[] = [];
  const verdictProblems = new Map<ClusterKey, string>();
  const own = { from: verdictRow(key, ''), to: `verdict|${key}}` };
  for await (const row of tables.query('Facts', subscriptionOf(key), own)) {
    const read = readRow(verdictRows, row);
    if ('problem' in read) verdictProblems.set(key, read.problem);
    else found.push(read.value);
  }
  return { verdicts: new Map([[key, found]]), verdictProblems };
}

export async function readFleetFacts(
  tables: Tables,
  subscriptions: readonly string[],
): Promise<FleetFacts & Pick<SubscriptionFacts, 'unreadable'>> {
  const read = await Promise.all(subscriptions.map((subscription) => readSubscriptionFacts(tables, subscription)));
  return {
    facts: new Map(read.flatMap(({ facts }) => [...facts])),
    verdicts: new Map(read.flatMap(({ verdicts }) => [...verdicts])),
    verdictProblems: new Map(read.flatMap(({ verdictProblems }) => [...verdictProblems])),
    unreadable: read.flatMap(({ unreadable }) => unreadable),
  };
}

export async function readFacts(tables: Tables, key: ClusterKey): Promise<StoredFacts | undefined> {
  return valueIfRead(factsRows, await tables.get('Facts', subscriptionOf(key), factsRow(key)));
}

export async function writeFacts(tables: Tables, key: ClusterKey, facts: StoredFacts): Promise<void> {
  await tables.write('Facts', subscriptionOf(key), [
    { kind: 'upsert', rowKey: factsRow(key), value: { ...facts, cluster: key } },
  ]);
}

export async function readVerdict(tables: Tables, key: ClusterKey, nodePool: string) {
  const stored = await tables.get('Facts', subscriptionOf(key), verdictRow(key, nodePool));
  return stored && readRow(verdictRows, stored);
}

/** Returns what was made; kept unless another was told to wait longer, or the row can't be read, which blocks the pool. */
export async function updateVerdict(
  tables: Tables,
  key: ClusterKey,
  nodePool: string,
  now: Temporal.Instant,
  make: (known: StarterVerdict | undefined) => StarterVerdict,
): Promise<StarterVerdict> {
  let verdict = make(undefined);
  await replaceRow(tables, ['Facts', subscriptionOf(key), verdictRow(key, nodePool)], (stored) => {
    const known = valueIfRead(verdictRows, stored);
    const made = make(known);
    // Ours, whose answer was lost: made again, a 409 would count twice.
    const isOurs = known?.message === verdict.message && known.retryAt.equals(verdict.retryAt);
    verdict = isOurs ? known : made;
    const isLater = known && stillHolds(known, now) && isBefore(verdict.retryAt, known.retryAt);
    return (stored && !known) || isLater || isOurs ? undefined : verdict;
  });
  return verdict;
}

/** Forgets what starters found out about a pool: ARM took its upgrade. */
export async function clearVerdict(tables: Tables, key: ClusterKey, nodePool: string): Promise<void> {
  const rowKey = verdictRow(key, nodePool);
  const stored = await tables.get('Facts', subscriptionOf(key), rowKey);
  if (stored) await tables.write('Facts', subscriptionOf(key), [{ kind: 'delete', rowKey, etag: stored.etag }]);
}
