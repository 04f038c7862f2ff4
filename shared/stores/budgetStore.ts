// The request budgets of the subscriptions, a row each, changed by ETag: all instances draw from them.
import type { Temporal } from 'temporal-polyfill';
import {
  type Bucket,
  close,
  closedUntil,
  fullBudget,
  observations,
  RequestBudget,
  spend,
  tokensAt,
} from '../domain/attempt/requestBudget.ts';
import type { Row, Tables } from '../ports/tables.ts';
import { type Codec, readRow, valueIfRead } from './rows/readRow.ts';
import { replaceRow } from './rows/replaceRow.ts';

export const budgetRow = 'budget';
/** Of the reads that observations make. */
const readsRow = 'reads';
type RowOf = readonly [subscription: string, row: typeof budgetRow | typeof readsRow];
const ofRow = { [budgetRow]: budgetIn, [readsRow]: readsIn };
export const budgetRows = { table: 'Facts', schema: RequestBudget } satisfies Codec<typeof RequestBudget>;
const tries = 5;
/** Observations are many at once, and each takes one. */
const triesOfReads = 30;

/** What was granted, perhaps 0. Where the row is too contended, or can't be read, nothing is. @param reserve is left for others */
export function takeRequests(
  tables: Tables,
  subscription: string,
  wanted: number,
  reserve: number,
  now: Temporal.Instant,
): Promise<number> {
  return take(tables, [subscription, budgetRow], { wanted, reserve, tries }, now);
}

/** Whether an observation may read its cluster now. A row that can't be read is made anew: it guards no start. */
export async function takeRead(tables: Tables, subscription: string, reserve: number, now: Temporal.Instant) {
  const asked = { wanted: 1, reserve, tries: triesOfReads, bucket: observations };
  return (await take(tables, [subscription, readsRow], asked, now)) === 1;
}

type Asked = { readonly wanted: number; readonly reserve: number; readonly tries: number; readonly bucket?: Bucket };

async function take(
  tables: Tables,
  [subscription, row]: RowOf,
  { wanted, reserve, tries: most, bucket }: Asked,
  now: Temporal.Instant,
): Promise<number> {
  let granted = 0;
  const spendSome = (stored: Row | undefined) => {
    const budget = ofRow[row](stored, now);
    granted = budget ? Math.max(0, Math.min(wanted, tokensAt(budget, now, bucket) - reserve)) : 0;
    return budget && granted > 0 ? spend(budget, granted, now, bucket) : undefined;
  };
  const result = await replaceRow(tables, ['Facts', subscription, row], spendSome, most);
  return result === 'written' ? granted : 0;
}

/** Until when ARM wants to be left alone, if it does; or why nobody knows. */
export async function readClosedUntil(tables: Tables, subscription: string, now: Temporal.Instant) {
  const stored = await tables.get('Facts', subscription, budgetRow);
  if (!stored) return { value: undefined };
  const read = readRow(budgetRows, stored);
  return 'problem' in read ? read : { value: closedUntil(read.value, now) };
}

/** Until when no observation may read; undefined: it may, or there is no saying. */
export async function readsClosedUntil(tables: Tables, subscription: string, now: Temporal.Instant) {
  const budget = readsIn(await tables.get('Facts', subscription, readsRow), now);
  return closedUntil(budget, now);
}

/** Notes that ARM said 429 in an answer of the date `armDate`, however contended the row is. */
export const closeBudget = closer(budgetRow);

/** The same for the reads of observations. */
export const closeReads = closer(readsRow);

function closer(row: RowOf[1]) {
  return async (
    tables: Tables,
    subscription: string,
    seconds: number,
    now: Temporal.Instant,
    armDate?: Temporal.Instant,
  ): Promise<void> => {
    await replaceRow(tables, ['Facts', subscription, row], (stored) => {
      const budget = ofRow[row](stored, now);
      // What can't be read grants nothing, which is closed enough.
      return budget && close(budget, seconds, now, armDate);
    });
  };
}

function budgetIn(stored: Row | undefined, now: Temporal.Instant): RequestBudget | undefined {
  return stored ? valueIfRead(budgetRows, stored) : fullBudget(now);
}

function readsIn(stored: Row | undefined, now: Temporal.Instant): RequestBudget {
  return valueIfRead(budgetRows, stored) ?? fullBudget(now, observations);
}
