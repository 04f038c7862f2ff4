// A pool's roll has ended, or the keeper's attempt on it: the entry that says so, and the pool's new head. Called by observe.
import type { Temporal } from 'temporal-polyfill';
import { type Attempt, endState } from '../attempt/attempt.ts';
import type { Cluster, NodePool } from '../cluster/cluster.ts';
import { type PastBatches, withRoll } from '../cluster/estimate.ts';
import type { PoolHead } from '../ledger/heads.ts';
import { judgeStart, type Start, type WindowReading } from '../ledger/judgeStart.ts';
import type { Cause, EntryBody, Outcome } from '../ledger/ledger.ts';
import { directionOf, type HeadAndPast, kubernetesAfter, kubernetesMove, leftByStepBack } from '../ledger/stepBack.ts';
import { shortened } from '../text/shortened.ts';
import { isBefore } from '../text/stored.ts';
import { causeOf } from './causeOf.ts';
import { announcedEnd, announcedStart } from './hint.ts';
import { judgeRoll, type OfKubernetes } from './judgeRoll.ts';
import { lastLook, type Seen } from './seen.ts';

export type Settled = { readonly attempt: Attempt; readonly outcome: Outcome };

export type EndOfRoll = {
  readonly cluster: string;
  /** The same as ARM showed it; undefined: it is gone. */
  readonly shown: Cluster | undefined;
  readonly head: HeadAndPast;
  /** The pool as read; its image is what it rolled to. Undefined: the pool is gone. */
  readonly pool: NodePool | undefined;
  readonly observedAt: Temporal.Instant;
  readonly answeredAt: Temporal.Instant;
  /** When the newest read before this one was sent: the pool was idle then, unless its head says rolling. */
  readonly seenAt: Temporal.Instant;
  /** Both from the events that announced them. */
  readonly startedAt: Temporal.Instant | undefined;
  readonly endedAt: Temporal.Instant | undefined;
  readonly settled: Settled | undefined;
  readonly window: WindowReading | undefined;
};

export function endOf(seen: Seen, settled: Settled | undefined): EndOfRoll {
  const { head, pool, observation } = seen;
  const { cluster, clusterId, observedAt, answeredAt = observedAt, window } = observation;
  const startedAt = head.rolling?.startedAt ?? announcedStart(seen);
  const { acceptedAt, intendedAt } = settled?.attempt ?? {};
  const endedAt = announcedEnd(seen, acceptedAt ?? intendedAt ?? startedAt);
  const about = {
    cluster: cluster?.id ?? clusterId,
    shown: cluster,
    pool,
    observedAt,
    answeredAt,
    seenAt: lastLook(seen),
  };
  const ranBefore = seen.observation.ranBefore?.[head.nodePool.toLowerCase()];
  return { ...about, head: { ...head, ranBefore }, startedAt, endedAt, settled, window };
}

/** `transition` when the image changed, else `rolled`. */
export function entryOfRoll(roll: EndOfRoll): Extract<EntryBody, { kind: 'transition' | 'rolled' }> {
  const { head, pool, settled, observedAt } = roll;
  const to = pool?.nodeImageVersion ?? head.nodeImageVersion;
  const outcome = settled?.outcome ?? (pool && endState(pool)) ?? 'unknown';
  const start = startOf(roll);
  const { ring, policyVersion, approval } = settled?.attempt ?? {};
  // A request that ARM was not seen to accept may not be what changed the pool.
  const cause = !settled ? causeOf(head, pool, to) : settled.attempt.state === 'running' ? 'keeper' : 'unknown';
  return {
    kind: to === head.nodeImageVersion ? 'rolled' : 'transition',
    cluster: roll.cluster,
    nodePool: head.nodePool,
    from: head.nodeImageVersion,
    to,
    target: settled?.attempt.to,
    startedAt: start.startedAt?.toString(),
    startedBetween: [start.startedBetween[0]?.toString() ?? null, start.startedBetween[1].toString()],
    completedAt: (roll.endedAt ?? roll.answeredAt).toString(),
    observedAt: observedAt.toString(),
    cause,
    ...(settled
      ? judgeStart(start, settled.attempt.window)
      : judgeRoll(start, ofKubernetes(roll, cause, outcome), roll.shown, roll.window)),
    outcome,
    // What ARM offered as the latest is no step back, whatever its family.
    direction:
      to === settled?.attempt.to && to !== head.nodeImageVersion ? 'forward' : directionOf(head, pool ?? {}, to),
    proof: outcome === 'notStarted' || outcome === 'unknown' ? 'none' : 'pool',
    attempt: settled?.attempt.id,
    ring,
    policyVersion,
    approval,
    drifted: settled && to !== head.nodeImageVersion && to !== settled.attempt.to ? true : undefined,
    error: pool?.error && (outcome === 'failed' || outcome === 'canceled') ? recordable(pool.error) : undefined,
  };
}

/** An upgrade that did not end well, or whose versions are not known, may have been one of Kubernetes. */
function ofKubernetes({ head, pool }: EndOfRoll, cause: Cause, outcome: Outcome): OfKubernetes {
  if (cause !== 'unknown') return cause === 'kubernetesUpgrade';
  const isUnclear = kubernetesMove(head.kubernetesVersion, pool?.kubernetesVersion) === 'unclear';
  return isUnclear || outcome !== 'succeeded' ? 'maybe' : false;
}

function startOf({ head, seenAt, startedAt, endedAt, answeredAt, settled }: EndOfRoll): Start {
  const { rolling } = head;
  const notAfter = endedAt ?? answeredAt;
  if (settled) {
    const { intendedAt, acceptedAt } = settled.attempt;
    if (acceptedAt) return { startedAt: acceptedAt, startedBetween: [intendedAt, acceptedAt] };
    // The pool stood still on the reads right before the intent; what was noted earlier is an earlier roll.
    const noted = rolling?.mayBeAnother ? undefined : rolling?.startedBetween[1];
    const notedBy = [noted, notAfter].find((at) => at !== undefined && isBefore(intendedAt, at));
    return { startedBetween: [intendedAt, notedBy ?? intendedAt] };
  }
  if (!rolling) return { startedAt, startedBetween: [seenAt, notAfter] };
  // A pool that was seen busy, but not upgrading, may have scaled then and upgraded later.
  const isDated = rolling.isUpgrade && !rolling.mayBeAnother;
  return { startedAt, startedBetween: isDated ? rolling.startedBetween : [rolling.startedBetween[0], notAfter] };
}

// Half a surrogate pair has no canonical JSON, and a row takes 32 K: either would stop the cluster's ledger.
function recordable({ code, message }: { readonly code: string; readonly message: string }) {
  return { code: shortened(code.toWellFormed(), 200), message: shortened(message.toWellFormed(), 4000) };
}

/** The head of a pool that stands still, after an entry about it or a change that makes none. */
export function settledHead(head: HeadAndPast, pool: NodePool, settled?: Settled, completedAt?: Temporal.Instant) {
  const to = pool.nodeImageVersion ?? head.nodeImageVersion;
  return {
    nodePool: head.nodePool,
    nodeImageVersion: to,
    kubernetesVersion: kubernetesAfter(head, pool, to),
    ...leftByStepBack(head, pool, to, settled && installedBy(settled, to)),
    lastAttempt: settled ? lastAttempt(settled, head) : afterOthers(head, to),
    ...batchesAfter(head, pool, settled, completedAt),
  };
}

function installedBy({ attempt, outcome }: Settled, to: string): string | undefined {
  const hasInstalled = outcome === 'succeeded' || outcome === 'partial' || to === attempt.to;
  return hasInstalled ? attempt.to : undefined;
}

export function lastAttempt({ attempt, outcome }: Settled, head?: PoolHead): NonNullable<PoolHead['lastAttempt']> {
  const { opensAt, closesAt } = attempt.window;
  const before = head?.lastAttempt?.to === attempt.to ? head.lastAttempt.failures : 0;
  const failed = outcome === 'failed' || outcome === 'partial' || outcome === 'unknown';
  const failures = outcome === 'notStarted' ? before : failed ? before + 1 : 0;
  return { id: attempt.id, opensAt, closesAt, outcome, to: attempt.to, failures };
}

// What somebody else did to the pool since is not the attempt's failure any more.
function afterOthers(head: PoolHead, to: string): PoolHead['lastAttempt'] {
  const touched = to !== head.nodeImageVersion || head.rolling?.isUpgrade;
  return head.lastAttempt && touched ? { ...head.lastAttempt, failures: 0 } : head.lastAttempt;
}

function batchesAfter(head: PoolHead, pool: NodePool, settled?: Settled, endedAt?: Temporal.Instant): PastBatches {
  const { batchMinutes, batchMinutesWithoutSoak } = head;
  const past = { batchMinutes, batchMinutesWithoutSoak };
  const acceptedAt = settled?.outcome === 'succeeded' ? settled.attempt.acceptedAt : undefined;
  return acceptedAt && endedAt ? withRoll(past, pool, acceptedAt.until(endedAt).total('minutes')) : past;
}
