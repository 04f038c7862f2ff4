// Where a pass has a limit: who comes first this time. Called by passes and their notifications.
import type { Temporal } from 'temporal-polyfill';

/** Every pass begins elsewhere: where a pass has a limit, those that fail at each of them take nobody's turn for good. */
export function inTurn<T>(list: readonly T[], now: Temporal.Instant): readonly T[] {
  const first = list.length === 0 ? 0 : Math.floor(now.epochMilliseconds / turnMilliseconds) % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}

/** A prime number of milliseconds near a second, so that a pass every few minutes begins at ever other places. */
const turnMilliseconds = 997;
