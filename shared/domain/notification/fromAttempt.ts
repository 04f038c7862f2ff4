// That an attempt started, and that it is stuck. Called by announceAttempts, followUpgrades and fromEntries.
import type { Attempt } from '../attempt/attempt.ts';
import { nodePoolLink } from './links.ts';
import { aboutPool, type Notification, type NotificationData } from './notification.ts';

type Start = Omit<NotificationData<'AttemptStarted'>, 'link'>;

export function started({ cluster, nodePool, ...data }: Start, time: string): Notification<'AttemptStarted'> {
  const about = aboutPool({ cluster, nodePool }, nodePoolLink, data);
  return { type: 'AttemptStarted', id: `started|${data.attempt}`, time, ...about };
}

/** Undefined until ARM is known to have accepted the request. */
export function attemptStarted(attempt: Attempt): Notification<'AttemptStarted'> | undefined {
  const { id, cluster, nodePool, from, to, acceptedAt: startedAt, estimateMinutes, willOverrun } = attempt;
  if (attempt.state !== 'running' || startedAt === undefined) return undefined;
  const window = { opensAt: attempt.window.opensAt, closesAt: attempt.window.closesAt };
  const facts = { cluster, nodePool, attempt: id, from, to, startedAt, window };
  return started({ ...facts, estimateMinutes, willOverrun }, startedAt);
}

/** @param stuckAt ISO; when it was found to have outlived its estimate */
export function attemptStuck(attempt: Attempt, stuckAt: string): Notification<'AttemptStuck'> {
  const { id, from, to, acceptedAt, intendedAt, estimateMinutes } = attempt;
  const data = { attempt: id, from, to, startedAt: acceptedAt ?? intendedAt, stuckAt, estimateMinutes };
  return { type: 'AttemptStuck', id: `stuck|${id}`, time: stuckAt, ...aboutPool(attempt, nodePoolLink, data) };
}
