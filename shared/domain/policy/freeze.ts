// A freeze: whole days of a time zone on which nothing starts, as the policy lists them. Read by the gate held.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { fields } from '../text/fieldProblems.ts';
import { someText } from './fieldKinds.ts';
import type { Span } from './span.ts';

const day = z.iso.date({ error: 'a date as YYYY-MM-DD' });
const zone = 'the IANA name of a time zone, for example Europe/Berlin';

export const Freeze = fields({
  from: day.describe('The first day.'),
  until: day.describe('The last day; it is frozen to its end.'),
  timeZone: z
    .string({ error: zone })
    .refine(isTimeZone, { error: zone })
    .describe('IANA name of the zone whose days are meant.'),
  reason: someText('why, in up to 200 characters', 200),
})
  .refine(({ from, until }) => from <= until, { path: ['until'], error: 'the same day as from, or a later one' })
  .describe('Days on which nothing is started, the last one included.');
export type Freeze = z.infer<typeof Freeze>;

/** Calendars of zones are slow, and every pool asks for the span of every freeze. */
const spans = new WeakMap<Freeze, Required<Span>>();

export function spanOf(freeze: Freeze): Required<Span> {
  const { from, until, timeZone } = freeze;
  const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(timeZone).toInstant();
  const span = spans.get(freeze) ?? {
    from: startOf(Temporal.PlainDate.from(from)),
    until: startOf(Temporal.PlainDate.from(until).add({ days: 1 })),
  };
  spans.set(freeze, span);
  return span;
}

// Intl takes offsets too, but the days of a place with daylight saving are not those of an offset.
function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).format(0) !== '';
  } catch {
    return false;
  }
}
