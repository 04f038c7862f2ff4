// The request budget of a subscription: AKS's bucket for "all else" (upgrade profiles, maintenance configurations, the
// upgrade itself) holds 60 and refills one a second (AKS-FACTS section 5). Kept in storage, so that all instances of the
// app draw from one. Called by budgetStore.
import { Temporal } from 'temporal-polyfill';

export type RequestBudget = {
  /** What was left at `at`. */
  readonly tokens: number;
  readonly at: string;
  /** ARM said 429: nothing is spent before. */
  readonly closedUntil?: string;
};

/**
 * The window, the upgrade profile and the upgrade itself; and for preflight quotas, VM sizes, the virtual network that AKS
 * made and its usages, so that many starts at once stay below the limits of ARM too. Reads of a cluster have a bucket of
 * their own.
 */
export const requestsPerStart = 7;

/** Those of them that are preflight's. */
export const requestsPerPreflight = 4;

const burst = 60;
const perSecond = 1;

export const fullBudget = (now: Temporal.Instant): RequestBudget => ({ tokens: burst, at: now.toString() });

/** What may be spent now. */
export function tokensAt(budget: RequestBudget, now: Temporal.Instant): number {
  if (closedUntil(budget, now)) return 0;
  // Another instance's clock may be ahead of ours: nothing is refilled backwards.
  const seconds = Math.max(0, Temporal.Instant.from(budget.at).until(now).total('seconds'));
  return Math.min(burst, Math.floor(budget.tokens + seconds * perSecond));
}

/** Until when ARM wants to be left alone, if it does. */
export function closedUntil(
  { closedUntil: until }: RequestBudget,
  now: Temporal.Instant,
): Temporal.Instant | undefined {
  if (until === undefined) return undefined;
  const instant = Temporal.Instant.from(until);
  return Temporal.Instant.compare(now, instant) < 0 ? instant : undefined;
}

/** When so many requests can be spent, if that is not now. */
export function availableAt(
  budget: RequestBudget,
  requests: number,
  now: Temporal.Instant,
): Temporal.Instant | undefined {
  const closed = closedUntil(budget, now);
  if (closed) return closed.add({ seconds: requests / perSecond });
  const missing = requests - tokensAt(budget, now);
  return missing > 0 ? now.add({ seconds: Math.ceil(missing / perSecond) }) : undefined;
}

/** The budget after spending; more than there is leaves a debt, which the refill pays first. */
export function spend(budget: RequestBudget, requests: number, now: Temporal.Instant): RequestBudget {
  return { ...budget, tokens: tokensAt(budget, now) - requests, at: now.toString() };
}

/** The budget after a 429: closed for as long as ARM said, and empty then. */
export function close(budget: RequestBudget, seconds: number, now: Temporal.Instant): RequestBudget {
  const until = now.add({ milliseconds: Math.ceil(seconds * 1000) });
  const later = closedUntil(budget, now);
  const closed = later && Temporal.Instant.compare(later, until) > 0 ? later : until;
  return { tokens: 0, at: closed.toString(), closedUntil: closed.toString() };
}
