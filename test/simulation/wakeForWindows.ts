// Where windows open and close, the keeper must be awake. Used by run.ts.
import { occurrences, openParts, readWindow } from './calendar.ts';
import type { Truth } from './truth.ts';

const minute = 60_000;

export function wakeForWindows(truth: Truth, wake: (from: number, to: number) => void) {
  const woken = new Set<string>();
  const current = () =>
    [...truth.clusters.entries()].flatMap(([key, moments]) => {
      const window = readWindow(moments.at(-1)?.window);
      return window ? [{ key, window }] : [];
    });
  return {
    openings: (from: number, to: number): readonly number[] =>
      current().flatMap(({ window }) => occurrences(window, { from, to }).map((occurrence) => occurrence.from)),
    /** For the windows as they now are. */
    again: (from: number, to: number): void => {
      for (const { key, window } of current()) {
        for (const occurrence of occurrences(window, { from, to })) {
          for (const part of openParts(window, occurrence)) {
            const name = `${key} ${part.from} ${part.to}`;
            if (woken.has(name)) continue;
            woken.add(name);
            wake(part.from - minute, part.from + 17 * minute);
            wake(part.to - 11 * minute, part.to + minute);
          }
        }
      }
    },
  };
}
