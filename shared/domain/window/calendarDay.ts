// Calendar days as whole days since 1970-01-01, in whatever offset the caller means: exact, and free of the process's time zone.

export type EpochDay = number;

export const millisecondsPerDay = 86_400_000;

/** The last day that a `YYYY-MM-DD` can name. */
export const lastDay: EpochDay = epochDay(9999, 12, 31);

export function epochDay(year: number, month: number, day: number): EpochDay {
  // Date.UTC takes the years 0 to 99 for those of the 20th century.
  return new Date(0).setUTCFullYear(year, month - 1, day) / millisecondsPerDay;
}

export function weekdayOf(day: EpochDay): number {
  return modulo(day + 4, 7);
}

export type MonthNumber = number;

export function monthOf(day: EpochDay): MonthNumber {
  const date = new Date(day * millisecondsPerDay);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

export function firstDayOf(month: MonthNumber): EpochDay {
  return epochDay(0, month + 1, 1);
}

/** The day that `YYYY-MM-DD` names, or undefined when it is no such text or no such day (2026-02-30). */
export function parseDay(text: string): EpochDay | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return undefined;
  const day = epochDay(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  return formatDay(day) === text ? day : undefined;
}

export function formatDay(day: EpochDay): string {
  return new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
}

export function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
