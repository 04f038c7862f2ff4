// ISO 8601 weeks in UTC, named `2026-W47`. Called by the report and by whoever asks for one.
import { Temporal } from 'temporal-polyfill';

export type IsoWeek = {
  /** Weeks sort by name. */
  readonly name: string;
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
};

/** The week of that name; undefined when there is none: the year has 52 or 53. */
export function parseIsoWeek(name: string): IsoWeek | undefined {
  const { year = '', week = '' } = /^(?<year>[12]\d{3})-W(?<week>\d{2})$/.exec(name)?.groups ?? {};
  if (year === '' || Number(week) < 1) return undefined;
  // The fourth of January is in week 1 of its year.
  const fourth = Temporal.PlainDate.from({ year: Number(year), month: 1, day: 4 });
  const found = weekHolding(fourth.add({ weeks: Number(week) - 1 }));
  return found.name === name ? found : undefined;
}

export function weekAt(at: Temporal.Instant): IsoWeek {
  return weekHolding(at.toZonedDateTimeISO('UTC').toPlainDate());
}

export function lastCompleteWeek(at: Temporal.Instant): IsoWeek {
  return weekAt(weekAt(at).from.subtract({ hours: 1 }));
}

function weekHolding(date: Temporal.PlainDate): IsoWeek {
  const monday = date.subtract({ days: date.dayOfWeek - 1 });
  const from = monday.toZonedDateTime('UTC').toInstant();
  const to = monday.add({ weeks: 1 }).toZonedDateTime('UTC').toInstant();
  return { name: `${date.yearOfWeek}-W${String(date.weekOfYear).padStart(2, '0')}`, from, to };
}
