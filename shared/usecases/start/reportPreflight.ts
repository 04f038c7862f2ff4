// Preflight on demand, for a change ticket: what would keep pools from being started now. Changes nothing.
import { samePool } from '../../domain/cluster/cluster.ts';
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { judgePreflight } from '../../domain/preflight/judgePreflight.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import { listNodePools, type PoolFilter } from '../ask/listNodePools.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { orProblem } from '../orProblem.ts';
import { askedOnce, preflightPool } from './preflightReads.ts';

/** A cluster takes up to five reads of ARM, none of which is of the kind that the request budget is there for. */
export const maxClusters = 50;

export type PoolPreflight = Awaited<ReturnType<typeof reportCluster>>[number];

/** The pools of the fleet that the filter names, each with its report; what can't be read is in it. */
export async function reportPreflight(dependencies: Dependencies, filter: PoolFilter) {
  const { policy } = await readPolicy(dependencies.tables);
  const views = await listNodePools(dependencies, { cluster: filter.cluster });
  const clusters = [...Map.groupBy(views, ({ cluster }) => clusterKey(cluster.id)).values()];
  if (clusters.length > maxClusters) return { kind: 'tooMany', clusters: clusters.length } as const;
  const capacity = askedOnce(dependencies.capacity);
  const kubernetes = askedOnce(dependencies.kubernetes);
  const reports = await inParallel(clusters, 8, (pools) =>
    reportCluster({ ...dependencies, capacity, kubernetes }, pools, filter.nodePool, policy),
  );
  if (reports.flat().length === 0) return { kind: 'notFound' } as const;
  return { kind: 'reports', reports: reports.flat() } as const;
}

async function reportCluster(
  dependencies: Dependencies,
  views: readonly PoolView[],
  nodePool: string | undefined,
  policy: Policy,
) {
  const { arm, clock } = dependencies;
  const cluster = views[0]?.cluster.id ?? '';
  const at = clock.now().toString();
  const read = await orProblem(() => arm.getCluster(cluster));
  const found = 'problem' in read ? undefined : read.value?.cluster;
  const unread =
    'problem' in read ? `The cluster could not be read: ${read.problem}.` : 'ARM has no cluster of this id.';
  const pools = found?.nodePools ?? views.map((view) => view.nodePool);
  const wanted = pools.filter(({ name }) => nodePool === undefined || samePool(name, nodePool));
  return Promise.all(
    wanted.map(async (pool) => {
      const to = views.find((view) => samePool(view.nodePool.name, pool.name))?.decision.latest;
      const judged = found
        ? await preflightPool(dependencies, found, pool, policy)
        : judgePreflight({ unread }, policy.preflight);
      return { at, cluster, nodePool: pool.name, from: pool.nodeImageVersion, to, ...judged };
    }),
  );
}
