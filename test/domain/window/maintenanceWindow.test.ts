import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { MaintenanceWindow, Occurrence } from '../../../shared/domain/window/maintenanceWindow.ts';
import {
  blockedParts,
  nextOpening,
  occurrencesBetween,
  windowAt,
} from '../../../shared/domain/window/maintenanceWindow.ts';
import { parseMaintenanceWindow } from '../../../shared/domain/window/parseMaintenanceWindow.ts';
import type { OracleOccurrence, WindowJson } from './maintenanceWindowOracle.ts';
import {
  anyInstant,
  anyOffset,
  anyWindow,
  firstOpeningAfter,
  isBlocked,
  isOpen,
  localDateOf,
  occurrenceHolding,
  occurrencesOn,
} from './maintenanceWindowOracle.ts';

const daily = { daily: { intervalDays: 1 } };
const weekly = (dayOfWeek: string, intervalWeeks = 1) => ({ weekly: { intervalWeeks, dayOfWeek } });
const onDay = (dayOfMonth: number, intervalMonths = 1) => ({ absoluteMonthly: { intervalMonths, dayOfMonth } });
const onThe = (weekIndex: string, dayOfWeek: string, intervalMonths = 1) => ({
  relativeMonthly: { intervalMonths, weekIndex, dayOfWeek },
});

/** From 01:00 to 05:00 UTC every day, unless told otherwise. */
function windowOf(overrides: object): MaintenanceWindow {
  const result = parseMaintenanceWindow({
    schedule: daily,
    durationHours: 4,
    utcOffset: '+00:00',
    startTime: '01:00',
    ...overrides,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.window;
}

/** The occurrence that `at` lies in, blocked or not. */
function occurrenceAt(window: MaintenanceWindow, at: Temporal.Instant): Occurrence | undefined {
  const found = windowAt(window, at);
  return found.state === 'closed' ? undefined : found.occurrence;
}

const instant = (text: string) => Temporal.Instant.from(text);
const text = (at: Temporal.Instant | undefined) => at?.toString();
const spans = (occurrences: Iterable<Occurrence | OracleOccurrence>) =>
  Array.from(occurrences, ({ opensAt, closesAt }) => `${opensAt.toString()}/${closesAt.toString()}`);

/** The first openings after an instant. */
function openings(window: MaintenanceWindow, after: string, count: number): readonly string[] {
  const found: Temporal.Instant[] = [];
  while (found.length < count) {
    const next = nextOpening(window, found.at(-1) ?? instant(after));
    if (!next) break;
    found.push(next);
  }
  return found.map((at) => at.toString().replace(':00Z', 'Z'));
}

describe('openings, by the incident that each case prevents', () => {
  it.each<[string, object, string, readonly string[]]>([
    [
      'AKS#5720: every 2 weeks on Sunday from a Tuesday: the Sunday before startDate belongs to week 0',
      { schedule: weekly('Sunday', 2), startDate: '2026-04-14' },
      '2026-04-01T00:00Z',
      ['2026-04-26T01:00Z', '2026-05-10T01:00Z'],
    ],
    [
      'AKS#5720 the other way: a Saturday in the week of startDate still counts',
      { schedule: weekly('Saturday', 2), startDate: '2026-04-14' },
      '2026-04-01T00:00Z',
      ['2026-04-18T01:00Z', '2026-05-02T01:00Z'],
    ],
    [
      'azurerm#23979: the fourth Monday is the 4th Monday, though it lies in the 5th week of the month',
      { schedule: onThe('Fourth', 'Monday') },
      '2023-11-01T00:00Z',
      ['2023-11-27T01:00Z', '2023-12-25T01:00Z'],
    ],
    [
      'azurerm#23979: the first Sunday of a month that begins with one is the 1st',
      { schedule: onThe('First', 'Sunday') },
      '2023-09-30T00:00Z',
      ['2023-10-01T01:00Z', '2023-11-05T01:00Z'],
    ],
    [
      'instance-scheduler#137: the first Saturday is once a month, not every day',
      { schedule: onThe('First', 'Saturday'), startTime: '04:00', durationHours: 8 },
      '2019-12-03T00:00Z',
      ['2019-12-07T04:00Z', '2020-01-04T04:00Z'],
    ],
    [
      'instance-scheduler#114: the third Wednesday is once a month, in an offset far from UTC too',
      { schedule: onThe('Third', 'Wednesday'), utcOffset: '+12:00', startTime: '21:30' },
      '2019-08-14T12:00Z',
      ['2019-08-21T09:30Z', '2019-09-18T09:30Z', '2019-10-16T09:30Z'],
    ],
    [
      'kured#204: a window that begins later in the day than it ends opens all the same',
      { startTime: '21:00', durationHours: 8 },
      '2019-04-04T00:00Z',
      ['2019-04-04T21:00Z', '2019-04-05T21:00Z'],
    ],
    [
      'Last is the 4th or the 5th',
      { schedule: onThe('Last', 'Friday') },
      '2026-01-01T00:00Z',
      ['2026-01-30T01:00Z', '2026-02-27T01:00Z', '2026-03-27T01:00Z', '2026-04-24T01:00Z', '2026-05-29T01:00Z'],
    ],
    [
      'a 31st skips the shorter months, and does not fall back to their last day',
      { schedule: onDay(31) },
      '2026-01-01T00:00Z',
      ['2026-01-31T01:00Z', '2026-03-31T01:00Z', '2026-05-31T01:00Z', '2026-07-31T01:00Z', '2026-08-31T01:00Z'],
    ],
    [
      'a 29th is there in February of leap years only',
      { schedule: onDay(29, 6), startDate: '2026-02-01' },
      '2026-01-01T00:00Z',
      ['2026-08-29T01:00Z', '2027-08-29T01:00Z', '2028-02-29T01:00Z', '2028-08-29T01:00Z'],
    ],
    [
      'every 6 months from a month that never has a 31st',
      { schedule: onDay(31, 6), startDate: '2026-04-01' },
      '2026-01-01T00:00Z',
      ['2026-10-31T01:00Z', '2027-10-31T01:00Z'],
    ],
    [
      'months count from the month of startDate even when its own day is over',
      { schedule: onDay(3, 2), startDate: '2026-01-20' },
      '2026-01-01T00:00Z',
      ['2026-03-03T01:00Z', '2026-05-03T01:00Z'],
    ],
    [
      'days count from startDate, over a leap day',
      { schedule: { daily: { intervalDays: 3 } }, startDate: '2028-02-25' },
      '2028-02-01T00:00Z',
      ['2028-02-25T01:00Z', '2028-02-28T01:00Z', '2028-03-02T01:00Z'],
    ],
    [
      'nothing opens before startDate, which is a local day',
      { startDate: '2026-04-14', utcOffset: '+10:00' },
      '2026-04-01T00:00Z',
      ['2026-04-13T15:00Z', '2026-04-14T15:00Z'],
    ],
    [
      'a startDate that is far off',
      { schedule: onThe('Last', 'Sunday', 5), startDate: '9000-01-01' },
      '2026-01-01T00:00Z',
      ['9000-01-26T01:00Z', '9000-06-29T01:00Z'],
    ],
    [
      'offsets do not follow daylight saving (AKS#4670)',
      { schedule: weekly('Sunday'), utcOffset: '+01:00' },
      '2026-03-20T00:00Z',
      ['2026-03-22T00:00Z', '2026-03-29T00:00Z', '2026-04-05T00:00Z'],
    ],
    [
      'the weekday is that of the easternmost offset',
      { schedule: weekly('Sunday'), utcOffset: '+14:00' },
      '2026-04-13T00:00Z',
      ['2026-04-18T11:00Z'],
    ],
    [
      'the weekday is that of the westernmost offset',
      { schedule: weekly('Sunday'), utcOffset: '-12:00', startTime: '20:00' },
      '2026-04-13T00:00Z',
      ['2026-04-13T08:00Z'],
    ],
    ['an opening is not after itself', {}, '2026-04-14T01:00Z', ['2026-04-15T01:00Z']],
    ['a nanosecond before an opening it is still ahead', {}, '2026-04-14T00:59:59.999999999Z', ['2026-04-14T01:00Z']],
    [
      'days of 24 hours each open anew',
      { startTime: '00:00', durationHours: 24 },
      '2026-12-31T12:00Z',
      ['2027-01-01T00:00Z', '2027-01-02T00:00Z'],
    ],
    [
      'blocked occurrences are passed over',
      { notAllowedDates: [{ start: '2026-12-23', end: '2027-01-03' }] },
      '2026-12-21T12:00Z',
      ['2026-12-22T01:00Z', '2027-01-04T01:00Z'],
    ],
    [
      'what opens on the last blocked day is allowed after its midnight',
      { startTime: '22:00', notAllowedDates: [{ start: '2026-12-23', end: '2027-01-03' }] },
      '2026-12-22T12:00Z',
      ['2026-12-22T22:00Z', '2027-01-04T00:00Z', '2027-01-04T22:00Z'],
    ],
    [
      'what closes at the midnight that ends a freeze has nothing left',
      { startTime: '20:00', notAllowedDates: [{ start: '2026-12-23', end: '2027-01-03' }] },
      '2026-12-22T21:00Z',
      ['2027-01-04T20:00Z'],
    ],
    [
      'a freeze of one day leaves the hours after its midnight',
      { startTime: '22:00', notAllowedDates: [{ start: '2026-12-24', end: '2026-12-24' }] },
      '2026-12-23T22:00Z',
      ['2026-12-25T00:00Z', '2026-12-25T22:00Z'],
    ],
    ["the last day that ARM's dates can name", {}, '9999-12-30T12:00Z', ['9999-12-31T01:00Z']],
    [
      'a freeze of centuries ends',
      {
        schedule: onDay(30, 6),
        startDate: '2026-02-01',
        notAllowedDates: [{ start: '2026-01-01', end: '2999-07-31' }],
      },
      '2026-01-01T00:00Z',
      ['2999-08-30T01:00Z', '3000-08-30T01:00Z'],
    ],
    [
      'a freeze for ever has no end',
      { notAllowedDates: [{ start: '2026-01-01', end: '9999-12-31' }] },
      '2026-01-01T06:00Z',
      [],
    ],
  ])('%s', (_, overrides, after, expected) => {
    expect(openings(windowOf(overrides), after, Math.max(1, expected.length))).toEqual(expected);
  });

  it('crosses very many freezes in no time', () => {
    const first = Temporal.PlainDate.from('2026-01-01');
    const notAllowedDates = Array.from({ length: 20_000 }, (_, index) => {
      const start = first.add({ days: index * 7 }).toString();
      return { start, end: start };
    });
    const window = windowOf({ schedule: weekly('Thursday'), notAllowedDates });
    expect(openings(window, '2026-01-01T00:00Z', 1)).toEqual([`${first.add({ days: 140_000 }).toString()}T01:00Z`]);
  });

  it('steps over a freeze of millennia at once, not day by day', () => {
    const window = windowOf({ notAllowedDates: [{ start: '2026-01-01', end: '9999-12-31' }] });
    for (let minute = 0; minute < 2000; minute++) {
      expect(nextOpening(window, instant('2026-01-01T00:00Z').add({ minutes: minute }))).toBeUndefined();
    }
  });

  it('finds an opening for every day and interval, however short the months', () => {
    for (let month = 1; month <= 12; month++) {
      for (let interval = 1; interval <= 6; interval++) {
        for (let day = 1; day <= 31; day++) {
          const startDate = `2026-${String(month).padStart(2, '0')}-01`;
          const window = windowOf({ schedule: onDay(day, interval), startDate });
          expect(text(nextOpening(window, instant('2026-01-01T00:00Z')))?.slice(0, 4)).toMatch(/202[678]/);
        }
      }
    }
  });
});

describe('windowAt, by the incident that each case prevents', () => {
  const saturdayNight = { schedule: weekly('Saturday'), startTime: '22:00', durationHours: 6 };
  /** The example of the AKS documentation. */
  const holidays = { utcOffset: '+02:00', notAllowedDates: [{ start: '2022-12-23', end: '2023-01-03' }] };
  const allDay = { startTime: '00:00', durationHours: 24 };

  it.each<[string, object, string, string, string | undefined]>([
    ['closed a nanosecond before it opens', {}, '2026-04-14T00:59:59.999999999Z', 'closed', '2026-04-14T01:00:00Z'],
    ['open at its first instant', {}, '2026-04-14T01:00:00Z', 'open', '2026-04-14T05:00:00Z'],
    ['open at its last nanosecond', {}, '2026-04-14T04:59:59.999999999Z', 'open', '2026-04-14T05:00:00Z'],
    ['closed when it closes', {}, '2026-04-14T05:00:00Z', 'closed', '2026-04-15T01:00:00Z'],
    [
      "kured#204, a window over midnight: Sunday 02:00 is still Saturday's window",
      saturdayNight,
      '2026-04-19T02:00:00Z',
      'open',
      '2026-04-19T04:00:00Z',
    ],
    [
      "kured#204, the other way: Saturday 02:00 is Friday's night",
      saturdayNight,
      '2026-04-18T02:00:00Z',
      'closed',
      '2026-04-18T22:00:00Z',
    ],
    ['over the end of a year', { startTime: '22:00' }, '2027-01-01T01:00:00Z', 'open', '2027-01-01T02:00:00Z'],
    [
      'over the end of a month that the schedule names',
      { schedule: onDay(31), startTime: '22:00' },
      '2026-06-01T01:00:00Z',
      'open',
      '2026-06-01T02:00:00Z',
    ],
    [
      'over the end of a February in a leap year',
      { schedule: onDay(29), startTime: '22:00' },
      '2028-03-01T01:00:00Z',
      'open',
      '2028-03-01T02:00:00Z',
    ],
    [
      'not on the 1st for a 29th that February has not',
      { schedule: onDay(29), startTime: '22:00' },
      '2026-03-01T01:00:00Z',
      'closed',
      '2026-03-29T22:00:00Z',
    ],
    ['in a day of 24 hours the last opening decides', allDay, '2026-04-15T00:00:00Z', 'open', '2026-04-16T00:00:00Z'],
    [
      'not on the night that began before startDate',
      { startTime: '22:00', startDate: '2026-04-14' },
      '2026-04-14T01:00:00Z',
      'closed',
      '2026-04-14T22:00:00Z',
    ],
    ['startDate counts itself', { startDate: '2026-04-14' }, '2026-04-14T02:00:00Z', 'open', '2026-04-14T05:00:00Z'],
    [
      'open on the day before the holidays',
      { ...holidays, ...allDay },
      '2022-12-22T21:59:59Z',
      'open',
      '2022-12-22T22:00:00Z',
    ],
    [
      'blocked from the local midnight of the first day',
      { ...holidays, ...allDay },
      '2022-12-22T22:00:00Z',
      'blocked',
      '2023-01-03T22:00:00Z',
    ],
    [
      'blocked to the end of the last day, which AKS includes',
      { ...holidays, ...allDay },
      '2023-01-03T21:59:59.999999999Z',
      'blocked',
      '2023-01-03T22:00:00Z',
    ],
    [
      'open when the last day is over',
      { ...holidays, ...allDay },
      '2023-01-03T22:00:00Z',
      'open',
      '2023-01-04T22:00:00Z',
    ],
    [
      'a night before the holidays ends at midnight',
      { ...holidays, startTime: '22:00' },
      '2022-12-22T21:00:00Z',
      'open',
      '2022-12-22T22:00:00Z',
    ],
    [
      'a night into the holidays is blocked after midnight',
      { ...holidays, startTime: '22:00' },
      '2022-12-22T23:00:00Z',
      'blocked',
      '2023-01-03T22:00:00Z',
    ],
    [
      'a night into the holidays is blocked from midnight on, not a moment later',
      { ...holidays, startTime: '22:00' },
      '2022-12-22T22:00:00Z',
      'blocked',
      '2023-01-03T22:00:00Z',
    ],
    [
      'a night out of the holidays is open after midnight',
      { ...holidays, startTime: '22:00' },
      '2023-01-03T23:00:00Z',
      'open',
      '2023-01-04T00:00:00Z',
    ],
    [
      'outside its occurrences it is closed, not blocked',
      holidays,
      '2022-12-25T12:00:00Z',
      'closed',
      '2023-01-03T23:00:00Z',
    ],
    [
      'a freeze for ever has no next opening',
      { notAllowedDates: [{ start: '2026-01-01', end: '9999-12-31' }] },
      '2026-04-14T01:00:00Z',
      'blocked',
      undefined,
    ],
    [
      "after the last year that ARM's dates can name there is nothing",
      {},
      '+010000-01-01T02:00:00Z',
      'closed',
      undefined,
    ],
  ])('%s', (_, overrides, at, state, until) => {
    const found = windowAt(windowOf(overrides), instant(at));
    expect(found.state).toBe(state);
    expect(text(found.state === 'open' ? found.closesAt : found.nextOpening)).toBe(until);
  });

  it('tells the whole occurrence, and the part of it that is open', () => {
    const window = windowOf({ ...holidays, startTime: '22:00' });
    const occurrence = { opensAt: instant('2023-01-03T20:00Z'), closesAt: instant('2023-01-04T00:00Z') };
    expect(occurrenceAt(window, instant('2023-01-03T21:00Z'))).toEqual(occurrence);
    expect(windowAt(window, instant('2023-01-03T23:00Z'))).toEqual({
      state: 'open',
      occurrence,
      openedAt: instant('2023-01-03T22:00Z'),
      closesAt: occurrence.closesAt,
    });
    expect(spans(blockedParts(window, occurrence))).toEqual(['2023-01-03T20:00:00Z/2023-01-03T22:00:00Z']);
  });
});

describe('blockedParts', () => {
  it.each([
    ['before it', '2026-04-12', '2026-04-13'],
    ['after it', '2026-04-15', '2026-04-16'],
    ['up to its opening', '2026-04-01', '2026-04-13'],
  ])('has none where the dates lie %s', (_, start, end) => {
    const window = windowOf({ startTime: '00:00', durationHours: 24, notAllowedDates: [{ start, end }] });
    const [occurrence] = occurrencesBetween(window, instant('2026-04-14T12:00Z'), instant('2026-04-14T13:00Z'));
    expect(occurrence && blockedParts(window, occurrence)).toEqual([]);
  });
});

describe('occurrencesBetween', () => {
  it('begins with the occurrence that is under way, and ends before the end', () => {
    const found = occurrencesBetween(windowOf({}), instant('2026-04-14T04:59Z'), instant('2026-04-16T01:00Z'));
    expect(spans(found)).toEqual([
      '2026-04-14T01:00:00Z/2026-04-14T05:00:00Z',
      '2026-04-15T01:00:00Z/2026-04-15T05:00:00Z',
    ]);
  });

  it.each([
    ['an interval without length', '2026-04-14T02:00Z', '2026-04-14T02:00Z', 0],
    ['an interval that ends before it begins', '2026-04-15T02:00Z', '2026-04-14T02:00Z', 0],
    ['the last nanosecond of an occurrence', '2026-04-14T04:59:59.999999999Z', '2026-04-14T05:00Z', 1],
    ['the first nanosecond of an occurrence', '2026-04-14T00:30Z', '2026-04-14T01:00:00.000000001Z', 1],
    ['the time between two occurrences', '2026-04-14T05:00Z', '2026-04-15T01:00Z', 0],
  ])('%s has the right ones', (_, from, to, count) => {
    expect(spans(occurrencesBetween(windowOf({}), instant(from), instant(to)))).toHaveLength(count);
  });

  it('is lazy: the first of many thousand years costs no more than one', () => {
    const [first] = occurrencesBetween(windowOf({}), instant('2026-04-14T00:00Z'), instant('+200000-01-01T00:00Z'));
    expect(text(first?.opensAt)).toBe('2026-04-14T01:00:00Z');
  });
});

describe('properties, against a day-by-day reading of the rules', () => {
  /** A property of any window at any instant. */
  function holds(check: (json: WindowJson, window: MaintenanceWindow, at: Temporal.Instant) => void): void {
    fc.assert(
      fc.property(anyWindow, anyInstant, (json, at) => check(json, windowOf(json), at)),
      { numRuns: 150 },
    );
  }

  it('is open exactly when an occurrence holds the instant and its local date is allowed', () => {
    holds((json, window, at) => {
      const found = windowAt(window, at);
      const expected = occurrenceHolding(json, at);
      expect(spans([occurrenceAt(window, at) ?? []].flat())).toEqual(spans([expected ?? []].flat()));
      expect(found.state).toBe(isOpen(json, at) ? 'open' : expected ? 'blocked' : 'closed');
    });
  });

  it('stays open up to closesAt, has been open since openedAt, and not a nanosecond more of that occurrence', () => {
    holds((json, window, at) => {
      const found = windowAt(window, at);
      if (found.state !== 'open') return;
      const { occurrence, openedAt, closesAt } = found;
      for (const inside of [openedAt, closesAt.subtract({ nanoseconds: 1 })]) {
        expect(windowAt(window, inside)).toEqual(found);
        expect(isOpen(json, inside)).toBe(true);
      }
      const isCut = !closesAt.equals(occurrence.closesAt);
      expect(windowAt(window, closesAt).state === 'blocked').toBe(
        isCut || (isBlocked(json, closesAt) && occurrenceAt(window, closesAt) !== undefined),
      );
      if (!openedAt.equals(occurrence.opensAt))
        expect(isBlocked(json, openedAt.subtract({ nanoseconds: 1 }))).toBe(true);
    });
  });

  it('has as next opening the first later instant at which an allowed part begins', () => {
    holds((json, window, at) => {
      const next = nextOpening(window, at);
      expect(text(next)).toBe(text(firstOpeningAfter(json, at)));
      if (!next) return;
      const opened = windowAt(window, next);
      expect(opened).toMatchObject({ state: 'open', openedAt: next });
      const found = windowAt(window, at);
      if (found.state !== 'open') expect(found.nextOpening?.equals(next)).toBe(true);
    });
  });

  it('has the occurrences of the calendar: in order, of exactly the duration, none before startDate', () => {
    fc.assert(
      fc.property(anyWindow, anyInstant, fc.integer({ min: 1, max: 200 * 96 }), (json, from, quarters) => {
        const to = from.add({ minutes: quarters * 15 });
        const window = windowOf(json);
        const found = [...occurrencesBetween(window, from, to)];
        const candidates = occurrencesOn(json, localDateOf(json, from).subtract({ days: 2 }), localDateOf(json, to));
        const overlapping = candidates.filter(
          ({ opensAt, closesAt }) =>
            Temporal.Instant.compare(opensAt, to) < 0 && Temporal.Instant.compare(closesAt, from) > 0,
        );
        expect(spans(found)).toEqual(spans(overlapping));
        for (const [index, { opensAt, closesAt }] of found.entries()) {
          expect(closesAt.since(opensAt).total('hours')).toBe(json.durationHours);
          if (json.startDate !== undefined) expect(localDateOf(json, opensAt).toString() >= json.startDate).toBe(true);
          const previous = found[index - 1];
          if (previous) expect(Temporal.Instant.compare(previous.closesAt, opensAt)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('blocks the parts of an occurrence on dates that are not allowed, and no other', () => {
    holds((json, window, at) => {
      const [occurrence] = occurrencesBetween(window, at, at.add({ hours: 24 * 40 }));
      if (!occurrence) return;
      const parts = blockedParts(window, occurrence);
      let quarter = occurrence.opensAt;
      while (Temporal.Instant.compare(quarter, occurrence.closesAt) < 0) {
        const isInPart = parts.some(
          ({ opensAt, closesAt }) =>
            Temporal.Instant.compare(opensAt, quarter) <= 0 && Temporal.Instant.compare(quarter, closesAt) < 0,
        );
        expect(isInPart).toBe(isBlocked(json, quarter));
        expect(windowAt(window, quarter).state).toBe(isInPart ? 'blocked' : 'open');
        quarter = quarter.add({ minutes: 15 });
      }
      for (const [index, part] of parts.entries()) {
        const before = parts[index - 1];
        if (before) expect(Temporal.Instant.compare(before.closesAt, part.opensAt)).toBeLessThan(0);
      }
    });
  });

  it('moves every instant by as much as the offset moves', () => {
    fc.assert(
      fc.property(anyWindow, anyOffset, anyInstant, (json, utcOffset, at) => {
        const moved = windowOf({ ...json, utcOffset });
        const window = windowOf(json);
        const minutes = window.utcOffsetMinutes - moved.utcOffsetMinutes;
        const until = { hours: 24 * 60 };
        const shift = (instant: Temporal.Instant | undefined) => text(instant?.add({ minutes }));
        const later = at.add({ minutes });
        expect(spans(occurrencesBetween(moved, later, later.add(until)))).toEqual(
          Array.from(
            occurrencesBetween(window, at, at.add(until)),
            ({ opensAt, closesAt }) => `${shift(opensAt)}/${shift(closesAt)}`,
          ),
        );
        expect(text(nextOpening(moved, later))).toBe(shift(nextOpening(window, at)));
        expect(windowAt(moved, later).state).toBe(windowAt(window, at).state);
      }),
      { numRuns: 100 },
    );
  });
});
