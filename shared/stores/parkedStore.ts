// Events that could not be used, kept with the reason, a partition a day.
import { createHash } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import type { Tables } from '../ports.ts';

type ParkedEvent = { readonly parkedAt: string; readonly reason: string; readonly event: string };

// A property holds 32 K characters and Event Grid's events are small; the rest of a larger one is cut off and said so.
const longest = 30_000;

/** Keeps the event; the same event delivered again on a day is one row. */
export async function park(tables: Tables, now: Temporal.Instant, event: unknown, reason: string): Promise<void> {
  const text = JSON.stringify(event) ?? String(event);
  const kept = text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
  const value: ParkedEvent = { parkedAt: now.toString(), reason, event: kept };
  const rowKey = createHash('sha256').update(text).digest('hex');
  await tables.write('Parked', now.toString().slice(0, 10), [{ kind: 'upsert', rowKey, value }]);
}
