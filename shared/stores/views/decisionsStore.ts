// Decisions: a log for each pool of those that changed, and a view of every pool with its latest one.
import { isDeepStrictEqual } from 'node:util';
import type { Temporal } from 'temporal-polyfill';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { type ClusterKey, clusterKey, poolKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { Decision, identityOf } from '../../domain/plan/decision.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import type { Tables } from '../../ports/tables.ts';
import { descending } from '../rows/keys.ts';
import { deleteRows, listRows } from '../rows/listRows.ts';
import { valueIfRead } from '../rows/readRow.ts';
import { writeWhatGoes } from '../rows/writeInBatches.ts';
import { type PoolView, viewIn } from './poolView.ts';

const decisionRows = { table: 'Decisions', schema: Decision } as const;
const logPartition = (key: ClusterKey, nodePool: string) => `${key}|${nodePool.toLowerCase()}`;
const viewPartition = (subscription: string) => `pools|${subscription.toLowerCase()}`;
const viewRow = ({ cluster, nodePool }: PoolView) => poolKey(cluster.id, nodePool.name);

/** A row that can't be read is a pool all the same, by its key: its cluster has a problem. */
export async function readPoolViews(tables: Tables, subscription: string): Promise<readonly PoolView[]> {
  return (await listRows(tables, 'Views', viewPartition(subscription))).flatMap((row) => viewIn(row) ?? []);
}

/** The same of one cluster. */
export async function readClusterViews(tables: Tables, key: ClusterKey): Promise<readonly PoolView[]> {
  const rows = await listRows(tables, 'Views', viewPartition(subscriptionOf(key)), { from: `${key}|`, to: `${key}}` });
  return rows.flatMap((row) => viewIn(row) ?? []);
}

/** Logs what is new, then brings the view up: a crash between them logs a decision twice. A row that fails stops no other. */
export async function storeDecisions(
  tables: Tables,
  subscription: string,
  before: readonly PoolView[],
  views: readonly PoolView[],
) {
  const known = new Map(before.map((view) => [viewRow(view), view]));
  const changed = views.filter((view) => !isDeepStrictEqual(asStored(known.get(viewRow(view))), asStored(view)));
  const news = changed
    .map((view) => ({ view, old: known.get(viewRow(view)) }))
    .filter(({ view, old }) => !old?.decision.also || identityOf(old.decision) !== identityOf(view.decision))
    .map(({ view }) => view.decision);
  const failures: string[] = [];
  for (const decision of news) {
    const partition = logPartition(clusterKey(decision.cluster), decision.nodePool);
    const rowKey = descending(Date.parse(decision.decidedAt));
    const failed = await writeWhatGoes(tables, 'Decisions', partition, [{ kind: 'upsert', rowKey, value: decision }]);
    failures.push(...failed.map(({ error }) => `Decision on ${decision.cluster}: ${messageOf(error)}`));
  }
  const partition = viewPartition(subscription);
  const rows = changed.map((view) => ({ kind: 'upsert', rowKey: viewRow(view), value: view }) as const);
  const failed = await writeWhatGoes(tables, 'Views', partition, rows);
  return {
    news,
    failures: [...failures, ...failed.map(({ change, error }) => `View of ${change.rowKey}: ${messageOf(error)}`)],
  };
}

/** Those that said something new, newest first, as far as they can be read. @param from a row key */
export async function* readDecisions(tables: Tables, key: ClusterKey, nodePool: string, from = '') {
  for await (const row of tables.query('Decisions', logPartition(key, nodePool), { from })) {
    const decision = valueIfRead(decisionRows, row);
    if (decision) yield { rowKey: row.rowKey, decision };
  }
}

export async function deleteDecisionsBefore(
  tables: Tables,
  key: ClusterKey,
  nodePool: string,
  oldest: Temporal.Instant,
): Promise<void> {
  const partition = logPartition(key, nodePool);
  const from = descending(oldest.epochMilliseconds - 1);
  // The first of them was in force at `oldest`, and may be to this day.
  const [, ...older] = await listRows(tables, 'Decisions', partition, { from });
  await deleteRows(tables, 'Decisions', partition, older);
}

export async function removePoolViews(tables: Tables, subscription: string, gone: readonly PoolView[]): Promise<void> {
  if (gone.length === 0) return;
  const rows = new Set(gone.map(viewRow));
  const partition = viewPartition(subscription);
  const stored = (await listRows(tables, 'Views', partition)).filter(({ rowKey }) => rows.has(rowKey));
  await deleteRows(tables, 'Views', partition, stored);
}

// The time of a decision moves at every pass; by itself it is nothing new. Nor is the order of fields, which a schema sets.
function asStored(view: PoolView | undefined): unknown {
  return view && JSON.parse(JSON.stringify({ ...view, decision: { ...view.decision, decidedAt: '' } }));
}

/** What the pools' view holds of a cluster and the decisions on its pools. */
export function toViews(cluster: Cluster, decisions: readonly Decision[]): readonly PoolView[] {
  const { nodePools, ...rest } = cluster;
  return decisions.flatMap((decision) => {
    const nodePool = nodePools.find((pool) => pool.name === decision.nodePool);
    return nodePool ? [{ cluster: rest, nodePool, decision }] : [];
  });
}

/** The clusters as they were last listed. One of which a row can't be read is not known whole. */
export function clustersOf(views: readonly PoolView[]): readonly Cluster[] {
  const clusters = new Map<string, Cluster>();
  for (const { cluster, nodePool } of views) {
    const key = clusterKey(cluster.id);
    const before = clusters.get(key);
    const known = before && before.unread === undefined ? before : cluster;
    const unread = before?.unread ?? cluster.unread;
    const nodePools = [...(before?.nodePools ?? []), nodePool];
    clusters.set(key, { ...known, nodePools, unread });
  }
  return [...clusters.values()];
}
