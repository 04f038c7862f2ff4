// The request budgets of the subscriptions, one row each, changed by ETag: all instances draw from one.
import type { Temporal } from 'temporal-polyfill';
import { close, closedUntil, fullBudget, RequestBudget, spend, tokensAt } from '../domain/attempt/requestBudget.ts';
import type { Row, Tables } from '../ports/tables.ts';
import { type Codec, readRow, valueIfRead } from './rows/readRow.ts';
import { replaceRow } from './rows/replaceRow.ts';

export const budgetRow = 'budget';
export const budgetRows = { table: 'Facts', schema: RequestBudget } satisfies Codec<typeof RequestBudget>;
const tries = 5;

/** What was granted, perhaps 0. Where the row is too contended, or can't be read, nothing is. @param reserve is left for others */
export async function takeRequests(
  tables: Tables,
  subscription: string,
  wanted: number,
  reserve: number,
  now: Temporal.Instant,
): Promise<number> {
  let granted = 0;
  const take = (stored: Row | undefined) => {
    const budget = budgetIn(stored, now);
    granted = budget ? Math.max(0, Math.min(wanted, tokensAt(budget, now) - reserve)) : 0;
    return budget && granted > 0 ? spend(budget, granted, now) : undefined;
  };
  const result = await replaceRow(tables, ['Facts', subscription, budgetRow], take, tries);
  return result === 'written' ? granted : 0;
}

/** Until when ARM wants to be left alone, if it does; or why nobody knows. */
export async function readClosedUntil(tables: Tables, subscription: string, now: Temporal.Instant) {
  const stored = await tables.get('Facts', subscription, budgetRow);
  if (!stored) return { value: undefined };
  const read = readRow(budgetRows, stored);
  return 'problem' in read ? read : { value: closedUntil(read.value, now) };
}

/** Notes that ARM said 429 in an answer of the date `armDate`, however contended the row is. */
export async function closeBudget(
  tables: Tables,
  subscription: string,
  seconds: number,
  now: Temporal.Instant,
  armDate?: Temporal.Instant,
): Promise<void> {
  await replaceRow(tables, ['Facts', subscription, budgetRow], (stored) => {
    const budget = budgetIn(stored, now);
    // What can't be read grants nothing, which is closed enough.
    return budget && close(budget, seconds, now, armDate);
  });
}

function budgetIn(stored: Row | undefined, now: Temporal.Instant): RequestBudget | undefined {
  return stored ? valueIfRead(budgetRows, stored) : fullBudget(now);
}
