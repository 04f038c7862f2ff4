// What follows from an attempt: that it started, and that it is stuck. Called by announceAttempts, followUpgrades and, of an
// attempt that has ended, by fromEntries.
import type { Attempt } from '../attempt/attempt.ts';
import { nodePoolLink } from './links.ts';
import { aboutPool, type Notification, type NotificationData } from './notification.ts';

type Start = Omit<NotificationData<'AttemptStarted'>, 'link'>;

/** The same of an attempt in flight and of its entry, which has no estimate. */
export function started({ cluster, nodePool, ...data }: Start, time: string): Notification<'AttemptStarted'> {
  const about = aboutPool({ cluster, nodePool }, nodePoolLink, data);
  return { type: 'AttemptStarted', id: `started|${data.attempt}`, time, ...about };
}

/** Undefined until ARM is known to have accepted the request. Otherwise the entry of its end says that it started. */
export function attemptStarted(attempt: Attempt): Notification<'AttemptStarted'> | undefined {
  const { id, cluster, nodePool, from, to, acceptedAt: startedAt, estimateMinutes, willOverrun } = attempt;
  if (attempt.state !== 'running' || startedAt === undefined) return undefined;
  const { opensAt, closesAt } = attempt.window;
  const facts = { cluster, nodePool, attempt: id, from, to, startedAt, window: { opensAt, closesAt }, estimateMinutes };
  return started({ ...facts, ...(willOverrun && { willOverrun }) }, startedAt);
}

/** @param stuckAt ISO; when it was found to have outlived its estimate */
export function attemptStuck(attempt: Attempt, stuckAt: string): Notification<'AttemptStuck'> {
  const { id, from, to, acceptedAt, intendedAt, estimateMinutes } = attempt;
  const data = { attempt: id, from, to, startedAt: acceptedAt ?? intendedAt, stuckAt, estimateMinutes };
  return { type: 'AttemptStuck', id: `stuck|${id}`, time: stuckAt, ...aboutPool(attempt, nodePoolLink, data) };
}
