// Times as fleet files and faults give them: a moment, or a span from the start.
import { Temporal } from 'temporal-polyfill';

export const timeAllowed = 'an ISO 8601 time with an offset, or a duration from the start such as PT2M or -PT1H';

/** A duration from the start, or a moment: in shape only, for the JSON Schema. */
export const timePattern = '^-?P|^\\d{4}-\\d{2}-\\d{2}T';

/** The moment that `text` names, durations being counted from `start`; undefined when it names none. A day is 24 hours. */
export function readTime(text: string, start: Temporal.Instant): Temporal.Instant | undefined {
  try {
    if (!/^-?P/.test(text)) return Temporal.Instant.from(text);
    return start.toZonedDateTimeISO('UTC').add(Temporal.Duration.from(text)).toInstant();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export const durationAllowed = 'a duration from the start such as PT2M or -PT1H';

export function readDuration(text: string, start: Temporal.Instant): Temporal.Instant | undefined {
  return /^-?P/.test(text) ? readTime(text, start) : undefined;
}

/** ARM's maintenanceWindow that opens then, and every day or week at that time. */
export function windowFrom(opensAt: Temporal.Instant, durationHours: number, every: 'day' | 'week' = 'day') {
  const local = opensAt.toZonedDateTimeISO('UTC');
  const dayOfWeek = local.toLocaleString('en', { weekday: 'long' });
  return {
    schedule: every === 'week' ? { weekly: { intervalWeeks: 1, dayOfWeek } } : { daily: { intervalDays: 1 } },
    durationHours,
    utcOffset: '+00:00',
    startDate: local.toPlainDate().toString(),
    startTime: local.toPlainTime().toString({ smallestUnit: 'minute' }),
  };
}

/** A node image version with each `{-P20D}` replaced by that day: `YYYYMM.DD`, or after a dot `YYMMDD`, as Azure writes them. */
export function withDays(nodeImageVersion: string, start: Temporal.Instant): string {
  return nodeImageVersion.replaceAll(/(\.?)\{(-?P[^}]{1,40})\}/g, (written, dot: string, duration: string) => {
    const day = readTime(duration, start)?.toZonedDateTimeISO('UTC').toPlainDate().toString();
    if (day === undefined) return written;
    const [year = '', month = '', dayOfMonth = ''] = day.split('-');
    return dot ? `.${year.slice(2)}${month}${dayOfMonth}` : `${year}${month}.${dayOfMonth}`;
  });
}
