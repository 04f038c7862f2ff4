// Which times of events are believed: one far off would stand in the way of every later event. Called by receiveEvent, sourcesStore.
import type { Temporal } from 'temporal-polyfill';
import { instantIn } from '../text/stored.ts';

const day = 24 * 3_600_000;
/** Event Grid gives an event up after one day; the rest is for events that somebody kept and sends again. */
const oldestDays = 30;
const aheadMinutes = 10;

export const believableTimes = `from ${oldestDays} days ago to ${aheadMinutes} minutes ahead`;

/** In milliseconds: Temporal throws where a sum leaves its range. */
export function isBelievable(at: Temporal.Instant, now: Temporal.Instant): boolean {
  return now.epochMilliseconds - at.epochMilliseconds <= oldestDays * day && !isAhead(at, now);
}

/** What was stored as the time of an event, at whatever age; undefined where it can be none, whoever wrote it there. */
export function storedTime(stored: unknown, now: Temporal.Instant): Temporal.Instant | undefined {
  const at = instantIn(stored);
  return at && at.epochMilliseconds > Date.UTC(2000) && !isAhead(at, now) ? at : undefined;
}

function isAhead(at: Temporal.Instant, now: Temporal.Instant): boolean {
  return at.epochMilliseconds - now.epochMilliseconds > aheadMinutes * 60_000;
}
