// What was last read of each cluster beyond the list: its window, its pools' latest images, and starters' verdicts.
import { type ClusterKey, subscriptionOf } from '../domain/cluster.ts';
import type { Read } from '../domain/clusterFacts.ts';
import type { WindowReading } from '../domain/judgeStart.ts';
import type { RequestBudget } from '../domain/requestBudget.ts';
import type { StarterVerdict } from '../domain/starterVerdict.ts';
import type { Tables } from '../ports.ts';
import { budgetRow } from './budgetStore.ts';

export type StoredFacts = {
  readonly readAt: string;
  readonly window: Read<WindowReading>;
  /** Only where there is no window: the names of the cluster's other maintenance configurations. */
  readonly otherConfigurations?: Read<readonly string[]>;
  /** By the pool's lower-case name. */
  readonly latest: Readonly<Record<string, Read<string | undefined>>>;
};

export type SubscriptionFacts = {
  readonly facts: ReadonlyMap<ClusterKey, StoredFacts>;
  readonly verdicts: ReadonlyMap<ClusterKey, readonly StarterVerdict[]>;
  readonly budget: RequestBudget | undefined;
};

const factsRow = (key: ClusterKey) => `facts|${key}`;
const verdictPrefix = (key: ClusterKey) => `verdict|${key}|`;

/** Everything about a subscription's clusters, in one query. */
export async function readSubscriptionFacts(tables: Tables, subscription: string): Promise<SubscriptionFacts> {
  const facts = new Map<ClusterKey, StoredFacts>();
  const verdicts = new Map<ClusterKey, StarterVerdict[]>();
  let budget: RequestBudget | undefined;
  for await (const { rowKey, value } of tables.query('Facts', subscription.toLowerCase())) {
    if (rowKey === budgetRow) budget = value as RequestBudget;
    else if (rowKey.startsWith('facts|')) facts.set(rowKey.slice('facts|'.length), value as StoredFacts);
    else {
      const key = rowKey.slice('verdict|'.length, rowKey.lastIndexOf('|'));
      verdicts.set(key, [...(verdicts.get(key) ?? []), value as StarterVerdict]);
    }
  }
  return { facts, verdicts, budget };
}

export async function readFacts(tables: Tables, key: ClusterKey): Promise<StoredFacts | undefined> {
  return (await tables.get('Facts', subscriptionOf(key), factsRow(key)))?.value as StoredFacts | undefined;
}

export async function writeFacts(tables: Tables, key: ClusterKey, facts: StoredFacts): Promise<void> {
  await tables.write('Facts', subscriptionOf(key), [{ kind: 'upsert', rowKey: factsRow(key), value: facts }]);
}

export async function writeVerdict(tables: Tables, key: ClusterKey, verdict: StarterVerdict): Promise<void> {
  const rowKey = verdictPrefix(key) + verdict.nodePool.toLowerCase();
  await tables.write('Facts', subscriptionOf(key), [{ kind: 'upsert', rowKey, value: verdict }]);
}

/** Forgets what starters found out about a pool: ARM took its upgrade. */
export async function clearVerdict(tables: Tables, key: ClusterKey, nodePool: string): Promise<void> {
  const rowKey = verdictPrefix(key) + nodePool.toLowerCase();
  const stored = await tables.get('Facts', subscriptionOf(key), rowKey);
  if (stored) await tables.write('Facts', subscriptionOf(key), [{ kind: 'delete', rowKey, etag: stored.etag }]);
}
