// Decisions: a log for each pool of those that changed, and a view of every pool with its latest one.

import type { Temporal } from 'temporal-polyfill';
import { type Cluster, type ClusterKey, clusterKey, type NodePool, poolKey } from '../domain/cluster.ts';
import { type Decision, identityOf } from '../domain/decision.ts';
import type { RowChange, Tables } from '../ports.ts';
import { descending } from './keys.ts';
import { writeInBatches } from './writeInBatches.ts';

/** A row of the view: a pool as last listed, and the latest decision on it. */
export type PoolView = {
  readonly cluster: Omit<Cluster, 'nodePools'>;
  readonly nodePool: NodePool;
  readonly decision: Decision;
};

const logPartition = (key: ClusterKey, nodePool: string) => `${key}|${nodePool.toLowerCase()}`;
const viewPartition = (subscription: string) => `pools|${subscription.toLowerCase()}`;
const viewRow = ({ cluster, nodePool }: PoolView) => poolKey(cluster.id, nodePool.name);

export async function readPoolViews(tables: Tables, subscription: string): Promise<readonly PoolView[]> {
  const views: PoolView[] = [];
  for await (const row of tables.query('Views', viewPartition(subscription))) views.push(row.value as PoolView);
  return views;
}

/**
 * Logs the decisions that say something new, then brings the view up. A crash between the two logs a decision twice,
 * with two times; it never loses one.
 * @param before the same clusters' views as they were read
 * @returns the decisions that say something new
 */
export async function storeDecisions(
  tables: Tables,
  subscription: string,
  before: readonly PoolView[],
  views: readonly PoolView[],
): Promise<readonly Decision[]> {
  const known = new Map(before.map((view) => [viewRow(view), view]));
  const changed = views.filter((view) => asStored(known.get(viewRow(view))) !== asStored(view));
  const news = changed
    .map((view) => ({ view, old: known.get(viewRow(view)) }))
    .filter(({ view, old }) => !old || identityOf(old.decision) !== identityOf(view.decision))
    .map(({ view }) => view.decision);
  for (const decision of news) {
    const partition = logPartition(clusterKey(decision.cluster), decision.nodePool);
    const rowKey = descending(Date.parse(decision.decidedAt));
    await tables.write('Decisions', partition, [{ kind: 'upsert', rowKey, value: decision }]);
  }
  await writeInBatches(
    tables,
    'Views',
    viewPartition(subscription),
    changed.map((view) => ({ kind: 'upsert', rowKey: viewRow(view), value: view })),
  );
  return news;
}

/** The decisions on a pool that said something new, newest first. @param from a row key to begin at */
export async function* readDecisions(
  tables: Tables,
  key: ClusterKey,
  nodePool: string,
  from = '',
): AsyncIterable<{ readonly rowKey: string; readonly decision: Decision }> {
  for await (const { rowKey, value } of tables.query('Decisions', logPartition(key, nodePool), { from })) {
    yield { rowKey, decision: value as Decision };
  }
}

/** Deletes a pool's decisions from before `oldest`. */
export async function deleteDecisionsBefore(
  tables: Tables,
  key: ClusterKey,
  nodePool: string,
  oldest: Temporal.Instant,
): Promise<void> {
  const partition = logPartition(key, nodePool);
  const from = descending(oldest.epochMilliseconds - 1);
  const older: RowChange[] = [];
  for await (const { rowKey, etag } of tables.query('Decisions', partition, { from })) {
    older.push({ kind: 'delete', rowKey, etag });
  }
  // The newest of them was in force at `oldest`, and may be to this day.
  await writeInBatches(tables, 'Decisions', partition, older.slice(1));
}

/** Takes pools that are gone out of the view. */
export async function removePoolViews(tables: Tables, subscription: string, gone: readonly PoolView[]): Promise<void> {
  if (gone.length === 0) return;
  const rows = new Set(gone.map(viewRow));
  const changes: RowChange[] = [];
  for await (const { rowKey, etag } of tables.query('Views', viewPartition(subscription))) {
    if (rows.has(rowKey)) changes.push({ kind: 'delete', rowKey, etag });
  }
  await writeInBatches(tables, 'Views', viewPartition(subscription), changes);
}

// The time of a decision moves at every pass; by itself it is nothing new.
function asStored(view: PoolView | undefined): string {
  return JSON.stringify(view && { ...view, decision: { ...view.decision, decidedAt: '' } });
}

/** What the pools' view holds of a cluster and the decisions on its pools. */
export function toViews(cluster: Cluster, decisions: readonly Decision[]): readonly PoolView[] {
  const { nodePools, ...rest } = cluster;
  return decisions.flatMap((decision) => {
    const nodePool = nodePools.find((pool) => pool.name === decision.nodePool);
    return nodePool ? [{ cluster: rest, nodePool, decision }] : [];
  });
}

/** The views of one cluster. */
export function viewsOf(views: readonly PoolView[], key: ClusterKey): readonly PoolView[] {
  return views.filter((view) => clusterKey(view.cluster.id) === key);
}

/** The clusters as they were last listed. */
export function clustersOf(views: readonly PoolView[]): readonly Cluster[] {
  const clusters = new Map<string, Cluster>();
  for (const { cluster, nodePool } of views) {
    const key = clusterKey(cluster.id);
    clusters.set(key, { ...cluster, nodePools: [...(clusters.get(key)?.nodePools ?? []), nodePool] });
  }
  return [...clusters.values()];
}
