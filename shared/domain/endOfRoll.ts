// A pool's roll has ended, or the keeper's attempt on it: the entry that says so, and the pool's new head.
// Called by observe.
import { Temporal } from 'temporal-polyfill';
import type { Attempt } from './attempt.ts';
import type { NodePool } from './cluster.ts';
import { judgeStart, type WindowReading } from './judgeStart.ts';
import type { Cause, EntryBody, Outcome, PoolHead } from './ledger.ts';
import { compareReleases, parseNodeImageVersion } from './nodeImageVersion.ts';

export type Settled = { readonly attempt: Attempt; readonly outcome: Outcome };

export type PoolHeadDraft = Omit<PoolHead, 'sequence' | 'recordedAt'>;

export type EndOfRoll = {
  readonly cluster: string;
  readonly head: PoolHead;
  /** The pool as read; its image is what it rolled to. Undefined: the pool is gone. */
  readonly pool: NodePool | undefined;
  readonly observedAt: string;
  /** When the newest read before this one was sent: the pool was idle then, unless its head says rolling. */
  readonly seenAt: string;
  /** From the event that announced the end. */
  readonly endedAt: string | undefined;
  readonly settled: Settled | undefined;
  readonly window: WindowReading | undefined;
};

/** `transition` when the image changed, else `rolled`. */
export function entryOfRoll(roll: EndOfRoll): EntryBody {
  const { head, pool, settled, observedAt } = roll;
  const to = pool?.nodeImageVersion ?? head.nodeImageVersion;
  const outcome = settled?.outcome ?? outcomeOf(pool);
  const start = startOf(roll);
  return {
    kind: to === head.nodeImageVersion ? 'rolled' : 'transition',
    cluster: roll.cluster,
    nodePool: head.nodePool,
    from: head.nodeImageVersion,
    to,
    ...start,
    completedAt: roll.endedAt ?? observedAt,
    observedAt,
    cause: settled ? causeOfAttempt(settled.attempt) : causeOf(head, pool, to),
    ...judgeStart(start, settled?.attempt.window ?? roll.window),
    outcome,
    proof: outcome === 'notStarted' || outcome === 'unknown' ? 'none' : 'pool',
    ...(settled ? { attempt: settled.attempt.id } : {}),
    ...(pool?.error && outcome !== 'succeeded' ? { error: pool.error } : {}),
  };
}

function startOf({ head, seenAt, endedAt, observedAt, settled }: EndOfRoll) {
  if (settled?.attempt.acceptedAt) {
    const { intendedAt, acceptedAt } = settled.attempt;
    return { startedAt: acceptedAt, startedBetween: [intendedAt, acceptedAt] as const };
  }
  if (!head.rolling) return { startedBetween: [seenAt, endedAt ?? observedAt] as const };
  const { startedAt, startedBetween } = head.rolling;
  return { ...(startedAt ? { startedAt } : {}), startedBetween };
}

/** The head of a pool that stands still, after an entry about it or a change that makes none. */
export function settledHead(head: PoolHead, pool: NodePool, settled?: Settled): PoolHeadDraft {
  const to = pool.nodeImageVersion ?? head.nodeImageVersion;
  const kubernetesVersion = pool.kubernetesVersion ?? head.kubernetesVersion;
  const rolledBackFrom = rolledBack(head, to);
  const lastAttempt = settled
    ? {
        id: settled.attempt.id,
        opensAt: settled.attempt.window.opensAt,
        closesAt: settled.attempt.window.closesAt,
        outcome: settled.outcome,
      }
    : head.lastAttempt;
  return {
    nodePool: head.nodePool,
    nodeImageVersion: to,
    ...(kubernetesVersion ? { kubernetesVersion } : {}),
    ...(rolledBackFrom ? { rolledBackFrom } : {}),
    ...(lastAttempt ? { lastAttempt } : {}),
  };
}

function outcomeOf(pool: NodePool | undefined): Outcome {
  const state: string = pool?.provisioningState.toLowerCase() ?? '';
  switch (state) {
    case 'succeeded':
      return 'succeeded';
    case 'failed':
      return 'failed';
    case 'canceled':
      return 'canceled';
    default:
      return 'unknown';
  }
}

// A request that ARM was not seen to accept may not be what changed the pool.
function causeOfAttempt(attempt: Attempt): Cause {
  return attempt.state === 'running' ? 'keeper' : 'unknown';
}

function causeOf(head: PoolHead, pool: NodePool | undefined, to: string): Cause {
  if (to === head.nodeImageVersion) return 'unknown';
  if (head.kubernetesVersion && pool?.kubernetesVersion && pool.kubernetesVersion !== head.kubernetesVersion) {
    return 'kubernetesUpgrade';
  }
  const order = orderOf(head.nodeImageVersion, to);
  if (order === undefined) return 'reconfiguration';
  return order > 0 ? 'rollback' : 'unknown';
}

function rolledBack(head: PoolHead, to: string): string | undefined {
  if ((orderOf(head.nodeImageVersion, to) ?? 0) > 0) return head.rolledBackFrom ?? head.nodeImageVersion;
  if (!head.rolledBackFrom) return undefined;
  const order = orderOf(head.rolledBackFrom, to);
  return order !== undefined && order > 0 ? head.rolledBackFrom : undefined;
}

/** Positive: `a` is newer than `b`. Undefined: they are of different families, or unreadable. */
function orderOf(a: string, b: string): number | undefined {
  const [versionA, versionB] = [parseNodeImageVersion(a), parseNodeImageVersion(b)];
  return versionA && versionB ? compareReleases(versionA, versionB) : undefined;
}

/** The event's end counts when it lies after the pool's last entry and not after the read that shows the end. */
export function isCurrent(at: Temporal.Instant, head: PoolHead, observedAt: Temporal.Instant): boolean {
  return (
    Temporal.Instant.compare(at, Temporal.Instant.from(head.recordedAt)) > 0 &&
    Temporal.Instant.compare(at, observedAt) <= 0
  );
}
