// Holds: rows of the table Policy. Those that hold, or will, under `active`; lifted ones stay as history, newest first.
import type { Temporal } from 'temporal-polyfill';
import { type Hold, readHold } from '../domain/hold.ts';
import type { Tables } from '../ports.ts';
import { descending } from './keys.ts';

const partition = 'holds';
const activePrefix = 'active|';
const liftedPrefix = 'lifted|';
const activeRow = (id: string) => activePrefix + id;

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
  for await (const { rowKey, value } of tables.query('Policy', partition, { from: activePrefix })) {
    if (rowKey.startsWith(liftedPrefix)) {
      countedFailures.push(...((value as Partial<LiftedHold> | null)?.failures ?? []));
      continue;
    }
    const hold = readHold(value);
    countedFailures.push(...(hold?.failures ?? []));
    if (hold) holds.push(hold);
    else unreadable.push(rowKey);
  }
  holds.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  return { holds, unreadable, countedFailures };
}

export async function listLiftedHolds(tables: Tables, limit: number): Promise<readonly LiftedHold[]> {
  const holds: LiftedHold[] = [];
  for await (const { value } of tables.query('Policy', partition, { from: liftedPrefix })) {
    holds.push(value as LiftedHold);
    if (holds.length === limit) break;
  }
  return holds;
}

/** False when one of its id holds already. */
export async function insertHold(tables: Tables, hold: Hold): Promise<boolean> {
  const written = await tables.write('Policy', partition, [
    { kind: 'insert', rowKey: activeRow(hold.id), value: hold },
  ]);
  return written === 'written';
}

/** Lifts a hold and keeps who did; undefined when none of that id holds, be it that somebody else has just lifted it. */
export async function liftHold(
  tables: Tables,
  id: string,
  lifted: { readonly at: Temporal.Instant; readonly by: string },
): Promise<LiftedHold | undefined> {
  const row = await tables.get('Policy', partition, activeRow(id));
  if (!row) return undefined;
  const value = { ...(row.value as Hold), liftedAt: lifted.at.toString(), liftedBy: lifted.by };
  const liftedRow = `${liftedPrefix}${descending(lifted.at.epochMilliseconds)}|${id}`;
  const written = await tables.write('Policy', partition, [
    { kind: 'delete', rowKey: activeRow(id), etag: row.etag },
    { kind: 'insert', rowKey: liftedRow, value },
  ]);
  return written === 'conflict' ? undefined : value;
}
