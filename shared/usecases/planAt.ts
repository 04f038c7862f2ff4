// What would be decided at a later moment, if nothing changed until then: today's pools, windows and latest images.
// Called by getPlan with `at`. Reads storage only.
import type { Temporal } from 'temporal-polyfill';
import { samePool } from '../domain/cluster.ts';
import type { Decision } from '../domain/decision.ts';
import { plan } from '../domain/plan.ts';
import { readPolicy } from '../stores/policyStore.ts';
import type { Dependencies } from './dependencies.ts';
import type { PoolFilter } from './listNodePools.ts';
import { readFleet } from './readFleet.ts';

/** The decisions on the pools that the filter names, as of `at`. */
export async function planAt(
  dependencies: Pick<Dependencies, 'tables' | 'subscriptions'>,
  { cluster, nodePool }: PoolFilter,
  at: Temporal.Instant,
): Promise<readonly Decision[]> {
  const policy = await readPolicy(dependencies.tables);
  const fleet = await readFleet(dependencies, cluster, at);
  return fleet
    .flatMap((facts) => plan(facts, policy, at))
    .filter((decision) => nodePool === undefined || samePool(decision.nodePool, nodePool));
}
