// Short runs as tests: half of them in each of two files, so that two cores share them. `npm run simulate` has more.
import { describe, expect, it } from 'vitest';
import { drawOptions } from './draw/drawOptions.ts';
import { check } from './judge/checker.ts';
import { run } from './run.ts';

/** Half a second each on an idle core; a busy machine takes many times as long. */
export const patience = 90_000;

/** The runs of the first 71 that take over two seconds on an idle core: `npm run simulate` has them too. */
const long = new Set([
  1, 3, 4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 19, 22, 23, 24, 26, 28, 29, 30, 31, 32, 34, 35, 36, 37, 38, 42, 47, 49, 50,
  51, 52, 53, 54, 56, 57, 58, 59, 60, 61, 63, 64, 65, 66, 69, 70,
]);
const seeds = Array.from({ length: 71 }, (_, index) => index + 1).filter((seed) => !long.has(seed));

export function judgeWeeks(which: 'odd' | 'even'): void {
  const own = seeds.filter((seed) => seed % 2 === (which === 'odd' ? 1 : 0));
  describe('weeks of a fleet in which anything can go wrong', () => {
    it.each(own)(
      'seed %i: nothing is started wrongly, twice or too late, and all that changed is recorded',
      async (seed) => {
        expect(check(await run(drawOptions(seed))).violations).toEqual([]);
      },
      patience,
    );
  });
}
