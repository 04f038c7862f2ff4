// What was last read of each cluster beyond the list: its window, its pools' latest images, and starters' verdicts.
import { type ClusterKey, subscriptionOf } from '../domain/cluster.ts';
import type { Read, StarterVerdict } from '../domain/clusterFacts.ts';
import type { WindowReading } from '../domain/judgeStart.ts';
import type { Tables } from '../ports.ts';

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
};

const factsRow = (key: ClusterKey) => `facts|${key}`;
const verdictPrefix = (key: ClusterKey) => `verdict|${key}|`;

/** Everything about a subscription's clusters, in one query. */
export async function readSubscriptionFacts(tables: Tables, subscription: string): Promise<SubscriptionFacts> {
  const facts = new Map<ClusterKey, StoredFacts>();
  const verdicts = new Map<ClusterKey, StarterVerdict[]>();
  for await (const { rowKey, value } of tables.query('Facts', subscription.toLowerCase())) {
    if (rowKey.startsWith('facts|')) facts.set(rowKey.slice('facts|'.length), value as StoredFacts);
    else {
      const key = rowKey.slice('verdict|'.length, rowKey.lastIndexOf('|'));
      verdicts.set(key, [...(verdicts.get(key) ?? []), value as StarterVerdict]);
    }
  }
  return { facts, verdicts };
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
