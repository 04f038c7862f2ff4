// Fifty runs as tests: half of them in each of two files, so that two cores share them. `npm run simulate` has more.
import { describe, expect, it } from 'vitest';
import { run } from '../run.ts';
import { check } from './checker.ts';

/** Half a second each on an idle core; a busy machine takes many times as long. */
export const patience = 90_000;

/** The runs of the first 62 that take longest, some times as long as the others: `npm run simulate` has them too. */
const long = new Set([3, 9, 11, 12, 18, 26, 27, 45, 46, 48, 53, 61]);
const seeds = Array.from({ length: 62 }, (_, index) => index + 1).filter((seed) => !long.has(seed));

export function judgeWeeks(which: 'odd' | 'even'): void {
  const own = seeds.filter((seed) => seed % 2 === (which === 'odd' ? 1 : 0));
  describe('weeks of a fleet in which anything can go wrong', () => {
    it.each(own)(
      'seed %i: nothing is started wrongly, twice or too late, and all that changed is recorded',
      async (seed) => {
        expect(check(await run(seed)).violations).toEqual([]);
      },
      patience,
    );
  });
}
