import { expect, it } from 'vitest';
import { runInTimeZone, timeZones } from '../../fuzz/inTimeZones.ts';
import type { Comparison } from '../../fuzz/windowsAgainstRrule.ts';

it('has the occurrences that rrule has, over centuries, whatever the time zone of the process', async () => {
  const script = new URL('../../fuzz/windowsAgainstRrule.ts', import.meta.url);
  const found = await Promise.all(
    timeZones.map(([timeZone]) => runInTimeZone<Comparison>(script, timeZone, 20_260_414, 40)),
  );
  expect(found.map(({ localHour }) => localHour)).toEqual(timeZones.map(([, hour]) => hour));
  expect(new Set(found.map(({ digest }) => digest)).size).toBe(1);
  expect(found[0]).toMatchObject({ schedules: 40, instants: 880 });
  expect(found[0]?.occurrences).toBeGreaterThan(10_000);
}, 60_000);

// What opens exactly where a comparison ends is not among its occurrences, and was asked about: seed 971684525.
it('is compared up to the last instant before the end of a range, also where a window opens there', async () => {
  const script = new URL('../../fuzz/windowsAgainstRrule.ts', import.meta.url);
  expect(await runInTimeZone<Comparison>(script, 'UTC', 971_684_525, 200)).toMatchObject({ schedules: 200 });
});
