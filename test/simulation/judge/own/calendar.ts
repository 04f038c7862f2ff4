// The checker's own calendar: it walks day by day over a window in ARM's JSON. Slow, simple, and not a line of it shared
// with the keeper. Rules: AKS-FACTS section 2. Used by the judges, and by wakeForWindows.ts.

/** Epoch milliseconds; the end is not in it. */
export type Span = { readonly from: number; readonly to: number };

const dayLong = 86_400_000;
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const weekIndexes = ['first', 'second', 'third', 'fourth'];

/** As ARM writes it; what is not of this form is refused below. */
type RawWindow = {
  readonly schedule?: Record<string, Record<string, unknown> | null>;
  readonly durationHours?: number;
  readonly utcOffset?: string | null;
  readonly startTime?: string;
  readonly startDate?: string | null;
  readonly notAllowedDates?: readonly { readonly start: string; readonly end: string }[];
};

type Window = {
  readonly schedule: Record<string, Record<string, unknown>>;
  readonly hours: number;
  readonly offset: number;
  readonly start: number;
  readonly interval: number;
  readonly startDate: number | undefined;
  /** The local day of startDate, counted as if it were one of UTC. */
  readonly startDay: number;
  readonly blocked: readonly Span[];
};

/**
 * Undefined: no such window, or one by which nothing may ever start.
 * @param trusts whether intervals above 1 are counted from startDate, as the policy can accept
 */
export function readWindow(json: string | undefined, trusts = false): Window | undefined {
  const raw = json === undefined ? undefined : (JSON.parse(json) as RawWindow | null);
  if (!raw || typeof raw !== 'object') return undefined;
  const schedule = Object.fromEntries(
    Object.entries(raw.schedule ?? {}).flatMap(([kind, fields]) => (fields ? [[kind, fields] as const] : [])),
  );
  const kind = Object.keys(schedule).join();
  if (!['daily', 'weekly', 'absoluteMonthly', 'relativeMonthly'].includes(kind)) return undefined;
  const { intervalDays, intervalWeeks, intervalMonths } = schedule[kind] ?? {};
  const interval = Number(intervalDays ?? intervalWeeks ?? intervalMonths);
  const isCounted = interval === 1 || (trusts && interval > 1 && raw.startDate != null);
  const start = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(raw.startTime ?? '');
  const offset = /^([+-])(\d\d):(\d\d)$/.exec(raw.utcOffset ?? '+00:00');
  const hours = raw.durationHours ?? 0;
  if (!isCounted || !start || !offset || !(hours >= 4 && hours <= 24)) return undefined;
  const offsetLong = (Number(offset[2]) * 60 + Number(offset[3])) * 60_000 * (offset[1] === '-' ? -1 : 1);
  const day = (text: string): number => Date.parse(`${text.slice(0, 10)}T00:00:00Z`) - offsetLong;
  const dates = raw.notAllowedDates ?? [];
  return {
    schedule,
    hours,
    offset: offsetLong,
    start: (Number(start[1]) * 60 + Number(start[2])) * 60_000,
    interval,
    startDate: raw.startDate == null ? undefined : day(raw.startDate),
    startDay: raw.startDate == null ? 0 : Date.parse(`${raw.startDate.slice(0, 10)}T00:00:00Z`) / dayLong,
    blocked: dates.map(({ start, end }) => ({ from: day(start), to: day(end) + dayLong })),
  };
}

/** The occurrences that overlap a span, in order; blocked dates are not taken out. */
export function occurrences(window: Window | undefined, span: Span): readonly Span[] {
  if (!window) return [];
  const found: Span[] = [];
  const firstDay = Math.floor((span.from + window.offset) / dayLong) - 1;
  for (let day = firstDay; day * dayLong - window.offset < span.to; day += 1) {
    const midnight = day * dayLong - window.offset;
    if (!opensOn(window, new Date(day * dayLong)) || midnight < (window.startDate ?? midnight)) continue;
    const from = midnight + window.start;
    const to = from + window.hours * 3_600_000;
    if (to > span.from && from < span.to) found.push({ from, to });
  }
  return found;
}

/** What blocked dates leave of an occurrence. */
export function openParts(window: Window, occurrence: Span): readonly Span[] {
  let parts: readonly Span[] = [occurrence];
  for (const block of window.blocked) {
    parts = parts.flatMap(({ from, to }) =>
      [
        { from, to: Math.min(to, block.from) },
        { from: Math.max(from, block.to), to },
      ].filter((part) => part.from < part.to),
    );
  }
  return parts;
}

/** The occurrence that a time lies in, and the part of it that is open then. */
export function openAt(
  window: Window | undefined,
  at: number,
): { readonly occurrence: Span; readonly part: Span } | undefined {
  for (const occurrence of occurrences(window, { from: at, to: at + 1 })) {
    const part = window && openParts(window, occurrence).find(({ from, to }) => from <= at && at < to);
    if (part) return { occurrence, part };
  }
  return undefined;
}

/** `day`: a local day, as if it were one of UTC. */
function opensOn({ schedule, interval, startDay }: Window, day: Date): boolean {
  if (interval > 1 && periods(schedule, startDay, day) % interval !== 0) return false;
  const { daily, weekly, absoluteMonthly, relativeMonthly } = schedule;
  const isDay = (name: unknown): boolean => weekdays[day.getUTCDay()] === String(name).toLowerCase();
  if (daily) return true;
  if (weekly) return isDay(weekly['dayOfWeek']);
  if (absoluteMonthly) return day.getUTCDate() === absoluteMonthly['dayOfMonth'];
  if (!relativeMonthly || !isDay(relativeMonthly['dayOfWeek'])) return false;
  const index = String(relativeMonthly['weekIndex']).toLowerCase();
  if (index !== 'last') return Math.floor((day.getUTCDate() - 1) / 7) === weekIndexes.indexOf(index);
  return new Date(day.getTime() + 7 * dayLong).getUTCMonth() !== day.getUTCMonth();
}

/** Days, weeks from Sunday to Saturday, or months from the start date's to this day's. */
function periods({ daily, weekly }: Window['schedule'], startDay: number, day: Date): number {
  const to = day.getTime() / dayLong;
  if (daily) return to - startDay;
  const first = new Date(startDay * dayLong);
  if (weekly) return Math.floor((to - (startDay - first.getUTCDay())) / 7);
  return (day.getUTCFullYear() - first.getUTCFullYear()) * 12 + day.getUTCMonth() - first.getUTCMonth();
}
