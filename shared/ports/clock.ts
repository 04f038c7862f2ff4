// The time, driven by hand in tests.
import type { Temporal } from 'temporal-polyfill';

export type Clock = {
  /** By our clock; by ARM's where its last answer showed that the two differ by more than 30 s. */
  readonly now: () => Temporal.Instant;
  /** The milliseconds by which `now` differs from our clock for that; 0 and absent: it does not. */
  readonly correction?: () => number;
};

export const isClockOff = ({ correction }: Clock) => (correction?.() ?? 0) !== 0;

/** When work began that asks ARM, by what is known of the clock once it has ended, and when that was: what ARM answered was so between the two. */
export async function began<T>(clock: Clock, work: () => Promise<T>) {
  const [at, before] = [clock.now(), clock.correction?.() ?? 0];
  const value = await work();
  const endedAt = clock.now();
  return { at: at.add({ milliseconds: (clock.correction?.() ?? 0) - before }), endedAt, value };
}
