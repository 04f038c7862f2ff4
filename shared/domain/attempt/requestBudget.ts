// The request budgets of a subscription, token buckets as AKS and ARM keep them (AKS-FACTS section 5). All instances of the app
// draw from one. Called by budgetStore.
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

/** The windows, the upgrade profile and the upgrade. Reads of a cluster, and preflight's, are in buckets of their own. */
export const requestsPerStart = 3;

/** The cluster, quotas, VM sizes, virtual networks and their usages. */
export const requestsPerPreflight = 5;

/** How many requests at once, and how many more each second. */
export type Bucket = { readonly burst: number; readonly perSecond: number };

export const buckets = {
  /** AKS's, of a region: upgrade profiles, maintenance configurations, kubeconfigs and upgrades. */
  upgrades: { burst: 60, perSecond: 1 },
  /** AKS's, of a region: the status of operations. */
  operations: { burst: 200, perSecond: 2 },
  /** ARM's reads are 250 and 25 a second, AKS's among them. Clusters, nodes and quotas take less than half: the rest is left to lists and starts. */
  reads: { burst: 100, perSecond: 10 },
} as const satisfies Readonly<Record<string, Bucket>>;

/** What is left of a bucket when people and their tools have their share of it, in percent. */
export function shareOf({ burst, perSecond }: Bucket, percentForOthers: number): Bucket {
  const share = (100 - percentForOthers) / 100;
  return { burst: Math.floor(burst * share), perSecond: perSecond * share };
}

/** Of the keeper's share a tenth is refreshing's, whatever waits to start: a stale fact must not hide a pool that is due. */
export const refreshShare = 0.1;

/** AKS's and ARM's buckets fill within minutes: who says longer has a clock that is wrong, or means another one. */
const maxClosedSeconds = 3600;
/** Clocks that start anything lie within 30 s of ARM's, and so a minute from each other at most. */
const clocksApartSeconds = 60;

/** How long a 429 without a Retry-After is waited for. */
export const throttledSeconds = 60;

/** What Retry-After asks for, an hour at most; `usual` where it says nothing that can be waited for. In seconds. */
export function waitOf(retryAfterSeconds: number | undefined, usual: number): number {
  const isWait = retryAfterSeconds !== undefined && retryAfterSeconds >= 0;
  return isWait ? Math.min(retryAfterSeconds, maxClosedSeconds) : usual;
}

export const fullBudget = (now: Temporal.Instant, { burst }: Bucket): RequestBudget => ({ tokens: burst, at: now });

export function tokensAt(budget: RequestBudget, now: Temporal.Instant, { burst, perSecond }: Bucket): number {
  if (closedUntil(budget, now)) return 0;
  const seconds = budget.at.until(now).total('seconds');
  // Written by a clock that ran ahead, nobody knows when: the bucket may have filled since, and ARM's 429 says if not.
  if (seconds < -burst / perSecond) return burst;
  // Another instance's clock may be ahead of ours: nothing is refilled backwards.
  return Math.min(burst, budget.tokens + Math.max(0, seconds) * perSecond);
}

/** Until when ARM wants to be left alone, if it does. A time that no 429 can have set is none. */
export function closedUntil({ closedUntil: until }: RequestBudget, now: Temporal.Instant) {
  if (until === undefined) return undefined;
  const seconds = now.until(until).total('seconds');
  return seconds > 0 && seconds <= maxClosedSeconds + clocksApartSeconds ? until : undefined;
}

export function spend(budget: RequestBudget, requests: number, now: Temporal.Instant, bucket: Bucket): RequestBudget {
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
