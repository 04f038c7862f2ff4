// That an attempt started, and that it is stuck. Called by notifyAttempts, followAttempts and fromEntries.
import type { Temporal } from 'temporal-polyfill';
import type { Attempt } from '../attempt/attempt.ts';
import { nodePoolLink } from './links.ts';
import { aboutPool, type Notification, type NotificationData } from './notification.ts';

type Start = Omit<NotificationData<'AttemptStarted'>, 'link'>;

export function started({ cluster, nodePool, ...data }: Start, time: string): Notification<'AttemptStarted'> {
  const about = aboutPool({ cluster, nodePool }, nodePoolLink, data);
  return { type: 'AttemptStarted', id: `started|${data.attempt}`, time, ...about };
}

export function attemptStarted(attempt: Attempt): Notification<'AttemptStarted'> | undefined {
  const { id, cluster, nodePool, from, to, acceptedAt, estimateMinutes, willOverrun } = attempt;
  if (attempt.state !== 'running' || acceptedAt === undefined) return undefined;
  const startedAt = acceptedAt.toString();
  const window = { opensAt: attempt.window.opensAt.toString(), closesAt: attempt.window.closesAt.toString() };
  const facts = { cluster, nodePool, attempt: id, from, to, target: to, startedAt, window };
  return started({ ...facts, estimateMinutes, willOverrun }, startedAt);
}

export function attemptStuck(attempt: Attempt, at: Temporal.Instant): Notification<'AttemptStuck'> {
  const { id, from, to, acceptedAt, intendedAt, estimateMinutes } = attempt;
  const [startedAt, stuckAt] = [(acceptedAt ?? intendedAt).toString(), at.toString()];
  const data = { attempt: id, from, to, target: to, startedAt, stuckAt, estimateMinutes };
  return { type: 'AttemptStuck', id: `stuck|${id}`, time: stuckAt, ...aboutPool(attempt, nodePoolLink, data) };
}
