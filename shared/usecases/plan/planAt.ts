// What would be decided at a later moment, if nothing changed until then. Called by getPlan; reads storage only.
import type { Temporal } from 'temporal-polyfill';
import { planFleet } from '../../domain/plan/planFleet.ts';
import type { PolicyInForce } from '../../domain/policy/policy.ts';
import type { ClusterFacts } from '../../domain/rings/clusterFacts.ts';
import { fleetState } from '../../domain/rings/ringState.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { isNamed, type PoolFilter } from '../ask/listNodePools.ts';
import type { FleetTables } from '../dependencies.ts';
import { readFleet } from './readFleet.ts';

export async function planAt(dependencies: FleetTables, filter: PoolFilter, at: Temporal.Instant) {
  const policy = await readPolicy(dependencies.tables);
  // All of the fleet, whatever is asked for: rings wait for one another.
  const decisions = decideFleet(await readFleet(dependencies, at), policy, at);
  return decisions.filter(({ cluster, nodePool }) => isNamed(filter, cluster, nodePool));
}

export function decideFleet(fleet: readonly ClusterFacts[], policy: PolicyInForce, at: Temporal.Instant) {
  return planFleet(fleet, fleetState(fleet, policy, at), at).flatMap(({ decisions }) => decisions);
}
