// Calendar days as integers: days since 1970-01-01, in whatever offset the caller means. The windows and the image
// versions count in them, because integer arithmetic is exact, fast, and knows no time zone of the process.

export type EpochDay = number;

export const millisecondsPerDay = 86_400_000;

/** The last day that a `YYYY-MM-DD` can name. */
export const lastDay: EpochDay = epochDay(9999, 12, 31);

/** The epoch day of a date that exists; `month` from 1. */
export function epochDay(year: number, month: number, day: number): EpochDay {
  // Years counted from March end with their leap day, so that every month but the last has a fixed length.
  const marchYear = month > 2 ? year : year - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const daysBeforeMonth = Math.floor((153 * ((month + 9) % 12) + 2) / 5);
  return 365 * marchYear + leapDays + daysBeforeMonth + day - 719_469;
}

/** 0 is Sunday. */
export function weekdayOf(day: EpochDay): number {
  return modulo(day + 4, 7);
}

/** Months since the January of year 0. */
export type MonthNumber = number;

export function monthOf(day: EpochDay): MonthNumber {
  // The mean month of the Gregorian calendar lands on the right month or on a neighbour.
  let month = 1970 * 12 + Math.floor(day / 30.436875);
  while (firstDayOf(month) > day) month--;
  while (firstDayOf(month + 1) <= day) month++;
  return month;
}

/** The first day of a month; `firstDayOf(month + 1)` ends it. */
export function firstDayOf(month: MonthNumber): EpochDay {
  return epochDay(Math.floor(month / 12), modulo(month, 12) + 1, 1);
}

/** The day that `YYYY-MM-DD` names, or undefined when it is no such text or no such day (2026-02-30). */
export function parseDay(text: string): EpochDay | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return undefined;
  const day = epochDay(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  return formatDay(day) === text ? day : undefined;
}

/** A day of the years 0 to 9999 as `YYYY-MM-DD`. */
export function formatDay(day: EpochDay): string {
  const month = monthOf(day);
  const parts = [modulo(month, 12) + 1, day - firstDayOf(month) + 1].map((part) => String(part).padStart(2, '0'));
  return [String(Math.floor(month / 12)).padStart(4, '0'), ...parts].join('-');
}

export function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
