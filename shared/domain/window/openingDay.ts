// On which local days a schedule opens, as integers: AKS-FACTS section 2. Called by maintenanceWindow.
import {
  type EpochDay,
  firstDayOf,
  type MonthNumber,
  modulo,
  monthOf,
  shortestMonth,
  weekdayOf,
} from './calendarDay.ts';

/** Sunday first, as weeks are counted (RFC 5545, WKST=SU). */
export const daysOfWeek = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
type DayOfWeek = (typeof daysOfWeek)[number];

export const weekIndexes = ['First', 'Second', 'Third', 'Fourth', 'Last'] as const;
type WeekIndex = (typeof weekIndexes)[number];

type Every<Kind> = { readonly kind: Kind; readonly interval: number };
type MonthlySchedule =
  | (Every<'absoluteMonthly'> & { readonly dayOfMonth: number })
  | (Every<'relativeMonthly'> & { readonly weekIndex: WeekIndex; readonly dayOfWeek: DayOfWeek });

export type Schedule = Every<'daily'> | (Every<'weekly'> & { readonly dayOfWeek: DayOfWeek }) | MonthlySchedule;

/** The scheduled day nearest to `day`, itself included. `anchor`: intervals count from it as in RFC 5545 with WKST=SU. */
export function openingDay(schedule: Schedule, anchor: EpochDay, day: EpochDay, direction: 1 | -1): EpochDay {
  const { kind, interval } = schedule;
  if (kind === 'daily') return nearest(anchor, interval, day, direction);
  if (kind === 'weekly') {
    const sunday = anchor - weekdayOf(anchor);
    return nearest(sunday + daysOfWeek.indexOf(schedule.dayOfWeek), interval * 7, day, direction);
  }
  let month = interval === 1 ? monthOf(day) : nearest(monthOf(anchor), interval, monthOf(day), direction);
  let found = dayIn(schedule, month);
  // Ends within two years: no interval up to 6 lands on short months only.
  while (found === undefined || (found - day) * direction < 0) {
    month += interval * direction;
    found = dayIn(schedule, month);
  }
  return found;
}

function nearest(anchor: number, period: number, from: number, direction: 1 | -1): number {
  return from + direction * modulo((anchor - from) * direction, period);
}

const firstSunday: EpochDay = 3;

function dayIn(schedule: MonthlySchedule, month: MonthNumber): EpochDay | undefined {
  if (schedule.kind === 'absoluteMonthly') {
    const day = firstDayOf(month) + schedule.dayOfMonth - 1;
    return schedule.dayOfMonth <= shortestMonth || day < firstDayOf(month + 1) ? day : undefined;
  }
  // The n-th such weekday of the month, which need not lie in its n-th calendar week.
  const weekday = firstSunday + daysOfWeek.indexOf(schedule.dayOfWeek);
  if (schedule.weekIndex === 'Last') return nearest(weekday, 7, firstDayOf(month + 1) - 1, -1);
  return nearest(weekday, 7, firstDayOf(month), 1) + 7 * weekIndexes.indexOf(schedule.weekIndex);
}
