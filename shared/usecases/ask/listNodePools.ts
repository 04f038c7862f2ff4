// The pools of the fleet with their latest decisions, as the planner left them. Called by getNodePools and getPlan.
import { isCluster, samePool } from '../../domain/cluster/cluster.ts';
import { readPoolViews } from '../../stores/views/decisionsStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import type { FleetTables } from '../dependencies.ts';

export type PoolFilter = {
  /** An ARM id, or a name with `*` and `?`. */
  readonly cluster?: string | undefined;
  readonly nodePool?: string | undefined;
};

/** In the order of subscription, resource group, cluster and pool. */
export async function listNodePools(
  { tables, subscriptions }: FleetTables,
  { cluster, nodePool }: PoolFilter,
): Promise<readonly PoolView[]> {
  const views = (await Promise.all(subscriptions.map((subscription) => readPoolViews(tables, subscription)))).flat();
  return views.filter(
    (view) =>
      (cluster === undefined || isCluster(view.cluster.id, cluster)) &&
      (nodePool === undefined || samePool(view.nodePool.name, nodePool)),
  );
}
