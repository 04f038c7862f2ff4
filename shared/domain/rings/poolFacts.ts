// Puts together what is known of one pool. Called by plan and ringState.
import type { Temporal } from 'temporal-polyfill';
import { type NodePool, samePool } from '../cluster/cluster.ts';
import type { PoolHead } from '../ledger/heads.ts';
import type { PolicyInForce } from '../policy/policy.ts';
import { type Ring, ringOf } from '../policy/ring.ts';
import type { Read } from '../text/read.ts';
import type { ClusterFacts } from './clusterFacts.ts';

export function poolFacts(
  facts: ClusterFacts,
  policy: PolicyInForce,
  pool: NodePool,
  now: Temporal.Instant,
): PoolFacts {
  const { rings = [] } = policy.policy;
  const index = ringOf(rings, facts.cluster, pool);
  return {
    facts,
    policy,
    pool,
    now,
    latest: facts.latest[pool.name.toLowerCase()] ?? neverRead(pool),
    head: facts.heads.find((candidate) => samePool(candidate.nodePool, pool.name)),
    ring: index === undefined ? undefined : rings[index],
  };
}

// AKS has no upgrade profile for the pools it manages itself, so none is asked for.
function neverRead(pool: NodePool): Read<string | undefined> {
  return pool.mode.toLowerCase() === 'machines' ? {} : { problem: 'its upgrade profile has not been read yet' };
}

/** What is known of one pool: its cluster's facts, what ARM would install, and where it stands by policy and ledger. */
export type PoolFacts = {
  readonly facts: ClusterFacts;
  readonly policy: PolicyInForce;
  readonly pool: NodePool;
  readonly now: Temporal.Instant;
  readonly latest: Read<string | undefined>;
  readonly head: PoolHead | undefined;
  /** Undefined where the policy has no rings, or none of them selects the pool. */
  readonly ring: Ring | undefined;
};
