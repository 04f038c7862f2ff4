// The clocks of the instances: seconds off as a rule, and now and then far off for hours. Used by drawOptions.ts.
import type { Draw } from './seed.ts';

export type Skews = {
  /** Milliseconds by which each instance's clock is ahead. */
  readonly usual: readonly number[];
  /** Times in which a clock is off by more. */
  readonly spells: readonly {
    readonly instance: number;
    readonly from: number;
    readonly to: number;
    readonly skew: number;
  }[];
  readonly largest: number;
};

export const instances = 2;

export function drawSkews(draw: Draw, from: number, quietFrom: number): Skews {
  const usual = Array.from({ length: instances }, () => draw.whole(-1500, 1500));
  const count = quietFrom > from ? draw.pick([0, 0, 1, 2, 4]) : 0;
  const spells = Array.from({ length: count }, () => {
    const begins = draw.whole(from, quietFrom - 1);
    const ends = Math.min(quietFrom, begins + draw.whole(1, 72) * 3_600_000);
    const largest = draw.pick([10_000, 29_000, 45_000, 45_000, 600_000]);
    const skew = draw.whole(-largest, largest);
    return { instance: draw.whole(0, instances - 1), from: begins, to: ends, skew };
  });
  return { usual, spells, largest: Math.max(1500, ...spells.map(({ skew }) => Math.abs(skew))) };
}

/** Milliseconds by which an instance's clock is ahead at a time. */
export function skewOf({ usual, spells }: Skews, instance: number, now: number): number {
  const spell = spells.find((one) => one.instance === instance && one.from <= now && now < one.to);
  return spell?.skew ?? usual[instance] ?? 0;
}
