// Instants and their texts, each made once: a fleet's windows open at the same few, and making one takes longer than finding
// when a window opens. Called by whoever works out times for every pool.
import { Temporal } from 'temporal-polyfill';
import { onceFor } from '../text/onceFor.ts';

const known = new Map<number, Temporal.Instant>();
const maxKnown = 1000;

export function instantAt(milliseconds: number): Temporal.Instant {
  const found = known.get(milliseconds);
  if (found) return found;
  if (known.size >= maxKnown) known.clear();
  const made = Temporal.Instant.fromEpochMilliseconds(milliseconds);
  known.set(milliseconds, made);
  return made;
}

/** As its `toString` says it. */
export const textOf = onceFor((instant: Temporal.Instant) => instant.toString());
