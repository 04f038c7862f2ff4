// Fifty runs as tests: half of them in each of two files, so that two cores share them. `npm run simulate` has more.
import { describe, expect, it } from 'vitest';
import { drawOptions } from './draw/drawOptions.ts';
import { check } from './judge/checker.ts';
import { run } from './run.ts';

/** Half a second each on an idle core; a busy machine takes many times as long. */
export const patience = 90_000;

/** The runs of the first 71 that take longest, some times as long as the others: `npm run simulate` has them too. */
const long = new Set([7, 12, 13, 15, 16, 17, 24, 28, 29, 30, 31, 32, 34, 35, 42, 47, 50, 51, 60, 69, 70]);
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
