// Where the rings stand: their pools by the ledger, and the holds that failures ask for. Called by the use cases before they plan.

import type { Temporal } from 'temporal-polyfill';
import { type NodePool, ofPool, samePool } from '../cluster/cluster.ts';
import { poolKey } from '../cluster/clusterId.ts';
import type { NodeImageVersion } from '../image/nodeImageVersion.ts';
import { holdsDue, type JudgedPool } from '../policy/failureLimit.ts';
import { type PolicyInForce, selects } from '../policy/policy.ts';
import { unknownTag } from '../policy/policyTags.ts';
import { type Ring, ringOf } from '../policy/ring.ts';
import { valueIn } from '../text/read.ts';
import type { ClusterFacts } from './clusterFacts.ts';
import { isExcused, isHeldApart } from './excuses.ts';
import { poolFacts } from './poolFacts.ts';
import { type RingHealth, type RingPool, ringHealth } from './ringHealth.ts';

export type RingState = {
  readonly ring: Ring;
  readonly pools: readonly RingPool[];
  /** By {@link poolKey}, the pools with an attempt in flight; and attempts that can't be read, which may be in any ring. */
  readonly inFlight: readonly string[];
  /** How a release has done in the ring, as of the moment of this state; judged once, however many pools ask. */
  readonly healthOf: (release: NodeImageVersion) => RingHealth;
};

export type FleetState = ReturnType<typeof fleetState>;

type Member = { readonly facts: ClusterFacts; readonly pool: NodePool; readonly index: number | undefined };

/** @param fleet the facts of all clusters, also of those that a list has just left out */
export function fleetState(fleet: readonly ClusterFacts[], policy: PolicyInForce, now: Temporal.Instant) {
  const rings = policy.policy.rings ?? [];
  const unread = fleet.filter(({ attemptProblem }) => attemptProblem !== undefined).map(({ cluster }) => cluster.id);
  const placed = fleet.map((facts) => ({ facts, members: membersOf(facts, policy) }));
  const members = placed.flatMap((one) => one.members ?? []);
  // They may be in any ring, so they are in every one.
  const unknown = placed
    .filter((one) => one.members === undefined)
    .flatMap(({ facts }) => facts.cluster.nodePools.map((pool) => poolUnknown(facts, policy, pool, now)));
  const anywhere = [...unread, ...unknown.map(({ cluster }) => cluster)].map(
    (cluster) => ({ cluster, head: undefined, ring: undefined, unknown: 'anywhere' }) as const,
  );
  const judged = [...judgedOf(members, rings), ...anywhere];
  const due = holdsDue(policy.policy.failureLimit, judged, new Set(policy.countedFailures), now);
  // The holds that the failure limit sets hold from the moment that it is reached.
  const inForce: PolicyInForce = { ...policy, holds: [...(policy.holds ?? []), ...due] };
  const states = rings.map((ring, ringIndex): RingState => {
    const own = members.filter(({ index }) => index === ringIndex);
    const pools = [...own.map((member) => toRingPool(member, inForce, ring, now)), ...unknown];
    const attempted = own.filter(({ facts, pool }) => samePool(facts.attempt?.nodePool ?? '', pool.name));
    return {
      ring,
      pools,
      healthOf: judgeOnce((release) => ringHealth(ring, pools, release, now)),
      inFlight: [...attempted.map(({ facts, pool }) => poolKey(facts.cluster.id, pool.name)), ...unread],
    };
  });
  return { policy: inForce, holdsDue: due, rings: states };
}

function membersOf(facts: ClusterFacts, { policy }: PolicyInForce): readonly Member[] | undefined {
  const { cluster } = facts;
  if (cluster.unread !== undefined || cluster.hasUnreadPools || unknownTag(policy, cluster) !== undefined)
    return undefined;
  try {
    if (!selects(policy, cluster)) return [];
    return cluster.nodePools.map((pool) => ({ facts, pool, index: ringOf(policy.rings ?? [], cluster, pool) }));
  } catch {
    return undefined;
  }
}

function judgedOf(members: readonly Member[], rings: readonly Ring[]): readonly JudgedPool[] {
  return members.map(({ facts, pool, index }) => ({
    cluster: facts.cluster.id,
    head: ofPool(facts.heads, pool.name),
    ring: index === undefined ? undefined : rings[index]?.name,
    unknown: facts.headsProblem === undefined ? undefined : 'here',
  }));
}

function judgeOnce(judge: (release: NodeImageVersion) => RingHealth): RingState['healthOf'] {
  const judged = new Map<string, RingHealth>();
  return (release) => {
    // With its security patch: a ring may have run one, and not the other.
    const health = judged.get(release.raw) ?? judge(release);
    judged.set(release.raw, health);
    return health;
  };
}

function toRingPool({ facts, pool }: Member, policy: PolicyInForce, ring: Ring, now: Temporal.Instant): RingPool {
  try {
    const about = poolFacts(facts, policy, pool, now, ring);
    return {
      cluster: facts.cluster.id,
      pool,
      head: about.head,
      latest: valueIn(about.latest),
      isRead: facts.problem === undefined,
      isUnknown: facts.headsProblem !== undefined,
      isExcused: isExcused(about),
    };
  } catch {
    return poolUnknown(facts, policy, pool, now);
  }
}

function poolUnknown(facts: ClusterFacts, policy: PolicyInForce, pool: NodePool, now: Temporal.Instant): RingPool {
  const nothing = { latest: undefined, head: undefined };
  const unknown = { ...nothing, cluster: facts.cluster.id, pool, isRead: false, isUnknown: true };
  try {
    // A person may say to go on without a cluster of which nothing else is known.
    return {
      ...unknown,
      isExcused: isHeldApart({ ...nothing, facts, policy, pool, now, latest: {}, ring: undefined }),
    };
  } catch {
    return { ...unknown, isExcused: false };
  }
}
