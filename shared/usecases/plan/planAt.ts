// What would be decided at a later moment, if nothing changed until then: today's pools, windows and latest images.
// Called by getPlan with `at`. Reads storage only.
import type { Temporal } from 'temporal-polyfill';
import { isCluster, samePool } from '../../domain/cluster/cluster.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { planFleet } from '../../domain/plan/planFleet.ts';
import { fleetState } from '../../domain/rings/ringState.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import type { PoolFilter } from '../ask/listNodePools.ts';
import type { Dependencies } from '../dependencies.ts';
import { readFleet } from './readFleet.ts';

/** The decisions on the pools that the filter names, as of `at`. */
export async function planAt(
  dependencies: Dependencies,
  { cluster, nodePool }: PoolFilter,
  at: Temporal.Instant,
): Promise<readonly Decision[]> {
  const policy = await readPolicy(dependencies.tables);
  // All of it, whatever is asked for: rings wait for one another.
  const fleet = await readFleet(dependencies, at);
  return planFleet(fleet, fleetState(fleet, policy, at), at)
    .filter(({ facts }) => cluster === undefined || isCluster(facts.cluster.id, cluster))
    .flatMap(({ decisions }) => decisions)
    .filter((decision) => nodePool === undefined || samePool(decision.nodePool, nodePool));
}
