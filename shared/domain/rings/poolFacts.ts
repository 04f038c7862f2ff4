// Puts together what is known of one pool. Called by plan and ringState.
import type { Temporal } from 'temporal-polyfill';
import { type NodePool, ofPool } from '../cluster/cluster.ts';
import { whyNotUpgradable } from '../cluster/poolKind.ts';
import type { PoolHead } from '../ledger/heads.ts';
import type { PolicyInForce } from '../policy/policy.ts';
import { type Ring, ringOf } from '../policy/ring.ts';
import type { Read } from '../text/read.ts';
import type { ClusterFacts } from './clusterFacts.ts';

export type PoolFacts = {
  readonly facts: ClusterFacts;
  readonly policy: PolicyInForce;
  readonly pool: NodePool;
  readonly now: Temporal.Instant;
  /** What ARM would install. */
  readonly latest: Read<string | undefined>;
  readonly head: PoolHead | undefined;
  /** Undefined where the policy has no rings, or none of them selects the pool. */
  readonly ring: Ring | undefined;
};

/** @param ring where it is known already, as each selector of each ring is asked for it */
export function poolFacts(
  facts: ClusterFacts,
  policy: PolicyInForce,
  pool: NodePool,
  now: Temporal.Instant,
  ring = ringAt(facts, policy, pool),
): PoolFacts {
  const latest = facts.latest[pool.name.toLowerCase()] ?? neverRead(pool);
  return { facts, policy, pool, now, latest, head: ofPool(facts.heads, pool.name), ring };
}

function ringAt({ cluster }: ClusterFacts, { policy: { rings = [] } }: PolicyInForce, pool: NodePool) {
  return rings[ringOf(rings, cluster, pool) ?? -1];
}

// Of pools that AKS does not let anybody upgrade no upgrade profile is asked for.
function neverRead(pool: NodePool): Read<string | undefined> {
  return whyNotUpgradable(pool) === undefined ? { problem: 'its upgrade profile has not been read yet' } : {};
}
