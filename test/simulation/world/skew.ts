// The clocks of the instances: seconds off as a rule, and now and then far off for hours. Used by run.ts.
import type { Draw } from './seed.ts';

export type Skews = {
  /** Milliseconds by which an instance's clock is ahead. */
  readonly of: (instance: number, now: number) => number;
  /** The largest that any clock ever was off. */
  readonly largest: number;
};

export function drawSkews(draw: Draw, instances: number, from: number, quietFrom: number, isClean: boolean): Skews {
  const usual = Array.from({ length: instances }, () => draw.whole(-1500, 1500));
  const spells: { readonly instance: number; readonly from: number; readonly to: number; readonly skew: number }[] = [];
  const count = isClean ? 0 : draw.pick([0, 0, 1, 2, 4]);
  for (let index = 0; index < count; index += 1) {
    const begins = draw.whole(from, quietFrom - 1);
    const ends = Math.min(quietFrom, begins + draw.whole(1, 72) * 3_600_000);
    const largest = draw.pick([10_000, 29_000, 45_000, 45_000, 600_000]);
    spells.push({
      instance: draw.whole(0, instances - 1),
      from: begins,
      to: ends,
      skew: draw.whole(-largest, largest),
    });
  }
  return {
    of: (instance, now) => {
      const spell = spells.find((one) => one.instance === instance && one.from <= now && now < one.to);
      return spell?.skew ?? usual[instance] ?? 0;
    },
    largest: Math.max(1500, ...spells.map(({ skew }) => Math.abs(skew))),
  };
}
