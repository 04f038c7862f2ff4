// What was decided on one pool, and when it changed. Called by getDecisions.
import { samePool } from '../../domain/cluster/cluster.ts';
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { readDecisions, readPoolViews } from '../../stores/views/decisionsStore.ts';
import type { FleetTables } from '../dependencies.ts';

type PoolAddress = Readonly<Record<'subscription' | 'resourceGroup' | 'cluster' | 'nodePool', string>>;

/** A page of decisions, newest first; `next` is where the following page begins. Undefined: nobody knows the pool. */
export async function listDecisions(
  { tables, subscriptions }: FleetTables,
  { subscription, resourceGroup, cluster, nodePool }: PoolAddress,
  limit: number,
  from?: string,
): Promise<{ readonly decisions: readonly Decision[]; readonly next?: string } | undefined> {
  const key = `${subscription}|${resourceGroup}|${cluster}`.toLowerCase();
  if (!subscriptions.includes(subscription.toLowerCase())) return undefined;
  const decisions: Decision[] = [];
  for await (const { rowKey, decision } of readDecisions(tables, key, nodePool, from)) {
    if (decisions.length === limit) return { decisions, next: rowKey };
    decisions.push(decision);
  }
  if (decisions.length > 0) return { decisions };
  // A pool can outlive its decisions, but not its place in the view.
  const views = await readPoolViews(tables, subscription);
  const isKnown = views.some((view) => clusterKey(view.cluster.id) === key && samePool(view.nodePool.name, nodePool));
  return isKnown ? { decisions } : undefined;
}
