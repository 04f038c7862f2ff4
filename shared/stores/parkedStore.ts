// Events that could not be used, kept with the reason, a partition a day.
import { createHash } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import { shortened } from '../domain/text/shortened.ts';
import type { Tables } from '../ports/tables.ts';

// A property holds 32 K characters and Event Grid's events are small; the rest of a larger one is cut off and said so.
const longest = 28_000;
const longestReason = 2000;

/** Keeps the event; the same event delivered again on a day is one row. */
export async function park(tables: Tables, now: Temporal.Instant, event: unknown, reason: string): Promise<void> {
  const text = JSON.stringify(event) ?? String(event);
  const value = {
    parkedAt: now.toString(),
    reason: shortened(reason, longestReason),
    event: shortened(text, longest),
  };
  const rowKey = createHash('sha256').update(text).digest('hex');
  await tables.write('Parked', now.toString().slice(0, 10), [{ kind: 'upsert', rowKey, value }]);
}
