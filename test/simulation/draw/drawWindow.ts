// Maintenance windows in ARM's JSON, of every kind that owners write. Used by drawFleet.ts, and by people.ts for changes.
import type { Draw } from './seed.ts';

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const offsets = ['+00:00', '+00:00', '+01:00', '-08:00', '+05:30', '+13:00', '-11:00'];

/** One that opens at least monthly and can be evaluated. `day`: ISO date near the beginning of the run. */
export function drawWindow(draw: Draw, day: string): Record<string, unknown> {
  const hours = draw.pick([4, 4, 4, 5, 6, 8, 12, 24]);
  return {
    schedule: drawSchedule(draw),
    durationHours: hours,
    utcOffset: draw.pick(offsets),
    startTime: `${String(draw.whole(0, 23)).padStart(2, '0')}:${draw.pick(['00', '00', '30', '17'])}`,
    ...(draw.chance(0.2) && { startDate: shiftDay(day, draw.whole(-40, 10)) }),
    ...(draw.chance(0.25) && { notAllowedDates: drawDates(draw, day) }),
  };
}

function drawSchedule(draw: Draw): Record<string, unknown> {
  const kind = draw.next();
  if (kind < 0.6) return { daily: { intervalDays: 1 } };
  if (kind < 0.94) return { weekly: { intervalWeeks: 1, dayOfWeek: draw.pick(days) } };
  if (kind < 0.97) return { absoluteMonthly: { intervalMonths: 1, dayOfMonth: draw.whole(1, 31) } };
  const weekIndex = draw.pick(['First', 'Second', 'Third', 'Fourth', 'Last']);
  return { relativeMonthly: { intervalMonths: 1, weekIndex, dayOfWeek: draw.pick(days) } };
}

function drawDates(draw: Draw, day: string): readonly { readonly start: string; readonly end: string }[] {
  return Array.from({ length: draw.whole(1, 3) }, () => {
    const start = shiftDay(day, draw.whole(-3, 20));
    return { start, end: shiftDay(start, draw.whole(0, 3)) };
  });
}

/** Windows in which nothing may ever start: an interval that AKS does not explain, nonsense, a kind not known. */
export function drawClosedWindow(draw: Draw, day: string): unknown {
  const window = drawWindow(draw, day);
  const every2 = { schedule: { weekly: { intervalWeeks: 2, dayOfWeek: draw.pick(days) } } };
  const { startDate: _startDate, ...unanchored } = window;
  return draw.pick<unknown>([
    { ...window, ...every2, startDate: shiftDay(day, -10) },
    { ...window, schedule: { daily: { intervalDays: 3 } }, startDate: shiftDay(day, -4) },
    { ...unanchored, ...every2 },
    { ...window, startTime: '99:99' },
    { ...window, durationHours: 0 },
    { ...window, schedule: { hourly: { intervalHours: 6 } } },
    null,
  ]);
}

export function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
