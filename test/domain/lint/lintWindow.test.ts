import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { WindowSurroundings } from '../../../shared/domain/lint/lintWindow.ts';
import { lintMissingWindow, lintWindow } from '../../../shared/domain/lint/lintWindow.ts';
import type { MaintenanceWindow } from '../../../shared/domain/window/maintenanceWindow.ts';
import { nextOpening, windowAt } from '../../../shared/domain/window/maintenanceWindow.ts';
import { parseMaintenanceWindow } from '../../../shared/domain/window/parseMaintenanceWindow.ts';
import { anyInstant, anyWindow } from '../window/maintenanceWindowOracle.ts';

const sundays = { schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Sunday' } } };

/** From 01:00 to 05:00 UTC every day, unless told otherwise. */
function windowOf(overrides: object): MaintenanceWindow {
  const result = parseMaintenanceWindow({
    schedule: { daily: { intervalDays: 1 } },
    durationHours: 4,
    startTime: '01:00',
    ...overrides,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.window;
}

function lint(
  overrides: object,
  surroundings: WindowSurroundings = {},
  now = '2026-04-14T11:59:59Z',
): readonly string[] {
  const warnings = lintWindow(windowOf(overrides), Temporal.Instant.from(now), surroundings);
  return warnings.map(({ code, path, message }) => `${code} ${path}: ${message}`);
}

const dates = (...ranges: readonly [string, string][]) => ({
  notAllowedDates: ranges.map(([start, end]) => ({ start, end })),
});

describe('lintWindow', () => {
  it.each<[string, object, WindowSurroundings]>([
    ['every day without more', {}, {}],
    ['startDate today', { startDate: '2026-04-14' }, {}],
    ['startDate today in the offset of the window', { startDate: '2026-04-15', utcOffset: '+14:00' }, {}],
    ['a day that every month has', { schedule: { absoluteMonthly: { intervalMonths: 1, dayOfMonth: 28 } } }, {}],
    [
      'the last weekday',
      { schedule: { relativeMonthly: { intervalMonths: 1, weekIndex: 'Last', dayOfWeek: 'Friday' } } },
      {},
    ],
    ['a freeze that leaves occurrences', dates(['2026-04-15', '2026-05-15']), {}],
    [
      'a freeze for ever, of days that no occurrence touches',
      { ...sundays, ...dates(['2026-04-13', '2026-04-18']) },
      {},
    ],
    [
      'a cut that leaves four hours',
      { startTime: '20:00', durationHours: 8, ...dates(['2026-04-20', '2026-04-20']) },
      {},
    ],
    ['a freeze for ever that leaves one more occurrence', dates(['2026-04-16', '9999-12-31']), {}],
    ['a freeze that is over', { startTime: '22:00', ...dates(['2026-04-01', '2026-04-10']) }, {}],
    ['one pool that fits to the minute, with time to be started', {}, { rollMinutes: [400, 225] }],
    ['nothing known of the pools', {}, { rollMinutes: [] }],
    ['a window of nine clusters', {}, { clustersWithSameWindow: 9 }],
    ['a zone without daylight saving', { utcOffset: '+05:30' }, { timeZone: 'Asia/Kolkata' }],
    ['a zone whose offset is another one in both seasons', { utcOffset: '+05:30' }, { timeZone: 'Europe/Berlin' }],
  ])('finds nothing odd in %s', (_, overrides, surroundings) => {
    expect(lint(overrides, surroundings)).toEqual([]);
  });

  it.each<[string, object, WindowSurroundings, string]>([
    [
      'an interval of weeks (AKS#5720)',
      { schedule: { weekly: { intervalWeeks: 2, dayOfWeek: 'Sunday' } }, startDate: '2026-04-14' },
      {},
      'undocumentedInterval schedule.weekly.intervalWeeks: schedule.weekly.intervalWeeks is 2; AKS does not document how it counts intervals. They are taken as weeks from the Sunday on or before startDate, as RFC 5545 counts; an interval of 1 leaves no doubt.',
    ],
    [
      'an interval of days',
      { schedule: { daily: { intervalDays: 7 } }, startDate: '2026-04-14' },
      {},
      'undocumentedInterval schedule.daily.intervalDays: schedule.daily.intervalDays is 7; AKS does not document how it counts intervals. They are taken as days from startDate, as RFC 5545 counts; an interval of 1 leaves no doubt.',
    ],
    [
      'an interval of months',
      {
        schedule: { relativeMonthly: { intervalMonths: 3, weekIndex: 'First', dayOfWeek: 'Friday' } },
        startDate: '2026-04-14',
      },
      {},
      "undocumentedInterval schedule.relativeMonthly.intervalMonths: schedule.relativeMonthly.intervalMonths is 3; AKS does not document how it counts intervals. They are taken as months from startDate's, as RFC 5545 counts; an interval of 1 leaves no doubt.",
    ],
    [
      'a day that February lacks',
      { schedule: { absoluteMonthly: { intervalMonths: 1, dayOfMonth: 29 } } },
      {},
      'skipsShortMonths schedule.absoluteMonthly.dayOfMonth: Not every month has a day 29, and AKS does not document what it does then. Such months are taken as skipped; a day up to 28, or a relativeMonthly schedule with Last, leaves no doubt.',
    ],
    [
      'a start tomorrow',
      { startDate: '2026-04-15' },
      {},
      'startsInFuture startDate: startDate is 2026-04-15, which is in the future; the window first opens at 2026-04-15T01:00:00Z.',
    ],
    [
      'a start that is tomorrow in the offset of the window, though today in UTC',
      { startDate: '2026-04-14', utcOffset: '-12:00', startTime: '08:00', ...dates() },
      {},
      'startsInFuture startDate: startDate is 2026-04-14, which is in the future; the window first opens at 2026-04-14T20:00:00Z.',
    ],
    [
      'a start that never comes about, as all is blocked',
      { startDate: '9999-12-01', ...dates(['9999-12-01', '9999-12-31']) },
      {},
      'startsInFuture startDate: startDate is 9999-12-01, which is in the future; the window never opens.',
    ],
    [
      'a freeze of more than a year',
      dates(['2026-04-14', '2027-04-20']),
      {},
      'allBlocked notAllowedDates: notAllowedDates block every occurrence from 2026-04-15T01:00:00Z on, until the window opens at 2027-04-21T01:00:00Z.',
    ],
    [
      'a freeze for ever that has begun',
      dates(['2026-04-14', '9999-12-31']),
      {},
      'allBlocked notAllowedDates: notAllowedDates block every occurrence from 2026-04-15T01:00:00Z on, for ever.',
    ],
    [
      'freezes that hit every occurrence of a rare window',
      {
        schedule: { absoluteMonthly: { intervalMonths: 1, dayOfMonth: 1 } },
        ...dates(
          ...Array.from({ length: 13 }, (_, month): [string, string] => {
            const day = Temporal.PlainDate.from('2026-05-01').add({ months: month }).toString();
            return [day, day];
          }),
        ),
      },
      {},
      'allBlocked notAllowedDates: notAllowedDates block every occurrence from 2026-05-01T01:00:00Z on, until the window opens at 2027-06-01T01:00:00Z.',
    ],
    [
      'a night that a freeze cuts at midnight',
      { startTime: '22:00', ...dates(['2026-04-20', '2026-04-21']) },
      {},
      'cutShort notAllowedDates: notAllowedDates leave 2 hours of the occurrence that opens at 2026-04-19T22:00:00Z; AKS asks for 4 hours or more.',
    ],
    [
      'a night of which a freeze leaves an hour',
      { startTime: '23:00', ...dates(['2026-04-20', '2026-04-21']) },
      {},
      'cutShort notAllowedDates: notAllowedDates leave 60 minutes of the occurrence that opens at 2026-04-19T23:00:00Z; AKS asks for 4 hours or more.',
    ],
    [
      'a night of which a freeze leaves minutes',
      { startTime: '23:45', ...dates(['2026-04-20', '2026-04-21']) },
      {},
      'cutShort notAllowedDates: notAllowedDates leave 15 minutes of the occurrence that opens at 2026-04-19T23:45:00Z; AKS asks for 4 hours or more.',
    ],
    [
      'pools that need longer, whatever the window',
      {},
      { rollMinutes: [400, 226] },
      'noPoolFits durationHours: durationHours is 4; no pool of the cluster is sure to roll in that time. The quickest takes about 226 minutes: lengthen the window, raise maxSurge (maxUnavailable where that is 0), or shorten the node soak.',
    ],
    [
      'a window of ten clusters',
      {},
      { clustersWithSameWindow: 10 },
      'sameWindow : 10 clusters of the subscription have this window. AKS throttles requests by subscription, so upgrades that start together can fail; stagger the windows.',
    ],
    [
      'an offset that is of summer (AKS#4670)',
      { utcOffset: '+02:00' },
      { timeZone: 'Europe/Berlin' },
      'offsetOfOtherSeason utcOffset: utcOffset does not follow daylight saving. From 2026-10-25T01:00:00Z on the window opens an hour earlier by the clocks of Europe/Berlin than startTime says.',
    ],
    [
      'an offset that is of winter, in summer (AKS#4670)',
      { utcOffset: '-08:00' },
      { timeZone: 'America/Los_Angeles' },
      'offsetOfOtherSeason utcOffset: utcOffset does not follow daylight saving. Until 2026-11-01T09:00:00Z the window opens an hour later by the clocks of America/Los_Angeles than startTime says.',
    ],
    [
      'an offset where summer is half an hour',
      { utcOffset: '+10:30' },
      { timeZone: 'Australia/Lord_Howe' },
      'offsetOfOtherSeason utcOffset: utcOffset does not follow daylight saving. From 2026-10-03T15:30:00Z on the window opens 30 minutes later by the clocks of Australia/Lord_Howe than startTime says.',
    ],
  ])('warns of %s', (_, overrides, surroundings, expected) => {
    expect(lint(overrides, surroundings)).toEqual([expected]);
  });

  it('counts a freeze that ends a year later to the minute as one for a year', () => {
    const freeze = dates(['2026-04-14', '2027-04-14']);
    expect(lint(freeze, {}, '2026-04-14T01:00:00Z')).toHaveLength(1);
    expect(lint(freeze, {}, '2026-04-14T01:00:01Z')).toHaveLength(0);
  });

  it('lists all that is odd, the gravest first', () => {
    const overrides = {
      schedule: { absoluteMonthly: { intervalMonths: 2, dayOfMonth: 31 } },
      startDate: '2026-05-01',
      utcOffset: '+02:00',
      startTime: '22:00',
      ...dates(['2026-06-01', '2026-06-01']),
    };
    const surroundings = { timeZone: 'Europe/Berlin', rollMinutes: [300], clustersWithSameWindow: 50 };
    expect(lint(overrides, surroundings).map((text) => text.split(' ')[0])).toEqual([
      'startsInFuture',
      'undocumentedInterval',
      'noPoolFits',
      'cutShort',
      'skipsShortMonths',
      'offsetOfOtherSeason',
      'sameWindow',
    ]);
  });

  it('says that all is blocked only when nothing opens for a year, and already while the last occurrence is open', () => {
    fc.assert(
      fc.property(anyWindow, anyInstant, (json, at) => {
        const window = windowOf(json);
        const codes = lintWindow(window, at).map(({ code }) => code);
        const next = nextOpening(window, at);
        if (codes.includes('allBlocked'))
          expect(next === undefined || at.until(next).total('hours') >= 366 * 24).toBe(true);
      }),
      { numRuns: 300 },
    );
    const lastNight = windowOf(dates(['2026-04-15', '9999-12-31']));
    const at = Temporal.Instant.from('2026-04-14T02:00Z');
    expect(windowAt(lastNight, at).state).toBe('open');
    const message = expect.stringContaining('every occurrence from 2026-04-15T01:00:00Z on, for ever');
    expect(lintWindow(lastNight, at)).toMatchObject([{ code: 'allBlocked', message }]);
  });
});

describe('lintMissingWindow', () => {
  it('is silent where nothing is configured: that is a decision of its own', () => {
    expect(lintMissingWindow([])).toEqual([]);
  });

  it.each([
    [['default'], 'Only default is configured; '],
    [['aksManagedAutoUpgradeSchedule', 'default'], 'Only aksManagedAutoUpgradeSchedule and default are configured; '],
  ])('names %j, which node images do not follow', (names, start) => {
    const message = `${start}node images are upgraded in aksManagedNodeOSUpgradeSchedule alone, so configure that.`;
    expect(lintMissingWindow(names)).toEqual([{ code: 'noNodeOsWindow', path: '', message }]);
  });
});
