// What follows from an attempt in flight: that it started, and that it is stuck. Called by the use case announceAttempts.
import type { Temporal } from 'temporal-polyfill';
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
    time: acceptedAt.toString(),
    data: {
      ...inCommon(attempt),
      startedAt: acceptedAt.toString(),
      window: { opensAt: window.opensAt.toString(), closesAt: window.closesAt.toString() },
      estimateMinutes,
      ...(willOverrun && { willOverrun }),
    },
  };
}

/** @param stuckAt when it was found to have outlived its estimate */
export function attemptStuck(attempt: Attempt, stuckAt: Temporal.Instant): Notification<'AttemptStuck'> {
  const startedAt = (attempt.acceptedAt ?? attempt.intendedAt).toString();
  return {
    type: 'AttemptStuck',
    id: `stuck|${attempt.id}`,
    ...aboutPool(attempt.cluster, attempt.nodePool),
    time: stuckAt.toString(),
    data: { ...inCommon(attempt), startedAt, stuckAt: stuckAt.toString(), estimateMinutes: attempt.estimateMinutes },
  };
}

function inCommon({ id, cluster, nodePool, from, to }: Attempt) {
  return { cluster, nodePool, link: nodePoolLink(cluster, nodePool), attempt: id, from, to };
}
