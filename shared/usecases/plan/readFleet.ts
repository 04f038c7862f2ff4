// What the planner knows of each cluster from storage alone: as of the last pass.
import type { Temporal } from 'temporal-polyfill';
import type { Attempt } from '../../domain/attempt/attempt.ts';
import { clusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import type { ClusterFacts } from '../../domain/rings/clusterFacts.ts';
import { isBefore } from '../../domain/text/stored.ts';
import { readFleetFacts } from '../../stores/factsStore.ts';
import { readHeadsOrProblem } from '../../stores/ledgerStore.ts';
import { readPass } from '../../stores/passStore.ts';
import { readStarts } from '../../stores/starts/startsStore.ts';
import { clustersOf } from '../../stores/views/decisionsStore.ts';
import { listNodePools } from '../ask/listNodePools.ts';
import type { FleetTables } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { strayClaims, toClusterFacts } from './clusterFacts.ts';

const width = 16;

/** @param at the moment to plan for: attempts end by then */
export async function readFleet(dependencies: FleetTables, at: Temporal.Instant): Promise<readonly ClusterFacts[]> {
  const { tables, subscriptions } = dependencies;
  const starts = await readStarts(tables);
  const clusters = clustersOf(await listNodePools(dependencies, {}));
  const stored = { ...(await readFleetFacts(tables, subscriptions)), starts };
  const problems = new Map(
    await inParallel(subscriptions, width, async (one) => {
      const pass = await readPass(tables, one);
      // Why the subscription's clusters are not known as they are now.
      return [one.toLowerCase(), pass && ('problem' in pass ? pass.problem : pass.value.problem)] as const;
    }),
  );
  const known = await inParallel(clusters, width, async (cluster): Promise<ClusterFacts> => {
    const key = clusterKey(cluster.id);
    const problem = cluster.unread ?? problems.get(subscriptionOf(key));
    const facts = toClusterFacts(cluster, problem, await readHeadsOrProblem(tables, key), stored);
    const { attempt } = facts;
    return { ...facts, attempt: attempt && isInFlightAt(attempt, at) ? attempt : undefined };
  });
  return [...known, ...strayClaims(starts, known)];
}

/** An attempt is taken to last as long as it was estimated to; one that is stuck stays. */
function isInFlightAt({ acceptedAt, intendedAt, estimateMinutes, stuckAt }: Attempt, at: Temporal.Instant): boolean {
  const end = (acceptedAt ?? intendedAt).add({ minutes: estimateMinutes });
  return stuckAt !== undefined || isBefore(at, end);
}
