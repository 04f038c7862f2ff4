// Where windows open and close, the keeper must be awake. Used by life.ts.
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import type { Draw } from '../draw/seed.ts';
import { occurrences, openParts, readWindow, type Span } from '../judge/own/calendar.ts';
import { isDueIn } from '../judge/own/due.ts';
import type { Truth } from '../record/truth.ts';
import type { Timers } from '../world/host/timers.ts';
import type { Schedule } from '../world/schedule.ts';

const minute = 60_000;

export type Windows = {
  /** When windows open between these times, as they now are. */
  readonly openings: (from: number, to: number) => readonly number[];
  /** Wakes the keeper where windows open and close, as they now are. */
  readonly again: (from: number, to: number) => void;
};

type Options = {
  readonly truth: Truth;
  readonly fleet: Fleet;
  readonly schedule: Schedule;
  readonly draw: Draw;
  readonly wake: Timers['wake'];
  /** A clock that is ahead sees a window open so much too early. */
  readonly doubt: number;
};

export function wakeForWindows(options: Options): Windows {
  const woken = new Set<string>();
  const current = () =>
    [...options.truth.clusters.entries()].flatMap(([key, moments]) => {
      const json = moments.at(-1)?.window;
      const window = readWindow(json, true);
      return window ? [{ key, json, window }] : [];
    });
  return {
    openings: (from, to) =>
      current().flatMap(({ window }) => occurrences(window, { from, to }).map((occurrence) => occurrence.from)),
    again: (from, to) => {
      for (const { key, json, window } of current()) {
        for (const part of occurrences(window, { from, to }).flatMap((one) => openParts(window, one))) {
          const name = `${json} ${key} ${part.from}`;
          if (woken.has(name)) continue;
          woken.add(name);
          wakeFor(options, part, key, json);
        }
      }
    },
  };
}

function wakeFor(
  { truth, fleet, schedule, draw, wake, doubt }: Options,
  part: Span,
  key: string,
  json: string | undefined,
): void {
  // Where nothing is due, not every opening is worth a look.
  const isLookedAt = draw.chance(0.15);
  const matters = () =>
    truth.clusters.get(key)?.at(-1)?.window === json && (isLookedAt || isDueIn(truth, fleet, key, schedule.now()));
  wake(part.from - minute - doubt, part.from + 17 * minute, matters);
  wake(part.to - 11 * minute, part.to + minute, matters);
}
