// Which times of events are believed. They come from outside, and one that is far off would date what it is not of, and stand
// in the way of every event after it. Called by receiveEvent and sourcesStore.
import { Temporal } from 'temporal-polyfill';

const day = 24 * 3_600_000;
/** Event Grid gives an event up after one day; the rest is for events that somebody kept and sends again. */
const oldestDays = 30;
/** What the clock of a sender may be ahead of ours. */
const aheadMinutes = 10;

export const believableTimes = `from ${oldestDays} days ago to ${aheadMinutes} minutes ahead`;

/** In milliseconds: Temporal throws where a sum leaves its range. */
export function isBelievable(at: Temporal.Instant, now: Temporal.Instant): boolean {
  return now.epochMilliseconds - at.epochMilliseconds <= oldestDays * day && !isAhead(at, now);
}

/** What was stored as the time of an event, at whatever age; undefined where it can be none, whoever wrote it there. */
export function storedTime(stored: unknown, now: Temporal.Instant): Temporal.Instant | undefined {
  if (typeof stored !== 'string') return undefined;
  try {
    const at = Temporal.Instant.from(stored);
    return at.epochMilliseconds > Date.UTC(2000) && !isAhead(at, now) ? at : undefined;
  } catch {
    return undefined;
  }
}

function isAhead(at: Temporal.Instant, now: Temporal.Instant): boolean {
  return at.epochMilliseconds - now.epochMilliseconds > aheadMinutes * 60_000;
}
