// The attempt that a decision to start becomes, and the limit of its ring. Called by startAttempt.
import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import type { Attempt } from '../../domain/attempt/attempt.ts';
import type { Cluster, NodePool } from '../../domain/cluster/cluster.ts';
import { clusterKey, poolKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import type { PolicyInForce } from '../../domain/policy/policy.ts';
import { effectOf } from '../../domain/policy/preflightPolicy.ts';
import { quotaShares } from '../../domain/preflight/checkQuota.ts';
import { isInRing } from '../../domain/rings/ringCount.ts';
import type { RingState } from '../../domain/rings/ringState.ts';
import type { StoredFacts } from '../../stores/factsStore.ts';
import type { QuotaLimit, RingLimit } from '../../stores/starts/startsStore.ts';
import type { PreflightRead } from './runPreflight.ts';

/** What the ring's concurrency allows, for the store to hold to. */
export function limitOf(decision: Decision | undefined, rings: readonly RingState[]): RingLimit | undefined {
  const state = rings.find(({ ring }) => ring.name === decision?.ring);
  if (state?.ring.concurrency === undefined) return undefined;
  const counted = new Set(state.inFlight);
  return {
    ring: state.ring.name,
    concurrency: state.ring.concurrency,
    isInRing: (attempt) =>
      isInRing(attempt, state.ring.name) || counted.has(poolKey(attempt.cluster, attempt.nodePool)),
  };
}

/** What of its region's quotas the roll takes, where the policy lets that stop a start. */
export function quotaOf(
  { id, location }: Cluster,
  pool: NodePool,
  { reads }: PreflightRead,
  { policy }: PolicyInForce,
): QuotaLimit | undefined {
  const shares = effectOf(policy.preflight, 'quota') === 'block' ? quotaShares({ pool, reads }) : [];
  if (location === undefined || shares.length === 0) return undefined;
  return { subscription: subscriptionOf(clusterKey(id)), region: location, shares };
}

/** What the decision was made on. */
type Judged = {
  readonly facts: StoredFacts;
  readonly policyVersion: number | undefined;
  readonly eTag: string | undefined;
  readonly quota: QuotaLimit | undefined;
};

/** Undefined where the decision is not to start. */
export function intendedAttempt(
  cluster: Cluster,
  decision: Decision,
  { facts, policyVersion, eTag, quota }: Judged,
  now: Temporal.Instant,
): Attempt | undefined {
  const { window, current, latest, estimateMinutes, ring, approval } = decision;
  if (decision.reason !== 'start' || !window || !current || !latest || estimateMinutes === undefined) return undefined;
  if ('problem' in facts.window || !facts.window.value) return undefined;
  const { readAt, maintenanceWindow } = facts.window.value;
  return {
    id: randomUUID(),
    state: 'intended',
    cluster: cluster.id,
    resourceUid: cluster.resourceUid,
    location: cluster.location,
    nodePool: decision.nodePool,
    nodeResourceGroup: cluster.nodeResourceGroup,
    from: current,
    to: latest,
    ring,
    policyVersion,
    approval,
    window: {
      readAt,
      maintenanceWindow,
      opensAt: Temporal.Instant.from(window.opensAt),
      closesAt: Temporal.Instant.from(window.closesAt),
    },
    intendedAt: now,
    eTag,
    estimateMinutes,
    reserves: quota?.shares.map(({ name, vCpus }) => ({ name, vCpus })),
    willOverrun: decision.willOverrun,
  };
}
