// The request budgets of the subscriptions, one row each, changed by ETag: all instances draw from one.
import type { Temporal } from 'temporal-polyfill';
import { close, closedUntil, fullBudget, type RequestBudget, spend, tokensAt } from '../domain/requestBudget.ts';
import type { Row, Tables } from '../ports.ts';

export const budgetRow = 'budget';
const tries = 5;

/**
 * Takes up to `wanted` requests and leaves `reserve` for others; what was granted may be 0.
 * Where the row is too contended to change, nothing is granted.
 */
export async function takeRequests(
  tables: Tables,
  subscription: string,
  wanted: number,
  reserve: number,
  now: Temporal.Instant,
): Promise<number> {
  for (let tried = 0; tried < tries; tried += 1) {
    const stored = await tables.get('Facts', subscription, budgetRow);
    const budget = (stored?.value as RequestBudget | undefined) ?? fullBudget(now);
    const granted = Math.max(0, Math.min(wanted, tokensAt(budget, now) - reserve));
    if (granted === 0) return 0;
    if (await write(tables, subscription, stored, spend(budget, granted, now))) return granted;
  }
  return 0;
}

/** Until when ARM wants to be left alone, if it does. */
export async function readClosedUntil(
  tables: Tables,
  subscription: string,
  now: Temporal.Instant,
): Promise<Temporal.Instant | undefined> {
  const stored = await tables.get('Facts', subscription, budgetRow);
  return stored && closedUntil(stored.value as RequestBudget, now);
}

/** Notes that ARM said 429, however contended the row is: each turn somebody else's change gets through, so this ends. */
export async function closeBudget(
  tables: Tables,
  subscription: string,
  seconds: number,
  now: Temporal.Instant,
): Promise<void> {
  for (;;) {
    const stored = await tables.get('Facts', subscription, budgetRow);
    const budget = (stored?.value as RequestBudget | undefined) ?? fullBudget(now);
    if (await write(tables, subscription, stored, close(budget, seconds, now))) return;
  }
}

async function write(tables: Tables, subscription: string, stored: Row | undefined, value: RequestBudget) {
  const change = stored
    ? ({ kind: 'replace', rowKey: budgetRow, value, etag: stored.etag } as const)
    : ({ kind: 'insert', rowKey: budgetRow, value } as const);
  return (await tables.write('Facts', subscription, [change])) === 'written';
}
