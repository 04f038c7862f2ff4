// The attempt that a decision to start becomes, and the limit of its ring. Called by startAttempt.
import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import type { Attempt } from '../../domain/attempt/attempt.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { poolKey } from '../../domain/cluster/clusterId.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import type { RingState } from '../../domain/rings/ringState.ts';
import type { StoredFacts } from '../../stores/factsStore.ts';
import type { RingLimit } from '../../stores/startsStore.ts';

/** What the ring's concurrency allows, for the store to hold to. */
export function limitOf(decision: Decision | undefined, rings: readonly RingState[]): RingLimit | undefined {
  const state = rings.find(({ ring }) => ring.name === decision?.ring);
  if (state?.ring.concurrency === undefined) return undefined;
  const members = new Set(state.pools.map(({ cluster, pool }) => poolKey(cluster, pool.name)));
  return {
    ring: state.ring.name,
    concurrency: state.ring.concurrency,
    isInRing: ({ cluster, nodePool }) => members.has(poolKey(cluster, nodePool)),
  };
}

/** What the decision was made on. */
type Judged = {
  readonly facts: StoredFacts;
  readonly policyVersion: number | undefined;
  readonly eTag: string | undefined;
};

/** Undefined where the decision is not to start. */
export function intendedAttempt(
  cluster: Cluster,
  decision: Decision,
  { facts, policyVersion, eTag }: Judged,
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
    willOverrun: decision.willOverrun,
  };
}
