// The pools of the fleet with their latest decisions, as the planner left them. Called by getNodePools and getPlan.
import { samePool } from '../../domain/cluster/cluster.ts';
import { isCluster } from '../../domain/cluster/clusterId.ts';
import { readPoolViews } from '../../stores/views/decisionsStore.ts';
import type { FleetTables } from '../dependencies.ts';

export type PoolFilter = {
  /** An ARM id, or a name with `*` and `?`. */
  readonly cluster?: string | undefined;
  readonly nodePool?: string | undefined;
};

export function isNamed({ cluster, nodePool }: PoolFilter, id: string, name: string): boolean {
  return (cluster === undefined || isCluster(id, cluster)) && (nodePool === undefined || samePool(name, nodePool));
}

/** In the order of subscription, resource group, cluster and pool. */
export async function listNodePools({ tables, subscriptions }: FleetTables, filter: PoolFilter) {
  const views = (await Promise.all(subscriptions.map((subscription) => readPoolViews(tables, subscription)))).flat();
  return views.filter(({ cluster, nodePool }) => isNamed(filter, cluster.id, nodePool.name));
}
