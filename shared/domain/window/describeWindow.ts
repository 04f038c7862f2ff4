// A maintenance window in words, for people. Called by the windows API, the plan's reasons and lint.
import { onceFor } from '../text/onceFor.ts';
import { modulo } from './calendarDay.ts';
import type { MaintenanceWindow } from './maintenanceWindow.ts';
import type { Schedule } from './openingDay.ts';

/** For example "every 2 weeks on Sunday, 01:00 to 05:00, UTC+05:30"; without startDate and notAllowedDates. */
export const describeWindow = onceFor((window: MaintenanceWindow) => {
  const end = window.startMinute + window.durationHours * 60;
  const until = `${timeOfDay(end)}${end >= 24 * 60 ? ' the next day' : ''}`;
  const offset = window.utcOffsetMinutes;
  const zone = offset === 0 ? '' : formatOffset(offset);
  return `${describeSchedule(window.schedule)}, ${timeOfDay(window.startMinute)} to ${until}, UTC${zone}`;
});

export function formatOffset(minutes: number): string {
  return `${minutes < 0 ? '-' : '+'}${timeOfDay(Math.abs(minutes))}`;
}

function describeSchedule(schedule: Schedule): string {
  const { kind, interval } = schedule;
  if (kind === 'daily') return every(interval, 'day');
  if (kind === 'weekly') return `${every(interval, 'week')} on ${schedule.dayOfWeek}`;
  const month = every(interval, 'month');
  if (kind === 'absoluteMonthly') return `${month} on day ${schedule.dayOfMonth}`;
  return `${month} on the ${schedule.weekIndex.toLowerCase()} ${schedule.dayOfWeek}`;
}

function every(interval: number, unit: string): string {
  return interval === 1 ? `every ${unit}` : `every ${interval} ${unit}s`;
}

function timeOfDay(minutes: number): string {
  return `${twoDigits(Math.floor(modulo(minutes, 24 * 60) / 60))}:${twoDigits(minutes % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
