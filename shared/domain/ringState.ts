// Where the rings stand: their pools with what the ledger knows of them, and the holds that their failures ask for. Called by
// the use cases before they plan, with the facts of the whole fleet.
import type { Temporal } from 'temporal-polyfill';
import { type NodePool, poolKey, samePool } from './cluster.ts';
import type { ClusterFacts } from './clusterFacts.ts';
import { holdsDue } from './failureLimit.ts';
import type { Hold } from './hold.ts';
import { isHeldApart } from './holdGates.ts';
import type { PoolHead } from './ledger.ts';
import type { NodeImageVersion } from './nodeImageVersion.ts';
import { type PolicyInForce, selects } from './policy.ts';
import { poolFacts } from './poolFacts.ts';
import { type Ring, ringOf } from './ring.ts';
import { type RingHealth, ringHealth } from './ringHealth.ts';
import { clusterStopped, poolStopped, unsupportedPool } from './stateGates.ts';

export type RingPool = {
  /** An ARM id. */
  readonly cluster: string;
  readonly pool: NodePool;
  readonly head: PoolHead | undefined;
  /** What ARM would install on it, where that is known. */
  readonly latest: string | undefined;
  /** False when its cluster could not be read the last time: then `pool` is from before. */
  readonly isRead: boolean;
  /** Held by itself or with its cluster, stopped or unsupported: the rings after it don't wait for it. */
  readonly isExcused: boolean;
};

export type RingState = {
  readonly ring: Ring;
  readonly pools: readonly RingPool[];
  /** Pools of the ring on which the keeper has an attempt in flight, by {@link poolKey}. */
  readonly inFlight: readonly string[];
  /** How a release has done in the ring, as of the moment of this state; judged once, however many pools ask. */
  readonly healthOf: (release: NodeImageVersion) => RingHealth;
};

export type FleetState = {
  /** The policy with the holds that the failure limit sets: they hold from the moment that it is reached. */
  readonly policy: PolicyInForce;
  readonly rings: readonly RingState[];
  /** Those of its holds that are to be stored. */
  readonly holdsDue: readonly Hold[];
};

/** @param fleet the facts of all clusters, also of those that a list has just left out */
export function fleetState(fleet: readonly ClusterFacts[], policy: PolicyInForce, now: Temporal.Instant): FleetState {
  const rings = policy.policy.rings ?? [];
  const members = fleet
    .filter(({ cluster }) => selects(policy.policy, cluster))
    .flatMap((facts) =>
      facts.cluster.nodePools.map((pool) => ({ facts, pool, index: ringOf(rings, facts.cluster, pool) })),
    );
  const judged = members.map(({ facts, pool, index }) => ({
    cluster: facts.cluster.id,
    head: facts.heads.find(({ nodePool }) => samePool(nodePool, pool.name)),
    ring: index === undefined ? undefined : rings[index]?.name,
  }));
  const due = holdsDue(policy.policy.failureLimit, judged, new Set(policy.countedFailures), now);
  const inForce = { ...policy, holds: [...(policy.holds ?? []), ...due] };
  return {
    policy: inForce,
    holdsDue: due,
    rings: rings.map((ring, ringIndex) => {
      const own = members.filter(({ index }) => index === ringIndex);
      const pools = own.map(({ facts, pool }) => toRingPool(facts, inForce, pool, now));
      return {
        ring,
        pools,
        healthOf: judgeOnce((release) => ringHealth(ring, pools, release, now)),
        inFlight: own
          .filter(({ facts, pool }) => facts.attempt && samePool(facts.attempt.nodePool, pool.name))
          .map(({ facts, pool }) => poolKey(facts.cluster.id, pool.name)),
      };
    }),
  };
}

function judgeOnce(judge: (release: NodeImageVersion) => RingHealth): RingState['healthOf'] {
  const judged = new Map<string, RingHealth>();
  return (release) => {
    const key = `${release.family}|${release.release}`;
    const health = judged.get(key) ?? judge(release);
    judged.set(key, health);
    return health;
  };
}

const excuses = [clusterStopped, poolStopped, unsupportedPool];

function toRingPool(facts: ClusterFacts, policy: PolicyInForce, pool: NodePool, now: Temporal.Instant): RingPool {
  const about = poolFacts(facts, policy, pool, now);
  return {
    cluster: facts.cluster.id,
    pool,
    head: about.head,
    latest: 'problem' in about.latest ? undefined : about.latest.value,
    isRead: facts.problem === undefined,
    isExcused: isHeldApart(about) || excuses.some((gate) => gate(about) !== undefined),
  };
}
