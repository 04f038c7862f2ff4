// A clock and timeouts that a test moves by hand.
import { Temporal } from 'temporal-polyfill';
import type { After } from '../../../local/functionsHost/worker/after.ts';

type Waiting = { readonly at: Temporal.Instant; readonly run: () => void };

/**
 * `set` moves the clock without firing anything, `fireNext` fires the next timeout without moving the clock, `advanceTo`
 * does both, in order, and lets each settle.
 */
export function createHandClock(start: string) {
  let now = Temporal.Instant.from(start);
  const waiting = new Set<Waiting>();
  const after: After = (milliseconds, run) => {
    if (milliseconds > 2 ** 31 - 1) throw new Error(`setTimeout does not hold ${milliseconds} ms.`);
    const entry = { at: now.add({ milliseconds }), run };
    waiting.add(entry);
    return () => waiting.delete(entry);
  };
  const first = () => [...waiting].sort((a, b) => Temporal.Instant.compare(a.at, b.at))[0];
  const fire = async (entry: Waiting) => {
    waiting.delete(entry);
    entry.run();
    await settle();
  };
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    clock: { now: () => now },
    after,
    waiting: () => waiting.size,
    set: (time: string) => {
      now = Temporal.Instant.from(time);
    },
    fireNext: async () => {
      const entry = first();
      if (entry) await fire(entry);
    },
    advanceTo: async (time: string) => {
      const end = Temporal.Instant.from(time);
      await settle();
      for (let entry = first(); entry && Temporal.Instant.compare(entry.at, end) <= 0; entry = first()) {
        if (Temporal.Instant.compare(entry.at, now) > 0) now = entry.at;
        await fire(entry);
      }
      if (Temporal.Instant.compare(end, now) > 0) now = end;
      await settle();
    },
  };
}
