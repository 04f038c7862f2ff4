// For how long the adapters trust what they keep in memory. Called by capacity.ts and kubernetes.ts.
import type { Temporal } from 'temporal-polyfill';

/** What a clock that ran ahead has kept is read again. */
export function isFresh(keptAt: Temporal.Instant, now: Temporal.Instant, minutes: number): boolean {
  const age = keptAt.until(now).total('minutes');
  return age >= 0 && age < minutes;
}
