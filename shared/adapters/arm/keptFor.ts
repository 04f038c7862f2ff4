// Keeps in memory what is costly to read. Used by capacity.ts and kubernetes.ts.
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../ports/clock.ts';

/** Those who ask at once share one read; a failure is not kept. What a clock that ran ahead has kept is read again. */
export function keptFor<T>(minutes: number, clock: Clock) {
  const kept = new Map<string, { readonly at: Temporal.Instant; readonly value: Promise<T> }>();
  return {
    get(key: string, read: () => Promise<T>): Promise<T> {
      const now = clock.now();
      const known = kept.get(key);
      const age = known?.at.until(now).total('minutes');
      if (known && age !== undefined && age >= 0 && age < minutes) return known.value;
      const value = read().catch((error: unknown) => {
        kept.delete(key);
        throw error;
      });
      kept.set(key, { at: now, value });
      return value;
    },
    drop: (key: string) => kept.delete(key),
  };
}
