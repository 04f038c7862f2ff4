// An independent reading of AKS-FACTS section 2 for the properties of maintenanceWindow: it asks Temporal's calendar day by
// day, slowly, and shares no code with the module. Also the generator of windows in ARM's JSON.
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';

type Schedule =
  | { readonly daily: { readonly intervalDays: number } }
  | { readonly weekly: { readonly intervalWeeks: number; readonly dayOfWeek: string } }
  | { readonly absoluteMonthly: { readonly intervalMonths: number; readonly dayOfMonth: number } }
  | {
      readonly relativeMonthly: {
        readonly intervalMonths: number;
        readonly weekIndex: string;
        readonly dayOfWeek: string;
      };
    };

/** `maintenanceWindow` as ARM sends it. */
export type WindowJson = {
  readonly schedule: Schedule;
  readonly durationHours: number;
  readonly utcOffset: string;
  readonly startDate?: string;
  readonly startTime: string;
  readonly notAllowedDates: readonly { readonly start: string; readonly end: string }[];
};

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const weekIndexes = ['First', 'Second', 'Third', 'Fourth', 'Last'];

const anyDate = fc
  .integer({ min: 0, max: 2000 })
  .map((days) => Temporal.PlainDate.from('2023-06-01').add({ days }).toString());

const anySchedule: fc.Arbitrary<Schedule> = fc.oneof(
  fc.record({ daily: fc.record({ intervalDays: fc.integer({ min: 1, max: 7 }) }) }),
  fc.record({
    weekly: fc.record({ intervalWeeks: fc.integer({ min: 1, max: 4 }), dayOfWeek: fc.constantFrom(...weekdays) }),
  }),
  fc.record({
    absoluteMonthly: fc.record({
      intervalMonths: fc.integer({ min: 1, max: 6 }),
      dayOfMonth: fc.integer({ min: 1, max: 31 }),
    }),
  }),
  fc.record({
    relativeMonthly: fc.record({
      intervalMonths: fc.integer({ min: 1, max: 6 }),
      weekIndex: fc.constantFrom(...weekIndexes),
      dayOfWeek: fc.constantFrom(...weekdays),
    }),
  }),
);

export const anyOffset = fc.integer({ min: -12 * 4, max: 14 * 4 }).map((quarters) => offsetText(quarters * 15));

/** Windows that can be evaluated: those with an interval above 1 have a startDate. */
export const anyWindow: fc.Arbitrary<WindowJson> = fc
  .record(
    {
      schedule: anySchedule,
      durationHours: fc.integer({ min: 4, max: 24 }),
      utcOffset: anyOffset,
      startDate: anyDate,
      startTime: fc.integer({ min: 0, max: 95 }).map((quarters) => timeText(quarters * 15)),
      notAllowedDates: fc.array(
        fc.tuple(anyDate, fc.integer({ min: 0, max: 60 })).map(([start, days]) => ({
          start,
          end: Temporal.PlainDate.from(start).add({ days }).toString(),
        })),
        { maxLength: 8 },
      ),
    },
    { requiredKeys: ['schedule', 'durationHours', 'utcOffset', 'startTime', 'notAllowedDates'] },
  )
  .filter((window) => window.startDate !== undefined || intervalOf(window.schedule) === 1);

/** Instants around the windows above, on whole quarters of an hour (where edges are) and off them. */
export const anyInstant = fc
  .tuple(fc.integer({ min: -100 * 96, max: 2200 * 96 }), fc.constantFrom(0, -1, 1, 400_000_000))
  .map(([quarters, nanoseconds]) =>
    Temporal.Instant.from('2023-06-01T00:00Z')
      .add({ minutes: quarters * 15 })
      .add({ nanoseconds }),
  );

function offsetText(minutes: number): string {
  return `${minutes < 0 ? '-' : '+'}${timeText(Math.abs(minutes))}`;
}

function timeText(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

function intervalOf(schedule: Schedule): number {
  if ('daily' in schedule) return schedule.daily.intervalDays;
  if ('weekly' in schedule) return schedule.weekly.intervalWeeks;
  return 'absoluteMonthly' in schedule
    ? schedule.absoluteMonthly.intervalMonths
    : schedule.relativeMonthly.intervalMonths;
}

/** Does an occurrence open on this local date? */
function opensOn({ schedule, startDate }: WindowJson, date: Temporal.PlainDate): boolean {
  const anchor = Temporal.PlainDate.from(startDate ?? '2020-01-01');
  if (startDate !== undefined && Temporal.PlainDate.compare(date, anchor) < 0) return false;
  if ('daily' in schedule) return anchor.until(date).days % schedule.daily.intervalDays === 0;
  if ('weekly' in schedule) {
    const weeks = sundayOf(anchor).until(sundayOf(date)).days / 7;
    return weekdayOf(date) === schedule.weekly.dayOfWeek && weeks % schedule.weekly.intervalWeeks === 0;
  }
  const months = anchor.with({ day: 1 }).until(date.with({ day: 1 }), { largestUnit: 'months' }).months;
  if (months % intervalOf(schedule) !== 0) return false;
  if ('absoluteMonthly' in schedule) return date.day === schedule.absoluteMonthly.dayOfMonth;
  const { dayOfWeek, weekIndex } = schedule.relativeMonthly;
  const isLast = date.day + 7 > date.daysInMonth;
  const isNth = weekIndexes[Math.ceil(date.day / 7) - 1] === weekIndex;
  return weekdayOf(date) === dayOfWeek && (weekIndex === 'Last' ? isLast : isNth);
}

function weekdayOf(date: Temporal.PlainDate): string | undefined {
  return weekdays[date.dayOfWeek % 7];
}

function sundayOf(date: Temporal.PlainDate): Temporal.PlainDate {
  return date.subtract({ days: date.dayOfWeek % 7 });
}

/** The instant of a local time of day on a local date. */
function instantOf(window: WindowJson, date: Temporal.PlainDate, time: string): Temporal.Instant {
  return date.toZonedDateTime({ timeZone: window.utcOffset, plainTime: time }).toInstant();
}

export function localDateOf(window: WindowJson, at: Temporal.Instant): Temporal.PlainDate {
  return at.toZonedDateTimeISO(window.utcOffset).toPlainDate();
}

export type OracleOccurrence = { readonly opensAt: Temporal.Instant; readonly closesAt: Temporal.Instant };

/** The occurrences that open on the local dates from `first` to `last`. */
export function occurrencesOn(
  window: WindowJson,
  first: Temporal.PlainDate,
  last: Temporal.PlainDate,
): readonly OracleOccurrence[] {
  const found: OracleOccurrence[] = [];
  for (let date = first; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
    if (!opensOn(window, date)) continue;
    const opensAt = instantOf(window, date, window.startTime);
    found.push({ opensAt, closesAt: opensAt.add({ hours: window.durationHours }) });
  }
  return found;
}

/** The occurrence that holds `at`, blocked or not. */
export function occurrenceHolding(window: WindowJson, at: Temporal.Instant): OracleOccurrence | undefined {
  const today = localDateOf(window, at);
  return occurrencesOn(window, today.subtract({ days: 2 }), today).find(
    ({ opensAt, closesAt }) => Temporal.Instant.compare(opensAt, at) <= 0 && Temporal.Instant.compare(at, closesAt) < 0,
  );
}

export function isBlocked(window: WindowJson, at: Temporal.Instant): boolean {
  const today = localDateOf(window, at).toString();
  return window.notAllowedDates.some(({ start, end }) => start <= today && today <= end);
}

/** The first instant after `at` at which an allowed part of an occurrence begins, looking up to 12 years ahead. */
export function firstOpeningAfter(window: WindowJson, at: Temporal.Instant): Temporal.Instant | undefined {
  const first = localDateOf(window, at).subtract({ days: 2 });
  for (let days = 0; days < 12 * 366; days++) {
    const date = first.add({ days });
    const opensAt = instantOf(window, date, window.startTime);
    const midnight = instantOf(window, date, '00:00');
    const before = midnight.subtract({ nanoseconds: 1 });
    const resumesAtMidnight =
      isBlocked(window, before) && occurrenceHolding(window, before) !== undefined && isOpen(window, midnight);
    const starts = [
      ...(resumesAtMidnight ? [midnight] : []),
      ...(opensOn(window, date) && !isBlocked(window, opensAt) ? [opensAt] : []),
    ];
    const found = starts.find((start) => Temporal.Instant.compare(start, at) > 0);
    if (found) return found;
  }
  return undefined;
}

export function isOpen(window: WindowJson, at: Temporal.Instant): boolean {
  return occurrenceHolding(window, at) !== undefined && !isBlocked(window, at);
}
