// What a starter found out about a pool; the planner goes by it while it holds, so that decisions don't flap. Read by the gates.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { classifyFailure } from '../failure/classifyFailure.ts';
import { type FailureClass, starterReasons } from '../failure/failure.ts';
import { shortened } from '../text/shortened.ts';
import { Instant, isBefore, type Stored } from '../text/stored.ts';
import { throttledSeconds, waitOf } from './requestBudget.ts';

export const StarterVerdict = z.looseObject({
  nodePool: z.string().min(1),
  reason: z.enum(starterReasons),
  message: z.string(),
  retryAt: Instant,
  refused: z.looseObject({ code: z.string(), message: z.string(), status: z.number().optional() }).optional(),
  conflicts: z.looseObject({ count: z.number(), since: Instant }).optional(),
});
export type StarterVerdict = Stored<typeof StarterVerdict>;

export type RefusedRequest = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number | undefined;
};

const refusedMinutes = 30;
const preflightMinutes = 30;
const brokenOffMinutes = 10;
const maxMessage = 1000;
const firstBusyMinutes = 5;
const maxBusyMinutes = 60;
/** So many 409s over so many days, each while ARM showed the cluster and its pools idle, are no passing operation. */
const endlessConflicts = { count: 12, days: 3 };
const unsupportedDays = 7;
/** What the clocks of two instances may differ by, before one does not believe the other's times. */
const clocksApartMinutes = 60;
/** ARM answers 409 for locks too, which no waiting ends and no pool is to blame for. */
const conflicting: ReadonlySet<FailureClass> = new Set(['otherOperation', 'preempted', 'unsupportedPool', 'unknown']);

/** A 409 is another operation that a read did not show; one that never ends, a pool that AKS does not upgrade (AKS-FACTS section 4). */
export function verdictOf(
  nodePool: string,
  request: RefusedRequest,
  before: StarterVerdict | undefined,
  now: Temporal.Instant,
): StarterVerdict {
  const { status, code, message: answer, retryAfterSeconds } = request;
  const message = `ARM refused the upgrade at ${now.toString()} (${status} ${code}): ${answer}`;
  const common = { nodePool, message, refused: { status, code, message: answer } };
  if (status === 429) {
    return { ...common, reason: 'retryLater', retryAt: later(now, waitOf(retryAfterSeconds, throttledSeconds)) };
  }
  if (status !== 409 || !conflicting.has(classifyFailure(request))) {
    const seconds = Math.max(refusedMinutes * 60, waitOf(retryAfterSeconds, 0));
    return { ...common, reason: 'retryLater', retryAt: later(now, seconds) };
  }
  const count = (before?.conflicts?.count ?? 0) + 1;
  const since = before?.conflicts?.since ?? now;
  const conflicts = { count, since };
  if (count >= endlessConflicts.count && since.until(now).total('hours') >= endlessConflicts.days * 24) {
    const endless = `AKS has refused this pool ${count} times since ${since.toString()} while it was idle (${code}): ${answer}`;
    const retryAt = later(now, unsupportedDays * 86_400);
    return { ...common, reason: 'unsupportedPool', message: endless, retryAt, conflicts };
  }
  const minutes = Math.min(firstBusyMinutes * 2 ** (count - 1), maxBusyMinutes);
  return { ...common, reason: 'clusterBusy', retryAt: later(now, waitOf(retryAfterSeconds, minutes * 60)), conflicts };
}

/** True while a verdict holds. One that is to hold for longer than any was given by a clock that ran ahead, and is none. */
export function stillHolds({ reason, retryAt }: StarterVerdict, now: Temporal.Instant): boolean {
  const minutes = now.until(retryAt).total('minutes');
  const longest = reason === 'unsupportedPool' ? unsupportedDays * 1440 : maxBusyMinutes;
  return minutes > 0 && minutes <= longest + clocksApartMinutes;
}

/** The verdict when preflight refuses: it holds for half an hour, or until the occurrence ends (`closesAt`). */
export function preflightVerdict(
  nodePool: string,
  refusal: string,
  before: StarterVerdict | undefined,
  now: Temporal.Instant,
  closesAt: Temporal.Instant,
): StarterVerdict {
  const latest = now.add({ minutes: preflightMinutes });
  const retryAt = isBefore(closesAt, latest) ? closesAt : latest;
  // No request was sent, so the 409s before are still in a row.
  return { nodePool, reason: 'preflightFailed', message: refusal, retryAt, conflicts: before?.conflicts };
}

/** The verdict when anything was thrown under a starter: again after ten minutes, or after ARM's Retry-After. */
export function brokenOffVerdict(
  nodePool: string,
  { message, retryAfterSeconds }: { readonly message: string; readonly retryAfterSeconds?: number | undefined },
  before: StarterVerdict | undefined,
  now: Temporal.Instant,
): StarterVerdict {
  const retryAt = later(now, Math.max(brokenOffMinutes * 60, waitOf(retryAfterSeconds, 0)));
  const sentence = `The start broke off at ${now.toString()}: ${shortened(message, maxMessage)}`;
  return { nodePool, reason: 'retryLater', message: sentence, retryAt, conflicts: before?.conflicts };
}

function later(now: Temporal.Instant, seconds: number): Temporal.Instant {
  return now.add({ milliseconds: Math.ceil(seconds * 1000) });
}
