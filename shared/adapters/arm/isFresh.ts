// For how long the adapters trust what they keep in memory. Called by those that keep something.
import type { Temporal } from 'temporal-polyfill';

/** True for so many minutes; what was kept by a clock that ran ahead is read again, not trusted until its time comes. */
export function isFresh(keptAt: Temporal.Instant, now: Temporal.Instant, minutes: number): boolean {
  const age = keptAt.until(now).total('minutes');
  return age >= 0 && age < minutes;
}
