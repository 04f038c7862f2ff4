// Maintenance windows: what is open at an instant, when the next opening is, which occurrences lie between two instants.
// Called by plan, startUpgrade and the windows API. The rules: AKS-FACTS section 2; parsing: parseMaintenanceWindow.ts.
import { Temporal } from 'temporal-polyfill';
import type { EpochDay } from './calendarDay.ts';
import { lastDay, millisecondsPerDay } from './calendarDay.ts';
import type { Schedule } from './openingDay.ts';
import { openingDay } from './openingDay.ts';

export type DayRange = { readonly first: EpochDay; readonly last: EpochDay };

/** All days and times of day are local: in the window's own fixed offset. */
export type MaintenanceWindow = {
  readonly schedule: Schedule;
  /** 4 to 24. */
  readonly durationHours: number;
  /** Minutes east of UTC; no daylight saving. */
  readonly utcOffsetMinutes: number;
  /** Minute of the day at which occurrences open. */
  readonly startMinute: number;
  /** The first day on which an occurrence may open; where intervals are counted from. */
  readonly startDate?: EpochDay;
  /** Ordered, neither overlapping nor touching. */
  readonly notAllowedDates: readonly DayRange[];
  /** `inferred`: an interval above 1, which AKS documents nowhere. */
  readonly reading: 'documented' | 'inferred';
};

export type WindowProblem = {
  /** The field, in the REST API's names: `schedule.weekly.dayOfWeek`, `notAllowedDates[0].start`; empty for the whole. */
  readonly path: string;
  readonly message: string;
  /** The field is right, but without a startDate nobody knows which days the interval lands on. */
  readonly notAnchored?: true;
};

/** Half-open: opensAt is in it, closesAt is not. */
export type Occurrence = { readonly opensAt: Temporal.Instant; readonly closesAt: Temporal.Instant };

export type WindowAt =
  /** `openedAt` and `closesAt` are the occurrence's own, unless notAllowedDates cut it short. */
  | {
      readonly state: 'open';
      readonly occurrence: Occurrence;
      readonly openedAt: Temporal.Instant;
      readonly closesAt: Temporal.Instant;
    }
  /** In an occurrence, on a date that is not allowed. */
  | { readonly state: 'blocked'; readonly occurrence: Occurrence; readonly nextOpening?: Temporal.Instant }
  | { readonly state: 'closed'; readonly nextOpening?: Temporal.Instant };

/** Is the window open at `at`, and until when, or from when on. */
export function windowAt(window: MaintenanceWindow, at: Temporal.Instant): WindowAt {
  const now = at.epochMilliseconds;
  const day = openingDayAt(window, now);
  if (day === undefined) return { state: 'closed', ...next(window, now, day) };
  const occurrence = occurrenceOn(window, day);
  const allowed = allowedSpan(window, day);
  if (now < allowed.from || now >= allowed.to) {
    return { state: 'blocked', occurrence, ...next(window, now, day) };
  }
  return { state: 'open', occurrence, openedAt: instant(allowed.from), closesAt: instant(allowed.to) };
}

export function occurrenceAt(window: MaintenanceWindow, at: Temporal.Instant): Occurrence | undefined {
  const day = openingDayAt(window, at.epochMilliseconds);
  return day === undefined ? undefined : occurrenceOn(window, day);
}

/** The first instant after `at` at which something allowed begins; undefined where that is after the year 9999. */
export function nextOpening(window: MaintenanceWindow, at: Temporal.Instant): Temporal.Instant | undefined {
  const now = at.epochMilliseconds;
  return next(window, now, openingDayAt(window, now)).nextOpening;
}

/** The occurrences that overlap [from, to), blocked or not, one at a time: `to` may be centuries away. */
export function* occurrencesBetween(
  window: MaintenanceWindow,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Generator<Occurrence, void, undefined> {
  if (Temporal.Instant.compare(from, to) >= 0) return;
  const start = from.epochMilliseconds;
  let day = openingDayAt(window, start) ?? firstOpeningDay(window, latestDayOpenedBy(window, start) + 1);
  while (day !== undefined) {
    const occurrence = occurrenceOn(window, day);
    if (Temporal.Instant.compare(occurrence.opensAt, to) >= 0) return;
    yield occurrence;
    day = firstOpeningDay(window, day + 1);
  }
}

export function blockedParts(window: MaintenanceWindow, { opensAt, closesAt }: Occurrence): readonly Occurrence[] {
  const parts: Occurrence[] = [];
  for (const range of window.notAllowedDates) {
    const from = Math.max(startOf(window, range.first), opensAt.epochMilliseconds);
    const to = Math.min(startOf(window, range.last + 1), closesAt.epochMilliseconds);
    if (from < to) parts.push({ opensAt: instant(from), closesAt: instant(to) });
  }
  return parts;
}

/** The local day whose occurrence holds `now`: of all that opened the last decides, as all are equally long. */
function openingDayAt(window: MaintenanceWindow, now: number): EpochDay | undefined {
  const day = lastOpeningDay(window, latestDayOpenedBy(window, now));
  return day !== undefined && now < opensAt(window, day) + durationOf(window) ? day : undefined;
}

/** `held`: the day whose occurrence holds `now`: the rest of it may be an opening. */
function next(
  window: MaintenanceWindow,
  now: number,
  held: EpochDay | undefined,
): { readonly nextOpening?: Temporal.Instant } {
  let day = held ?? firstOpeningDay(window, latestDayOpenedBy(window, now) + 1);
  while (day !== undefined) {
    const { from, to, resumesOn } = allowedSpan(window, day);
    if (from > now && from < to) return { nextOpening: instant(from) };
    // Steps over what is blocked at once. What opens on the last blocked day may reach beyond midnight.
    day = firstOpeningDay(window, Math.max(day + 1, resumesOn - 1));
  }
  return {};
}

type AllowedSpan = {
  readonly from: number;
  readonly to: number;
  readonly resumesOn: EpochDay;
};

/** One piece: blocks are whole days, and an occurrence of 24 hours at most has one midnight inside. `from` >= `to`: nothing. */
function allowedSpan(window: MaintenanceWindow, day: EpochDay): AllowedSpan {
  const opens = opensAt(window, day);
  const closes = opens + durationOf(window);
  const range = window.notAllowedDates[firstRangeEndingFrom(window.notAllowedDates, day)];
  if (!range) return { from: opens, to: closes, resumesOn: day };
  if (range.first > day) return { from: opens, to: Math.min(closes, startOf(window, range.first)), resumesOn: day };
  return { from: startOf(window, range.last + 1), to: closes, resumesOn: range.last + 1 };
}

/** By bisection: there may be any number of ranges. */
function firstRangeEndingFrom(ranges: readonly DayRange[], day: EpochDay): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.last ?? day) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lastOpeningDay(window: MaintenanceWindow, day: EpochDay): EpochDay | undefined {
  const found = openingDay(window.schedule, window.startDate ?? 0, Math.min(day, lastDay), -1);
  return found < (window.startDate ?? found) ? undefined : found;
}

function firstOpeningDay(window: MaintenanceWindow, day: EpochDay): EpochDay | undefined {
  const found = openingDay(window.schedule, window.startDate ?? 0, Math.max(day, window.startDate ?? day), 1);
  return found > lastDay ? undefined : found;
}

function latestDayOpenedBy(window: MaintenanceWindow, now: number): EpochDay {
  return Math.floor((now - opensAt(window, 0)) / millisecondsPerDay);
}

function opensAt(window: MaintenanceWindow, day: EpochDay): number {
  return startOf(window, day) + window.startMinute * 60_000;
}

/** Local midnight. */
function startOf(window: MaintenanceWindow, day: EpochDay): number {
  return day * millisecondsPerDay - window.utcOffsetMinutes * 60_000;
}

function durationOf(window: MaintenanceWindow): number {
  return window.durationHours * 3_600_000;
}

function occurrenceOn(window: MaintenanceWindow, day: EpochDay): Occurrence {
  const opens = opensAt(window, day);
  return { opensAt: instant(opens), closesAt: instant(opens + durationOf(window)) };
}

function instant(milliseconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds);
}
