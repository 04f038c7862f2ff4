// The arithmetic of a maintenance window, in epoch milliseconds and local days. Called by maintenanceWindow.
import { type EpochDay, lastDay, millisecondsPerDay } from './calendarDay.ts';
import { openingDay, type Schedule } from './openingDay.ts';

export type DayRange = { readonly first: EpochDay; readonly last: EpochDay };

/** All days and times of day are local: in the window's own fixed offset. */
export type WindowTimes = {
  readonly schedule: Schedule;
  readonly durationHours: number;
  readonly utcOffsetMinutes: number;
  readonly startMinute: number;
  /** The first day on which an occurrence may open; where intervals are counted from. */
  readonly startDate?: EpochDay;
  readonly notAllowedDates: readonly DayRange[];
};

/** The local day whose occurrence holds `now`: of all that opened the last decides, as all are equally long. */
export function openingDayAt(window: WindowTimes, now: number): EpochDay | undefined {
  const day = lastOpeningDay(window, latestDayOpenedBy(window, now));
  return day !== undefined && now < opensOn(window, day) + durationOf(window) ? day : undefined;
}

/** When something allowed begins after `now`. @param held the day whose occurrence holds `now`: its rest may be an opening */
export function nextAllowed(window: WindowTimes, now: number, held: EpochDay | undefined): number | undefined {
  let day = held ?? firstOpeningDay(window, latestDayOpenedBy(window, now) + 1);
  while (day !== undefined) {
    const { from, to, resumesOn } = allowedSpan(window, day);
    if (from > now && from < to) return from;
    // Steps over what is blocked at once. What opens on the last blocked day may reach beyond midnight.
    day = firstOpeningDay(window, Math.max(day + 1, resumesOn - 1));
  }
  return undefined;
}

/** One piece: blocks are whole days, and an occurrence of 24 hours at most has one midnight inside. `from` >= `to`: nothing. */
export function allowedSpan(window: WindowTimes, day: EpochDay) {
  const opens = opensOn(window, day);
  const closes = opens + durationOf(window);
  const range = window.notAllowedDates[firstRangeEndingFrom(window.notAllowedDates, day)];
  if (!range) return { from: opens, to: closes, resumesOn: day };
  if (range.first > day) return { from: opens, to: Math.min(closes, startOf(window, range.first)), resumesOn: day };
  return { from: startOf(window, range.last + 1), to: closes, resumesOn: range.last + 1 };
}

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

function lastOpeningDay(window: WindowTimes, day: EpochDay): EpochDay | undefined {
  const found = openingDay(window.schedule, window.startDate ?? 0, Math.min(day, lastDay), -1);
  return found < (window.startDate ?? found) ? undefined : found;
}

export function firstOpeningDay(window: WindowTimes, day: EpochDay): EpochDay | undefined {
  const found = openingDay(window.schedule, window.startDate ?? 0, Math.max(day, window.startDate ?? day), 1);
  return found > lastDay ? undefined : found;
}

export function latestDayOpenedBy(window: WindowTimes, now: number): EpochDay {
  return Math.floor((now - opensOn(window, 0)) / millisecondsPerDay);
}

export function opensOn(window: WindowTimes, day: EpochDay): number {
  return startOf(window, day) + window.startMinute * 60_000;
}

export function startOf(window: WindowTimes, day: EpochDay): number {
  return day * millisecondsPerDay - window.utcOffsetMinutes * 60_000;
}

export function durationOf(window: WindowTimes): number {
  return window.durationHours * 3_600_000;
}
