import { describe, expect, it } from 'vitest';
import { check } from './checker.ts';
import { run } from './run.ts';

/** Half a second each on an idle core; a busy machine takes many times as long. */
const patience = 90_000;

/** `npm run simulate -- --seeds 2000` runs more of them. */
const seeds = Array.from({ length: 50 }, (_, index) => index + 1);

describe('weeks of a fleet in which anything can go wrong', () => {
  it.each(seeds)(
    'seed %i: nothing is started wrongly, twice or too late, and all that changed is recorded',
    async (seed) => {
      expect(check(await run(seed)).violations).toEqual([]);
    },
    patience,
  );

  it('the same seed gives the same run', { timeout: patience }, async () => {
    const [first, second] = [await run(3), await run(3)];
    expect(first.trace.length).toBeGreaterThan(100);
    expect(second.trace).toEqual(first.trace);
  });
});
