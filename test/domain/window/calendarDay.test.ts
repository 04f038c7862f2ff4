import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  epochDay,
  firstDayOf,
  formatDay,
  lastDay,
  millisecondsPerDay,
  monthOf,
  parseDay,
  weekdayOf,
} from '../../../shared/domain/window/calendarDay.ts';

const firstDay = epochDay(0, 1, 1);

/** Temporal's own calendar, which shares no code with ours. */
function dateOf(day: number): Temporal.PlainDate {
  return Temporal.PlainDate.from('1970-01-01').add({ days: day });
}

describe('calendarDay', () => {
  it.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2000-02-29', 11_016],
    ['2026-04-14', 20_557],
    ['9999-12-31', lastDay],
    ['0000-01-01', firstDay],
  ])('%s is day %i', (text, day) => {
    expect(parseDay(text)).toBe(day);
    expect(formatDay(day)).toBe(text);
  });

  it.each([
    '2026-02-29',
    '1900-02-29',
    '2026-00-10',
    '2026-13-01',
    '2026-04-31',
    '2026-04-00',
    '2026-4-1',
    '12026-04-01',
    ' 2026-04-01',
    '2026-04-01T00:00:00Z',
    '',
  ])('%j is no day', (text) => {
    expect(parseDay(text)).toBeUndefined();
  });

  it("agrees with Temporal's calendar on every day from year 0 to 9999", () => {
    fc.assert(
      fc.property(fc.integer({ min: firstDay, max: lastDay }), (day) => {
        const date = dateOf(day);
        expect(epochDay(date.year, date.month, date.day)).toBe(day);
        expect(formatDay(day)).toBe(date.toString().slice(-10));
        expect(parseDay(formatDay(day))).toBe(day);
        expect(weekdayOf(day)).toBe(date.dayOfWeek % 7);
        expect(monthOf(day)).toBe(date.year * 12 + date.month - 1);
        expect(firstDayOf(monthOf(day))).toBe(day - date.day + 1);
      }),
      { numRuns: 500 },
    );
  });

  it('has days of 24 hours in UTC', () => {
    expect(Temporal.Instant.from('2026-04-14T00:00Z').epochMilliseconds).toBe(20_557 * millisecondsPerDay);
  });
});
