// Instants and their texts, each made once: a fleet's windows open at the same few, and making one takes longer than finding
// when a window opens. Called by whoever works out times for every pool.
import { Temporal } from 'temporal-polyfill';

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

const texts = new WeakMap<Temporal.Instant, string>();

/** As its `toString` says it. */
export function textOf(instant: Temporal.Instant): string {
  const found = texts.get(instant);
  if (found !== undefined) return found;
  const made = instant.toString();
  texts.set(instant, made);
  return made;
}
