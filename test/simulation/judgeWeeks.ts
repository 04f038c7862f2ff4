// Short runs as tests: half of them in each of two files, so that two cores share them. `npm run simulate` has more.
import { describe, expect, it } from 'vitest';
import { drawOptions } from './draw/drawOptions.ts';
import { check } from './judge/checker.ts';
import { run } from './run.ts';

/** Half a second each on an idle core; a busy machine takes many times as long. */
export const patience = 90_000;

/** Runs of a second or so. `npm run simulate` has longer ones, and many. */
const seeds = [4, 9, 10, 18, 26, 27];

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
