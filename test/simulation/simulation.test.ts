import { expect, it } from 'vitest';
import { drawOptions } from './draw/drawOptions.ts';
import { judgeWeeks, patience } from './judgeWeeks.ts';
import { run } from './run.ts';

judgeWeeks('odd');

it('the same seed gives the same run', { timeout: patience }, async () => {
  const [first, second] = [await run(drawOptions(27)), await run(drawOptions(27))];
  expect(first.trace.length).toBeGreaterThan(100);
  expect(second.trace).toEqual(first.trace);
});
