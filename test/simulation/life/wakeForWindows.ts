// Where windows open and close, the keeper must be awake. Used by run.ts.
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import { occurrences, openParts, readWindow } from '../judge/own/calendar.ts';
import type { Schedule } from '../world/schedule.ts';
import type { Draw } from '../world/seed.ts';
import type { Timers } from '../world/timers.ts';
import type { Truth } from '../world/truth.ts';
import { isDueIn } from './due.ts';

const minute = 60_000;

export function wakeForWindows(
  truth: Truth,
  fleet: Fleet,
  schedule: Schedule,
  draw: Draw,
  wake: Timers['wake'],
  /** A clock that is ahead sees a window open so much too early. */
  doubt: number,
) {
  const woken = new Set<string>();
  const current = () =>
    [...truth.clusters.entries()].flatMap(([key, moments]) => {
      const json = moments.at(-1)?.window;
      const window = readWindow(json, true);
      return window ? [{ key, json, window }] : [];
    });
  return {
    openings: (from: number, to: number): readonly number[] =>
      current().flatMap(({ window }) => occurrences(window, { from, to }).map((occurrence) => occurrence.from)),
    /** For the windows as they now are. */
    again: (from: number, to: number): void => {
      for (const { key, json, window } of current()) {
        for (const occurrence of occurrences(window, { from, to })) {
          for (const part of openParts(window, occurrence)) {
            const name = `${json} ${key} ${part.from}`;
            if (woken.has(name)) continue;
            woken.add(name);
            // Where nothing is due, not every opening is worth a look.
            const isLookedAt = draw.chance(0.15);
            const matters = () =>
              truth.clusters.get(key)?.at(-1)?.window === json &&
              (isLookedAt || isDueIn(truth, fleet, key, schedule.now()));
            wake(part.from - minute - doubt, part.from + 17 * minute, matters);
            wake(part.to - 11 * minute, part.to + minute, matters);
          }
        }
      }
    },
  };
}
