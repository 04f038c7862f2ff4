import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDay, parseDay } from '../../../shared/domain/window/calendarDay.ts';
import { describeWindow, formatOffset } from '../../../shared/domain/window/describeWindow.ts';
import type { MaintenanceWindow } from '../../../shared/domain/window/maintenanceWindow.ts';
import { parseMaintenanceWindow } from '../../../shared/domain/window/parseMaintenanceWindow.ts';

const weekly = { intervalWeeks: 1, dayOfWeek: 'Sunday' };
const valid = { schedule: { weekly }, durationHours: 4, utcOffset: '+05:30', startTime: '01:00' };

function parsed(overrides: object): MaintenanceWindow {
  const result = parseMaintenanceWindow({ ...valid, ...overrides });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.window;
}

function problemsOf(json: unknown): readonly (readonly [string, string])[] {
  const result = parseMaintenanceWindow(json);
  return result.ok ? [] : result.problems.map(({ path, message }) => [path, message]);
}

describe('parseMaintenanceWindow', () => {
  it('reads a window as ARM sends it: null siblings, a timestamp for a date, fields it does not know', () => {
    const json = {
      schedule: { daily: null, weekly, absoluteMonthly: null, relativeMonthly: null },
      durationHours: 8,
      utcOffset: '-08:00',
      startDate: '2026-04-14T00:00:00Z',
      startTime: '22:30',
      notAllowedDates: [{ start: '2026-12-23', end: '2027-01-03' }],
      maintenanceWindowId:
        '/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerService/maintenanceWindows/w',
    };
    expect(parseMaintenanceWindow(json)).toEqual({
      ok: true,
      window: {
        schedule: { kind: 'weekly', interval: 1, dayOfWeek: 'Sunday' },
        durationHours: 8,
        utcOffsetMinutes: -480,
        startDate: parseDay('2026-04-14'),
        startMinute: 1350,
        notAllowedDates: [{ first: parseDay('2026-12-23'), last: parseDay('2027-01-03') }],
        reading: 'documented',
      },
    });
  });

  it.each([
    ['+00:00', {}],
    ['+00:00', { utcOffset: null }],
    ['-00:00', { utcOffset: '-00:00' }],
  ])('takes UTC for offset %s in %j', (_, overrides) => {
    const { utcOffset: _offset, ...withoutOffset } = valid;
    expect(parseMaintenanceWindow({ ...withoutOffset, ...overrides })).toMatchObject({
      window: { utcOffsetMinutes: 0 },
    });
  });

  it('leaves out the start date and the dates not allowed where ARM has null', () => {
    const window = parsed({ startDate: null, notAllowedDates: null });
    expect(window).not.toHaveProperty('startDate');
    expect(window.notAllowedDates).toEqual([]);
  });

  it.each([
    [{ daily: { intervalDays: 2 } }],
    [{ weekly: { intervalWeeks: 4, dayOfWeek: 'Monday' } }],
    [{ absoluteMonthly: { intervalMonths: 6, dayOfMonth: 31 } }],
    [{ relativeMonthly: { intervalMonths: 2, weekIndex: 'Last', dayOfWeek: 'Friday' } }],
  ])('%j without a startDate can not be counted, and with one it is an inferred reading', (schedule) => {
    const result = parseMaintenanceWindow({ ...valid, schedule });
    expect(result).toMatchObject({
      ok: false,
      problems: [
        {
          path: 'startDate',
          message: expect.stringMatching(/^startDate is missing; an interval of \d can't be counted/),
          notAnchored: true,
        },
      ],
    });
    expect(parsed({ schedule, startDate: '2026-04-14' }).reading).toBe('inferred');
  });

  it('does not call a window unanchored whose startDate is merely wrong', () => {
    const json = { ...valid, schedule: { daily: { intervalDays: 2 } }, startDate: 'soon' };
    expect(problemsOf(json)).toEqual([['startDate', 'startDate is "soon"; allowed is a date as YYYY-MM-DD.']]);
    expect(parseMaintenanceWindow(json)).not.toMatchObject({ problems: [{ notAnchored: true }] });
  });

  it('takes the midnight in UTC that the SDK makes of a date', () => {
    expect(parsed({ startDate: '2026-04-14T00:00:00.000Z' }).startDate).toBe(parseDay('2026-04-14'));
  });

  it.each([
    ['startDate', 'on 2026-04-14'],
    ['utcOffset', 'UTC-05:00'],
    ['utcOffset', '-05:00:00'],
    ['utcOffset', 'UTC+05:00'],
    ['utcOffset', '+05:00:00'],
  ])('takes nothing around a value: %s "%s"', (field, value) => {
    expect(problemsOf({ ...valid, [field]: value }).map(([path]) => path)).toEqual([field]);
  });

  it.each([
    [10n, 'a bigint'],
    ['x'.repeat(80), `"${'x'.repeat(80)}"`],
    ['x'.repeat(81), `"${'x'.repeat(80)}…"`],
  ])('shows %s, whatever it is and however long', (value, shown) => {
    const [[, message] = []] = problemsOf({ ...valid, startTime: value });
    expect(message).toBe(`startTime is ${shown}; allowed is a time from 00:00 to 23:59.`);
  });

  it.each([
    [0, '+00:00'],
    [-720, '-12:00'],
    [345, '+05:45'],
  ])('writes an offset of %i minutes as ARM does', (minutes, text) => {
    expect(formatOffset(minutes)).toBe(text);
    expect(parsed({ utcOffset: text }).utcOffsetMinutes).toBe(minutes);
  });

  it('merges dates that overlap, touch or come in no order', () => {
    const ranges = [
      ['2027-01-01', '2027-01-03'],
      ['2026-12-23', '2026-12-31'],
      ['2026-12-24', '2026-12-24'],
      ['2027-01-05', '2027-01-05'],
    ];
    const { notAllowedDates } = parsed({ notAllowedDates: ranges.map(([start, end]) => ({ start, end })) });
    expect(notAllowedDates.map(({ first, last }) => [formatDay(first), formatDay(last)])).toEqual([
      ['2026-12-23', '2027-01-03'],
      ['2027-01-05', '2027-01-05'],
    ]);
  });

  const anyOfKinds = 'an object with exactly one of daily, weekly, absoluteMonthly, relativeMonthly';
  const anyDay = 'one of Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday';

  it.each([
    ['null', null, 'maintenanceWindow is missing; allowed is an object.'],
    ['no answer', undefined, 'maintenanceWindow is missing; allowed is an object.'],
    ['a list', [], 'maintenanceWindow is a list; allowed is an object.'],
    ['text', 'daily', 'maintenanceWindow is "daily"; allowed is an object.'],
  ])('refuses %s in place of a window', (_, json, message) => {
    expect(problemsOf(json)).toEqual([['', message]]);
  });

  it.each<[string, object, string, string]>([
    ['no schedule', { schedule: null }, 'schedule', `schedule is missing; allowed is ${anyOfKinds}.`],
    ['a schedule of nulls', { schedule: { daily: null } }, 'schedule', `schedule is empty; allowed is ${anyOfKinds}.`],
    [
      'two kinds at once',
      { schedule: { daily: { intervalDays: 1 }, weekly } },
      'schedule',
      `schedule is daily and weekly; allowed is ${anyOfKinds}.`,
    ],
    ['a kind of tomorrow', { schedule: { hourly: {} } }, 'schedule', `schedule is hourly; allowed is ${anyOfKinds}.`],
    [
      'a kind of tomorrow beside a known one',
      { schedule: { weekly, yearly: {} } },
      'schedule',
      `schedule is weekly and yearly; allowed is ${anyOfKinds}.`,
    ],
    ['a schedule as text', { schedule: 'weekly' }, 'schedule', `schedule is "weekly"; allowed is ${anyOfKinds}.`],
    [
      'a kind as a flag',
      { schedule: { daily: true } },
      'schedule.daily',
      'schedule.daily is true; allowed is an object.',
    ],
    [
      'an unknown weekday',
      { schedule: { weekly: { ...weekly, dayOfWeek: 'Caturday' } } },
      'schedule.weekly.dayOfWeek',
      `schedule.weekly.dayOfWeek is "Caturday"; allowed is ${anyDay}.`,
    ],
    [
      'several weekdays (AKS#4134)',
      { schedule: { weekly: { ...weekly, dayOfWeek: ['Monday'] } } },
      'schedule.weekly.dayOfWeek',
      `schedule.weekly.dayOfWeek is a list; allowed is ${anyDay}.`,
    ],
    [
      'an interval of 0',
      { schedule: { daily: { intervalDays: 0 } } },
      'schedule.daily.intervalDays',
      'schedule.daily.intervalDays is 0; allowed is a whole number from 1 to 7.',
    ],
    [
      'a negative interval',
      { schedule: { weekly: { ...weekly, intervalWeeks: -1 } } },
      'schedule.weekly.intervalWeeks',
      'schedule.weekly.intervalWeeks is -1; allowed is a whole number from 1 to 4.',
    ],
    [
      'a week index of tomorrow',
      { schedule: { relativeMonthly: { intervalMonths: 1, weekIndex: 'Fifth', dayOfWeek: 'Monday' } } },
      'schedule.relativeMonthly.weekIndex',
      'schedule.relativeMonthly.weekIndex is "Fifth"; allowed is one of First, Second, Third, Fourth, Last.',
    ],
    [
      'a 32nd',
      { schedule: { absoluteMonthly: { intervalMonths: 1, dayOfMonth: 32 } } },
      'schedule.absoluteMonthly.dayOfMonth',
      'schedule.absoluteMonthly.dayOfMonth is 32; allowed is a whole number from 1 to 31.',
    ],
    [
      'every 7 months',
      { schedule: { absoluteMonthly: { intervalMonths: 7, dayOfMonth: 1 } } },
      'schedule.absoluteMonthly.intervalMonths',
      'schedule.absoluteMonthly.intervalMonths is 7; allowed is a whole number from 1 to 6.',
    ],
    [
      '3 hours',
      { durationHours: 3 },
      'durationHours',
      'durationHours is 3; allowed is a whole number from 4 to 24, as AKS accepts no shorter window.',
    ],
    [
      '25 hours',
      { durationHours: 25 },
      'durationHours',
      'durationHours is 25; allowed is a whole number from 4 to 24, as AKS accepts no shorter window.',
    ],
    [
      'part of an hour',
      { durationHours: 4.5 },
      'durationHours',
      'durationHours is 4.5; allowed is a whole number from 4 to 24, as AKS accepts no shorter window.',
    ],
    [
      'hours as text',
      { durationHours: '4' },
      'durationHours',
      'durationHours is "4"; allowed is a whole number from 4 to 24, as AKS accepts no shorter window.',
    ],
    [
      'no duration',
      { durationHours: null },
      'durationHours',
      'durationHours is missing; allowed is a whole number from 4 to 24, as AKS accepts no shorter window.',
    ],
    ['no start time', { startTime: null }, 'startTime', 'startTime is missing; allowed is a time from 00:00 to 23:59.'],
    [
      "what the spec's pattern lets through",
      { startTime: '99:99' },
      'startTime',
      'startTime is "99:99"; allowed is a time from 00:00 to 23:59.',
    ],
    [
      'midnight as 24:00',
      { startTime: '24:00' },
      'startTime',
      'startTime is "24:00"; allowed is a time from 00:00 to 23:59.',
    ],
    [
      'seconds',
      { startTime: '01:00:00' },
      'startTime',
      'startTime is "01:00:00"; allowed is a time from 00:00 to 23:59.',
    ],
    [
      "an offset that the spec's pattern lets through",
      { utcOffset: '+99:99' },
      'utcOffset',
      'utcOffset is "+99:99"; allowed is an offset from -12:00 to +14:00.',
    ],
    [
      'an offset too far east',
      { utcOffset: '+14:01' },
      'utcOffset',
      'utcOffset is "+14:01"; allowed is an offset from -12:00 to +14:00.',
    ],
    [
      'an offset too far west',
      { utcOffset: '-12:01' },
      'utcOffset',
      'utcOffset is "-12:01"; allowed is an offset from -12:00 to +14:00.',
    ],
    [
      '60 minutes',
      { utcOffset: '+01:60' },
      'utcOffset',
      'utcOffset is "+01:60"; allowed is an offset from -12:00 to +14:00.',
    ],
    [
      'a zone for an offset',
      { utcOffset: 'Europe/Berlin' },
      'utcOffset',
      'utcOffset is "Europe/Berlin"; allowed is an offset from -12:00 to +14:00.',
    ],
    [
      'a day that is not',
      { startDate: '2026-02-29' },
      'startDate',
      'startDate is "2026-02-29"; allowed is a date as YYYY-MM-DD.',
    ],
    [
      'a date with a time of day',
      { startDate: '2026-04-14T08:00:00Z' },
      'startDate',
      'startDate is "2026-04-14T08:00:00Z"; allowed is a date as YYYY-MM-DD.',
    ],
    [
      'midnight elsewhere',
      { startDate: '2026-04-14T00:00:00+02:00' },
      'startDate',
      'startDate is "2026-04-14T00:00:00+02:00"; allowed is a date as YYYY-MM-DD.',
    ],
    [
      'a number for a date',
      { startDate: 20260414 },
      'startDate',
      'startDate is 20260414; allowed is a date as YYYY-MM-DD.',
    ],
    [
      'dates not in a list',
      { notAllowedDates: {} },
      'notAllowedDates',
      'notAllowedDates is an object; allowed is a list.',
    ],
    [
      'a date in place of a range',
      { notAllowedDates: ['2026-12-24'] },
      'notAllowedDates[0]',
      'notAllowedDates[0] is "2026-12-24"; allowed is an object with start and end.',
    ],
    [
      'a range without an end',
      { notAllowedDates: [{ start: '2026-12-23', end: '2026-12-24' }, { start: '2026-12-26' }] },
      'notAllowedDates[1].end',
      'notAllowedDates[1].end is missing; allowed is a date as YYYY-MM-DD.',
    ],
    [
      'a range that ends before it starts',
      { notAllowedDates: [{ start: '2026-12-24', end: '2026-12-23' }] },
      'notAllowedDates[0].end',
      'notAllowedDates[0].end is "2026-12-23"; allowed is a date from "2026-12-24" on.',
    ],
  ])('refuses %s: %j', (_, overrides, path, message) => {
    expect(problemsOf({ ...valid, ...overrides })).toEqual([[path, message]]);
  });

  it('lists all problems, not the first', () => {
    const json = {
      schedule: { daily: { intervalDays: 9 }, weekly: { intervalWeeks: 2 } },
      durationHours: 0,
      utcOffset: 1,
      notAllowedDates: [null, { start: 'x', end: 'y' }],
    };
    expect(problemsOf(json).map(([path]) => path)).toEqual([
      'schedule',
      'schedule.daily.intervalDays',
      'schedule.weekly.dayOfWeek',
      'startDate',
      'durationHours',
      'utcOffset',
      'startTime',
      'notAllowedDates[0]',
      'notAllowedDates[1].start',
      'notAllowedDates[1].end',
    ]);
  });

  it('does not quote a whole book back', () => {
    const [problem] = problemsOf({ ...valid, startTime: 'x'.repeat(10_000) });
    expect(problem?.[1].length).toBeLessThan(200);
  });

  it('never throws, and has a problem whenever it has no window', () => {
    const fields = fc.record(
      {
        schedule: fc.oneof(fc.anything(), fc.record({ weekly: fc.anything(), daily: fc.anything() })),
        durationHours: fc.anything(),
        utcOffset: fc.anything(),
        startDate: fc.anything(),
        startTime: fc.anything(),
        notAllowedDates: fc.oneof(fc.anything(), fc.array(fc.record({ start: fc.anything(), end: fc.anything() }))),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fields), (json) => {
        const result = parseMaintenanceWindow(json);
        if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('reads back every offset, time and date that can be written', () => {
    const twoDigits = (value: number) => String(value).padStart(2, '0');
    const clock = (minutes: number) => `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
    fc.assert(
      fc.property(
        fc.integer({ min: -720, max: 840 }),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: parseDay('0001-01-01') ?? 0, max: parseDay('9999-12-31') ?? 0 }),
        fc.integer({ min: 4, max: 24 }),
        (offset, startMinute, startDate, durationHours) => {
          const utcOffset = `${offset < 0 ? '-' : '+'}${clock(Math.abs(offset))}`;
          const window = parsed({
            utcOffset,
            startTime: clock(startMinute),
            startDate: formatDay(startDate),
            durationHours,
          });
          expect(window).toMatchObject({ utcOffsetMinutes: offset, startMinute, startDate, durationHours });
          const words = describeWindow(window);
          expect(words).toContain(`, ${clock(startMinute)} to `);
          expect(words.endsWith(offset === 0 ? ', UTC' : `, UTC${utcOffset}`)).toBe(true);
        },
      ),
    );
  });
});

describe('describeWindow', () => {
  const startDate = '2026-04-14';
  it.each([
    [{}, 'every week on Sunday, 01:00 to 05:00, UTC+05:30'],
    [
      { schedule: { weekly: { intervalWeeks: 2, dayOfWeek: 'Sunday' } }, startDate },
      'every 2 weeks on Sunday, 01:00 to 05:00, UTC+05:30',
    ],
    [{ schedule: { daily: { intervalDays: 1 } }, utcOffset: '+00:00' }, 'every day, 01:00 to 05:00, UTC'],
    [{ schedule: { daily: { intervalDays: 3 } }, startDate }, 'every 3 days, 01:00 to 05:00, UTC+05:30'],
    [
      { schedule: { absoluteMonthly: { intervalMonths: 1, dayOfMonth: 31 } }, startTime: '22:00', utcOffset: '-03:30' },
      'every month on day 31, 22:00 to 02:00 the next day, UTC-03:30',
    ],
    [
      { schedule: { relativeMonthly: { intervalMonths: 3, weekIndex: 'Last', dayOfWeek: 'Friday' } }, startDate },
      'every 3 months on the last Friday, 01:00 to 05:00, UTC+05:30',
    ],
    [{ startTime: '00:00', durationHours: 24 }, 'every week on Sunday, 00:00 to 00:00 the next day, UTC+05:30'],
  ])('%j is "%s"', (overrides, words) => {
    expect(describeWindow(parsed(overrides))).toBe(words);
  });
});
