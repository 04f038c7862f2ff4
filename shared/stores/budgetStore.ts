// The request budgets of the subscriptions, one row each, changed by ETag: all instances draw from one.
import type { Temporal } from 'temporal-polyfill';
import { close, fullBudget, type RequestBudget, spend, tokensAt } from '../domain/requestBudget.ts';
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

/** Notes that ARM said 429. */
export async function closeBudget(
  tables: Tables,
  subscription: string,
  seconds: number,
  now: Temporal.Instant,
): Promise<void> {
  for (let tried = 0; tried < tries; tried += 1) {
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
