// The request budgets of a subscription, token buckets as AKS and ARM keep them (AKS-FACTS section 5): one for upgrades and what
// is read for them, one for observations. All instances of the app draw from one. Called by budgetStore.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { Instant, type Stored } from '../text/stored.ts';

export const RequestBudget = z.looseObject({
  tokens: z.number(),
  at: Instant,
  /** ARM said 429: nothing is spent before. */
  closedUntil: Instant.optional(),
});
export type RequestBudget = Stored<typeof RequestBudget>;

/** The window, the upgrade profile and the upgrade, and preflight's. Reads of a cluster have a bucket of their own. */
export const requestsPerStart = 7;

/** Quotas, VM sizes, virtual networks and their usages, so that many starts at once stay below the limits of ARM too. */
export const requestsPerPreflight = 4;

export type Bucket = { readonly burst: number; readonly perSecond: number };

/** AKS's bucket for upgrade profiles, maintenance configurations and upgrades. */
const upgrades: Bucket = { burst: 60, perSecond: 1 };
/** Less than half of what ARM grants for reads of a subscription (250, and 25 a second): observations leave the rest to passes and starts. */
export const observations: Bucket = { burst: 100, perSecond: 10 };

/** AKS's and ARM's buckets fill within minutes: who says longer has a clock that is wrong, or means another one. */
const maxClosedSeconds = 3600;
/** Clocks that start anything lie within 30 s of ARM's, and so a minute from each other at most. */
const clocksApartSeconds = 60;

/** What Retry-After asks for, an hour at most; `usual` where it says nothing that can be waited for. In seconds. */
export function waitOf(retryAfterSeconds: number | undefined, usual: number): number {
  const isWait = retryAfterSeconds !== undefined && retryAfterSeconds >= 0;
  return isWait ? Math.min(retryAfterSeconds, maxClosedSeconds) : usual;
}

export const fullBudget = (now: Temporal.Instant, { burst } = upgrades): RequestBudget => ({ tokens: burst, at: now });

export function tokensAt(budget: RequestBudget, now: Temporal.Instant, { burst, perSecond } = upgrades): number {
  if (closedUntil(budget, now)) return 0;
  const seconds = budget.at.until(now).total('seconds');
  // Written by a clock that ran ahead, nobody knows when: the bucket may have filled since, and ARM's 429 says if not.
  if (seconds < -burst / perSecond) return burst;
  // Another instance's clock may be ahead of ours: nothing is refilled backwards.
  return Math.min(burst, Math.floor(budget.tokens + Math.max(0, seconds) * perSecond));
}

/** Until when ARM wants to be left alone, if it does. A time that no 429 can have set is none. */
export function closedUntil({ closedUntil: until }: RequestBudget, now: Temporal.Instant) {
  if (until === undefined) return undefined;
  const seconds = now.until(until).total('seconds');
  return seconds > 0 && seconds <= maxClosedSeconds + clocksApartSeconds ? until : undefined;
}

export function availableAt(budget: RequestBudget, requests: number, now: Temporal.Instant) {
  const { perSecond } = upgrades;
  const closed = closedUntil(budget, now);
  if (closed) return closed.add({ seconds: requests / perSecond });
  const missing = requests - tokensAt(budget, now);
  return missing > 0 ? now.add({ seconds: Math.ceil(missing / perSecond) }) : undefined;
}

export function spend(
  budget: RequestBudget,
  requests: number,
  now: Temporal.Instant,
  bucket = upgrades,
): RequestBudget {
  return { tokens: tokensAt(budget, now, bucket) - requests, at: now, closedUntil: closedUntil(budget, now) };
}

/** The budget after a 429: empty when it opens again. @param armDate where our clock runs ahead of it, the time counts from there */
export function close(budget: RequestBudget, seconds: number, now: Temporal.Instant, armDate = now): RequestBudget {
  // A Date has no fractions, and must not shorten the wait by what it leaves out.
  const answered = armDate.add({ seconds: 1 });
  const from = Temporal.Instant.compare(answered, now) < 0 ? answered : now;
  const until = from.add({ milliseconds: Math.ceil(waitOf(seconds, 0) * 1000) });
  const later = closedUntil(budget, now);
  const closed = later && Temporal.Instant.compare(later, until) > 0 ? later : until;
  return { tokens: 0, at: closed, closedUntil: closed };
}
