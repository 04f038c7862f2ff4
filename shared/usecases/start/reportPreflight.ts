// Preflight on demand: what would keep pools from being started now, for a change ticket. Reads ARM, changes nothing. Called
// by the function postPreflight.
import { type Cluster, clusterKey, type NodePool, samePool } from '../../domain/cluster/cluster.ts';
import type { PreflightPolicy } from '../../domain/policy/preflightPolicy.ts';
import { judgePreflight, type PreflightReport } from '../../domain/preflight/judgePreflight.ts';
import type { Capacity } from '../../ports/capacity.ts';
import type { Kubernetes } from '../../ports/kubernetes.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import { listNodePools, type PoolFilter } from '../ask/listNodePools.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { orProblem } from '../orProblem.ts';
import { askedOnce, kubernetesAskedOnce, readForPool } from './preflightReads.ts';

/** A cluster takes up to five reads of ARM, none of which is of the kind that the request budget is there for. */
export const mostClusters = 50;
const width = 8;

export type PoolPreflight = PreflightReport & {
  /** ISO; when ARM was read. */
  readonly at: string;
  readonly cluster: string;
  readonly nodePool: string;
  /** The image that the pool has, and the one that ARM would install as of the last pass, where they are known. */
  readonly from?: string;
  readonly to?: string;
};

export type PreflightAnswer =
  | { readonly kind: 'reports'; readonly reports: readonly PoolPreflight[] }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'tooMany'; readonly clusters: number };

/** The pools of the fleet that the filter names, each with its report; what can't be read is in it. */
export async function reportPreflight(dependencies: Dependencies, filter: PoolFilter): Promise<PreflightAnswer> {
  const { tables, capacity } = dependencies;
  const { policy } = await readPolicy(tables);
  const views = await listNodePools(dependencies, { cluster: filter.cluster });
  const clusters = [...Map.groupBy(views, ({ cluster }) => clusterKey(cluster.id)).values()];
  if (clusters.length > mostClusters) return { kind: 'tooMany', clusters: clusters.length };
  const ask = askedOnce(capacity);
  const kubernetes = policy.kubernetes?.enabled ? kubernetesAskedOnce(dependencies.kubernetes) : undefined;
  const reports = await inParallel(clusters, width, (pools) =>
    reportCluster({ ...dependencies, capacity: ask, kubernetes }, pools, filter.nodePool, policy.preflight),
  );
  return reports.flat().length > 0 ? { kind: 'reports', reports: reports.flat() } : { kind: 'notFound' };
}

async function reportCluster(
  {
    arm,
    capacity,
    clock,
    kubernetes,
  }: Dependencies & { readonly capacity: Capacity; readonly kubernetes: Kubernetes | undefined },
  views: readonly PoolView[],
  nodePool: string | undefined,
  policy: PreflightPolicy | undefined,
): Promise<readonly PoolPreflight[]> {
  const id = views[0]?.cluster.id ?? '';
  const at = clock.now().toString();
  const read = await orProblem(() => arm.getCluster(id));
  const isWanted = ({ name }: NodePool) => nodePool === undefined || samePool(name, nodePool);
  const report = (pool: NodePool, judged: PreflightReport): PoolPreflight => {
    const to = views.find((view) => samePool(view.nodePool.name, pool.name))?.decision.latest;
    return {
      at,
      cluster: id,
      nodePool: pool.name,
      ...(pool.nodeImageVersion === undefined ? {} : { from: pool.nodeImageVersion }),
      ...(to === undefined ? {} : { to }),
      ...judged,
    };
  };
  const found: Cluster | undefined = 'problem' in read ? undefined : read.value?.cluster;
  if (!found) {
    const unread =
      'problem' in read ? `The cluster could not be read: ${read.problem}.` : 'ARM has no cluster of this id.';
    return views
      .map((view) => view.nodePool)
      .filter(isWanted)
      .map((pool) => report(pool, judgePreflight({ unread }, policy)));
  }
  return Promise.all(
    found.nodePools.filter(isWanted).map(async (pool) => {
      const reads = await readForPool(capacity, found, pool, policy, kubernetes);
      return report(pool, judgePreflight({ cluster: found, pool, reads }, policy));
    }),
  );
}
