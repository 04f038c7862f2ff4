// What follows from an attempt in flight: that it started, and that it is stuck. Called by the use case announceAttempts.
import type { Attempt } from '../attempt/attempt.ts';
import { startedId } from './fromEntries.ts';
import { nodePoolLink } from './links.ts';
import { aboutPool, type Notification } from './notification.ts';

/** Undefined until ARM is known to have accepted the request: of another, the ledger tells when it has ended. */
export function attemptStarted(attempt: Attempt): Notification<'AttemptStarted'> | undefined {
  const { id, acceptedAt, window, estimateMinutes, willOverrun } = attempt;
  if (attempt.state !== 'running' || acceptedAt === undefined) return undefined;
  return {
    type: 'AttemptStarted',
    id: startedId(id),
    ...aboutPool(attempt.cluster, attempt.nodePool),
    time: acceptedAt,
    data: {
      ...inCommon(attempt),
      startedAt: acceptedAt,
      window: { opensAt: window.opensAt, closesAt: window.closesAt },
      estimateMinutes,
      ...(willOverrun && { willOverrun }),
    },
  };
}

/** @param stuckAt ISO; when it was found to have outlived its estimate */
export function attemptStuck(attempt: Attempt, stuckAt: string): Notification<'AttemptStuck'> {
  const startedAt = attempt.acceptedAt ?? attempt.intendedAt;
  return {
    type: 'AttemptStuck',
    id: `stuck|${attempt.id}`,
    ...aboutPool(attempt.cluster, attempt.nodePool),
    time: stuckAt,
    data: { ...inCommon(attempt), startedAt, stuckAt, estimateMinutes: attempt.estimateMinutes },
  };
}

function inCommon({ id, cluster, nodePool, from, to }: Attempt) {
  return { cluster, nodePool, link: nodePoolLink(cluster, nodePool), attempt: id, from, to };
}
