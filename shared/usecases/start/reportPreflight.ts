// Preflight on demand, for a change ticket: what would keep pools from being started now, the plan and the checks. Changes nothing.
import type { Temporal } from 'temporal-polyfill';
import { ofPool, samePool } from '../../domain/cluster/cluster.ts';
import { clusterKey, parseClusterId } from '../../domain/cluster/clusterId.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import type { Policy, PolicyInForce } from '../../domain/policy/policy.ts';
import { judgePreflight } from '../../domain/preflight/judgePreflight.ts';
import type { ClusterFacts } from '../../domain/rings/clusterFacts.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import { listNodePools, type PoolFilter } from '../ask/listNodePools.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { orProblem } from '../orProblem.ts';
import { decideFleet } from '../plan/planAt.ts';
import { readFleet } from '../plan/readFleet.ts';
import { askedOnce, preflightPool } from './preflightReads.ts';

/** A cluster takes up to five reads of ARM, none of which is of the kind that the request budget is there for. */
export const maxClusters = 50;

export type PoolPreflight = Awaited<ReturnType<typeof reportCluster>>[number];

/** The pools of the fleet that the filter names, each with its report; what can't be read is in it. */
export async function reportPreflight(dependencies: Dependencies, filter: PoolFilter) {
  const views = await listNodePools(dependencies, { cluster: filter.cluster });
  const clusters = [...Map.groupBy(views, ({ cluster }) => clusterKey(cluster.id)).values()];
  if (clusters.length > maxClusters) return { kind: 'tooMany', clusters: clusters.length } as const;
  const capacity = askedOnce(dependencies.capacity);
  const kubernetes = askedOnce(dependencies.kubernetes);
  const read = await inParallel(clusters, 8, (pools) => readCluster(dependencies, pools));
  // As late as can be: a hold that was just set counts.
  const policy = await readPolicy(dependencies.tables);
  const decisions = await decideNow(dependencies, policy, read);
  const reports = await inParallel(read, 8, (cluster) =>
    reportCluster({ ...dependencies, capacity, kubernetes }, cluster, filter.nodePool, policy.policy, decisions),
  );
  if (reports.flat().length === 0) return { kind: 'notFound' } as const;
  return { kind: 'reports', reports: reports.flat() } as const;
}

type ReadCluster = {
  readonly id: string;
  readonly views: readonly PoolView[];
  readonly at: Temporal.Instant;
  /** The cluster as ARM has it now, or why nobody knows, as a sentence without its full stop. */
  readonly now: Required<Pick<ClusterFacts, 'cluster' | 'armDate'>> | { readonly unread: string };
};

async function readCluster({ arm, clock }: Dependencies, views: readonly PoolView[]): Promise<ReadCluster> {
  const id = views[0]?.cluster.id ?? '';
  const at = clock.now();
  const read = await orProblem(() => arm.getCluster(id));
  if ('problem' in read) return { id, views, at, now: { unread: `The cluster could not be read: ${read.problem}` } };
  if (!read.value) return { id, views, at, now: { unread: 'ARM has no cluster of this id' } };
  const ownAt = clock.now().subtract({ milliseconds: clock.correction?.() ?? 0 });
  const { cluster, date } = read.value;
  return { id, views, at, now: { cluster, armDate: { value: date, ownAt } } };
}

/** What the planner decides on the whole fleet now, as rings wait for one another: these clusters as ARM has them, all else as last read. */
async function decideNow(
  dependencies: Dependencies,
  policy: PolicyInForce,
  read: readonly ReadCluster[],
): Promise<readonly Decision[]> {
  const moment = dependencies.clock.now();
  const fresh = new Map(read.map((one) => [clusterKey(one.id), one]));
  const fleet = (await readFleet(dependencies, moment)).map((facts): ClusterFacts => {
    const one = parseClusterId(facts.cluster.id) && fresh.get(clusterKey(facts.cluster.id));
    if (!one) return facts;
    if ('unread' in one.now) return { ...facts, problem: one.now.unread };
    return { ...facts, ...one.now, problem: undefined };
  });
  return decideFleet(fleet, policy, moment);
}

async function reportCluster(
  dependencies: Dependencies,
  { id, views, at, now }: ReadCluster,
  nodePool: string | undefined,
  policy: Policy,
  decisions: readonly Decision[],
) {
  const pools = 'cluster' in now ? now.cluster.nodePools : views.map((view) => view.nodePool);
  const wanted = pools.filter(({ name }) => nodePool === undefined || samePool(name, nodePool));
  const own = decisions.filter(({ cluster }) => clusterKey(cluster) === clusterKey(id));
  return Promise.all(
    wanted.map(async (pool) => {
      const decision = ofPool(own, pool.name);
      const { wouldStart, ...judged } =
        'cluster' in now
          ? await preflightPool(dependencies, now.cluster, pool, policy)
          : judgePreflight({ unread: `${now.unread}.` }, policy.preflight);
      return {
        at: at.toString(),
        cluster: id,
        nodePool: pool.name,
        from: pool.nodeImageVersion,
        to: decision?.latest,
        wouldStart: wouldStart && decision?.verdict === 'start',
        decision,
        ...judged,
      };
    }),
  );
}
