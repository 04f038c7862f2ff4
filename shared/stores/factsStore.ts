// What was last read of each cluster beyond the list: its window, its pools' latest images, and starters' verdicts.
import { Temporal } from 'temporal-polyfill';
import { type ClusterKey, subscriptionOf } from '../domain/cluster.ts';
import type { Read } from '../domain/clusterFacts.ts';
import type { WindowReading } from '../domain/judgeStart.ts';
import type { RequestBudget } from '../domain/requestBudget.ts';
import type { StarterVerdict } from '../domain/starterVerdict.ts';
import type { RowChange, Tables } from '../ports.ts';
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
const verdictRow = (key: ClusterKey, nodePool: string) => `verdict|${key}|${nodePool.toLowerCase()}`;

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

/** What the last starter found out about a pool. */
export async function readVerdict(
  tables: Tables,
  key: ClusterKey,
  nodePool: string,
): Promise<StarterVerdict | undefined> {
  const stored = await tables.get('Facts', subscriptionOf(key), verdictRow(key, nodePool));
  return stored?.value as StarterVerdict | undefined;
}

/**
 * Keeps what a starter found out, unless another was told to wait longer: a preflight that was read before that is no reason
 * to try sooner. Each turn somebody else's change gets through, so this ends.
 */
export async function writeVerdict(tables: Tables, key: ClusterKey, verdict: StarterVerdict): Promise<void> {
  const row = { rowKey: verdictRow(key, verdict.nodePool), value: verdict };
  for (;;) {
    const stored = await tables.get('Facts', subscriptionOf(key), row.rowKey);
    if (stored && isLater((stored.value as StarterVerdict).retryAt, verdict.retryAt)) return;
    const change: RowChange = stored ? { kind: 'replace', ...row, etag: stored.etag } : { kind: 'insert', ...row };
    if ((await tables.write('Facts', subscriptionOf(key), [change])) === 'written') return;
  }
}

function isLater(a: string, b: string): boolean {
  return Temporal.Instant.compare(Temporal.Instant.from(a), Temporal.Instant.from(b)) > 0;
}

/** Forgets what starters found out about a pool: ARM took its upgrade. */
export async function clearVerdict(tables: Tables, key: ClusterKey, nodePool: string): Promise<void> {
  const rowKey = verdictRow(key, nodePool);
  const stored = await tables.get('Facts', subscriptionOf(key), rowKey);
  if (stored) await tables.write('Facts', subscriptionOf(key), [{ kind: 'delete', rowKey, etag: stored.etag }]);
}
