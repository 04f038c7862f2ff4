// Events that could not be used, kept with the reason: a partition a day, bounded, and a row that counts them.
import { createHash } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { shallow } from '../domain/text/shallow.ts';
import { shortened } from '../domain/text/shortened.ts';
import type { Tables } from '../ports/tables.ts';
import { deleteRows, listRows } from './rows/listRows.ts';
import { valueIfRead } from './rows/readRow.ts';
import { replaceRow } from './rows/replaceRow.ts';

// A property holds 32 K characters and Event Grid's events are small; the rest of a larger one is cut off and said so.
const longest = 28_000;
const longestReason = 2000;
export const maxParkedADay = 1000;
export const parkedDays = 30;
const atOnce = 16;

const Day = z.looseObject({ kept: z.number(), dropped: z.number() });
const dayRows = { table: 'Parked', schema: Day } as const;
const daysPartition = 'days';

export type Unusable = { readonly event: unknown; readonly reason: string };

/** Keeps events; the same one delivered again on a day is one row. `isNewDay`: nothing was parked on this day before. */
export async function park(tables: Tables, now: Temporal.Instant, unusable: readonly Unusable[]) {
  const day = now.toString().slice(0, 10);
  const before = await tables.get('Parked', daysPartition, day);
  const room = maxParkedADay - (valueIfRead(dayRows, before)?.kept ?? 0);
  const rows = [...new Map(unusable.map((one) => toRow(one, now)))];
  let kept = 0;
  let tried = 0;
  while (tried < rows.length && kept < room) {
    const some = rows.slice(tried, tried + Math.min(atOnce, room - kept));
    const write = ([rowKey, value]: (typeof rows)[number]) =>
      tables.write('Parked', day, [{ kind: 'insert', rowKey, value }]);
    kept += (await Promise.all(some.map(write))).filter((result) => result === 'written').length;
    tried += some.length;
  }
  const dropped = rows.length - tried;
  if (kept + dropped > 0) {
    await replaceRow(tables, ['Parked', daysPartition, day], (row) => {
      const sums = valueIfRead(dayRows, row) ?? { kept: 0, dropped: 0 };
      return { kept: sums.kept + kept, dropped: sums.dropped + dropped };
    });
  }
  return { dropped, isNewDay: before === undefined };
}

function toRow({ event, reason }: Unusable, now: Temporal.Instant) {
  const text = JSON.stringify(shallow(event)) ?? String(event);
  const value = { parkedAt: now.toString(), reason: shortened(reason, longestReason), event: shortened(text, longest) };
  return [createHash('sha256').update(text).digest('hex'), value] as const;
}

/** Days whose count is not there, from earlier versions, stay. */
export async function deleteParkedBefore(tables: Tables, oldest: Temporal.Instant): Promise<void> {
  const old = await listRows(tables, 'Parked', daysPartition, { to: oldest.toString().slice(0, 10) });
  for (const row of old) {
    await deleteRows(tables, 'Parked', row.rowKey, await listRows(tables, 'Parked', row.rowKey));
    await deleteRows(tables, 'Parked', daysPartition, [row]);
  }
}
