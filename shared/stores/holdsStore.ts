// Holds: rows of the table Policy. Those that hold, or will, stand; lifted ones stay as history.
import type { Temporal } from 'temporal-polyfill';
import { failuresOf, type Hold, readHold } from '../domain/policy/hold.ts';
import type { Tables } from '../ports/tables.ts';
import { type Page, type PageRequest, pageOfList } from './rows/page.ts';
import { endStanding, insertStanding, listEnded, readRows, type StandingRows } from './rows/standingRows.ts';

const rows: StandingRows = { partition: 'holds', ended: 'lifted|' };

export type LiftedHold = Hold & { readonly liftedAt: string; readonly liftedBy: string };

export type HoldsRead = {
  /** Those that are not lifted, oldest first. */
  readonly holds: readonly Hold[];
  /** Rows that are none, so that nobody knows what they hold. */
  readonly unreadable: readonly string[];
  /** The ids of attempts whose failures made a hold, be it lifted. */
  readonly countedFailures: readonly string[];
};

export async function readHolds(tables: Tables): Promise<HoldsRead> {
  const holds: Hold[] = [];
  const unreadable: string[] = [];
  const countedFailures: string[] = [];
  for await (const { rowKey, value, hasEnded } of readRows(tables, rows)) {
    countedFailures.push(...failuresOf(value));
    if (hasEnded) continue;
    const hold = readHold(value);
    if (hold) holds.push(hold);
    else unreadable.push(rowKey);
  }
  holds.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  return { holds, unreadable, countedFailures };
}

/** Those that are not lifted, oldest first. */
export async function listHolds(tables: Tables, request: PageRequest): Promise<Page<Hold>> {
  return pageOfList((await readHolds(tables)).holds, ({ createdAt, id }) => `${createdAt}|${id}`, request);
}

/** Those that were lifted, the last one first. */
export function listLiftedHolds(tables: Tables, request: PageRequest): Promise<Page<LiftedHold>> {
  return listEnded(tables, rows, request);
}

/** False when one of its id holds already. */
export function insertHold(tables: Tables, hold: Hold): Promise<boolean> {
  return insertStanding(tables, rows, hold);
}

/** Lifts a hold and keeps who did; undefined when none of that id holds, be it that somebody else has just lifted it. */
export function liftHold(
  tables: Tables,
  id: string,
  { at, by }: { readonly at: Temporal.Instant; readonly by: string },
): Promise<LiftedHold | undefined> {
  return endStanding<Hold, Pick<LiftedHold, 'liftedAt' | 'liftedBy'>>(tables, rows, id, at, {
    liftedAt: at.toString(),
    liftedBy: by,
  });
}
