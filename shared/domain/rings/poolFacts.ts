// Puts together what is known of one pool. Called by plan and ringState.
import type { Temporal } from 'temporal-polyfill';
import { type NodePool, samePool } from '../cluster/cluster.ts';
import type { PoolFacts } from '../plan/gate.ts';
import type { PolicyInForce } from '../policy/policy.ts';
import { ringOf } from '../policy/ring.ts';
import type { ClusterFacts, Read } from './clusterFacts.ts';

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
