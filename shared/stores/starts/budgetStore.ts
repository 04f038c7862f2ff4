// The request budgets of the subscriptions, a row each, changed by ETag: all instances draw from them.
import type { Temporal } from 'temporal-polyfill';
import {
  type Bucket,
  buckets,
  close,
  closedUntil,
  fullBudget,
  RequestBudget,
  shareOf,
  spend,
  tokensAt,
} from '../../domain/attempt/requestBudget.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { clusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import type { Row, Tables } from '../../ports/tables.ts';
import { type Codec, readRow, valueIfRead } from '../rows/readRow.ts';
import { replaceRow } from '../rows/replaceRow.ts';

const budgetRows = { table: 'Facts', schema: RequestBudget } satisfies Codec<typeof RequestBudget>;
const upgradesPrefix = 'budget';
/** The usual time between two passes. */
export const secondsPlanned = 300;
const readsRow = 'reads';
const tries = 5;
/** Observations are many at once, and each takes one. */
const triesOfReads = 30;

/** One bucket, as far as it is the keeper's. `guards` starts: where its row can't be read, nothing is granted. */
export type Budget = Bucket & {
  readonly subscription: string;
  readonly row: string;
  readonly guards: boolean;
};

/** @param region of the clusters; empty where nobody knows */
export function upgradesIn(subscription: string, region: string, percentForOthers: number): Budget {
  const share = shareOf(buckets.upgrades, percentForOthers);
  return { ...share, subscription, row: `${upgradesPrefix}|${keyOf(region)}`, guards: true };
}

/** The bucket that the requests on a cluster count in. */
export function upgradesOf({ id, location = '' }: Pick<Cluster, 'id' | 'location'>, percentForOthers: number): Budget {
  return upgradesIn(subscriptionOf(clusterKey(id)), location, percentForOthers);
}

export function operationsIn(subscription: string, region: string, percentForOthers: number): Budget {
  const share = shareOf(buckets.operations, percentForOthers);
  return { ...share, subscription, row: `operations|${keyOf(region)}`, guards: false };
}

/** What may be planned to be refreshed: of a share of that bucket, whatever the time between two passes is. */
export function refreshIn(budget: Budget, kind: 'urgent' | 'background', share: number): Budget {
  const perSecond = budget.perSecond * share;
  const row = budget.row.replace(upgradesPrefix, kind);
  return { ...budget, row, perSecond, burst: Math.floor(perSecond * secondsPlanned), guards: false };
}

export const readsOf = (subscription: string): Budget => ({
  ...buckets.reads,
  subscription,
  row: readsRow,
  guards: false,
});

/** "West Europe" and westeurope are one; what no key of a row takes is left out. */
const keyOf = (region: string) => region.toLowerCase().replace(/[^a-z0-9-]/g, '');

type Asked = {
  readonly wanted: number;
  /** Left for others. */
  readonly reserve?: number;
  /** Less is of no use, and not taken. */
  readonly least?: number;
};

/** What was granted, perhaps 0. Where the row is too contended nothing is. */
export async function takeRequests(
  tables: Tables,
  budget: Budget,
  { wanted, reserve = 0, least = 1 }: Asked,
  now: Temporal.Instant,
): Promise<number> {
  let granted = 0;
  const spendSome = (stored: Row | undefined) => {
    const known = budgetIn(budget, stored, now);
    const left = known ? Math.floor(tokensAt(known, now, budget)) - reserve : 0;
    granted = left >= least ? Math.min(wanted, left) : 0;
    return known && granted > 0 ? spend(known, granted, now, budget) : undefined;
  };
  const result = await replaceRow(tables, placeOf(budget), spendSome, budget.guards ? tries : triesOfReads);
  return result === 'written' ? granted : 0;
}

/** Requests that were taken and not made. */
export async function giveBack(tables: Tables, budget: Budget, requests: number, now: Temporal.Instant): Promise<void> {
  await replaceRow(
    tables,
    placeOf(budget),
    (stored) => {
      const known = stored && budgetIn(budget, stored, now);
      return known && !closedUntil(known, now) ? spend(known, -requests, now, budget) : undefined;
    },
    tries,
  );
}

/** What is left now; 0 where nobody knows. */
export async function readTokens(tables: Tables, budget: Budget, now: Temporal.Instant): Promise<number> {
  const [partition, row] = [budget.subscription, budget.row];
  const known = budgetIn(budget, await tables.get('Facts', partition, row), now);
  return known ? Math.max(0, tokensAt(known, now, budget)) : 0;
}

/** Until when ARM wants to be left alone, if it does; or why nobody knows. */
export async function readClosedUntil(tables: Tables, { subscription, row, guards }: Budget, now: Temporal.Instant) {
  const stored = await tables.get('Facts', subscription, row);
  if (!stored) return { value: undefined };
  const read = readRow(budgetRows, stored);
  if ('problem' in read) return guards ? read : { value: undefined };
  return { value: closedUntil(read.value, now) };
}

/** Notes that ARM said 429 in an answer of the date `armDate`, however contended the row is. */
export async function closeBudget(
  tables: Tables,
  budget: Budget,
  seconds: number,
  now: Temporal.Instant,
  armDate?: Temporal.Instant,
): Promise<void> {
  await replaceRow(tables, placeOf(budget), (stored) => {
    const known = budgetIn(budget, stored, now);
    // What can't be read grants nothing, which is closed enough.
    return known && close(known, seconds, now, armDate);
  });
}

/** Of a row of the table Facts: a budget that keeps starts waiting (earlier versions had one for all regions), or why it can't be read. Undefined: another row. */
export function readBudget(row: Row) {
  if (row.rowKey === readsRow) return valueIfRead(budgetRows, row) && readRow(budgetRows, row);
  return row.rowKey.startsWith(upgradesPrefix) ? readRow(budgetRows, row) : undefined;
}

const placeOf = ({ subscription, row }: Budget) => ['Facts', subscription, row] as const;

function budgetIn(budget: Budget, stored: Row | undefined, now: Temporal.Instant): RequestBudget | undefined {
  const known = stored && valueIfRead(budgetRows, stored);
  return known ?? (stored && budget.guards ? undefined : fullBudget(now, budget));
}
