// Calendar days as whole days since 1970-01-01, in whatever offset the caller means: exact, and free of the process's time zone.

export type EpochDay = number;

export const millisecondsPerDay = 86_400_000;

/** From 1 March of the year 0. */
const daysTo1970 = 719_468;

/** Every month has so many days. */
export const shortestMonth = 28;

/** The last day that a `YYYY-MM-DD` can name. */
export const lastDay: EpochDay = epochDay(9999, 12, 31);

export function epochDay(year: number, month: number, day: number): EpochDay {
  return firstDayOf(year * 12 + month - 1) + day - 1;
}

export function weekdayOf(day: EpochDay): number {
  return modulo(day + 4, 7);
}

export type MonthNumber = number;

const meanDaysOfMonth = 146_097 / 4800;

export function monthOf(day: EpochDay): MonthNumber {
  const near = Math.floor(day / meanDaysOfMonth) + 1970 * 12;
  if (firstDayOf(near) > day) return near - 1;
  return firstDayOf(near + 1) > day ? near : near + 1;
}

/** By whole numbers alone, as a Date for each costs more than all the rest of a window. Years begin in March: leap days end them. */
export function firstDayOf(month: MonthNumber): EpochDay {
  const year = Math.floor((month - 2) / 12);
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  // From March on, months of 31, 30, 31, 30 and 31 days come again and again.
  const dayOfYear = Math.floor((153 * (month - 2 - year * 12) + 2) / 5);
  return year * 365 + leapDays + dayOfYear - daysTo1970;
}

const zero = '0'.charCodeAt(0);
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** The day that `YYYY-MM-DD` names, or undefined when it is no such text or no such day (2026-02-30). */
export function parseDay(text: string): EpochDay | undefined {
  if (!dayPattern.test(text)) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)];
  const isDay = month >= 1 && month <= 12 && day >= 1 && (day <= shortestMonth || day <= daysIn(year, month));
  return isDay ? epochDay(year, month, day) : undefined;
}

/** The number that two digits of a text make, from `at` on: without a text of its own for each, which takes ten times as long. */
export function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero;
}

function daysIn(year: number, month: number): number {
  const first = year * 12 + month - 1;
  return firstDayOf(first + 1) - firstDayOf(first);
}

export function formatDay(day: EpochDay): string {
  return new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
}

export function modulo(value: number, divisor: number): number {
  const rest = value % divisor;
  // Adding 0 makes 0 of -0.
  return rest < 0 ? rest + divisor : rest + 0;
}
