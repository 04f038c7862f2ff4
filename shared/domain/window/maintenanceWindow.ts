// What is open at an instant, the next opening, the occurrences between two instants: AKS-FACTS section 2.
import { Temporal } from 'temporal-polyfill';
import type { EpochDay } from './calendarDay.ts';
import { instantAt } from './instants.ts';
import * as times from './windowTimes.ts';

/** `inferred`: an interval above 1, which AKS documents nowhere. */
export type MaintenanceWindow = times.WindowTimes & { readonly reading: 'documented' | 'inferred' };

export type WindowProblem = {
  /** The field, in the REST API's names: `schedule.weekly.dayOfWeek`, `notAllowedDates[0].start`; empty for the whole. */
  readonly path: string;
  readonly message: string;
  /** The field is right, but without a startDate nobody knows which days the interval lands on. */
  readonly notAnchored?: true;
};

/** Half-open: opensAt is in it, closesAt is not. */
export type Occurrence = { readonly opensAt: Temporal.Instant; readonly closesAt: Temporal.Instant };

export type WindowAt =
  /** `openedAt` and `closesAt` are the occurrence's own, unless notAllowedDates cut it short. */
  | {
      readonly state: 'open';
      readonly occurrence: Occurrence;
      readonly openedAt: Temporal.Instant;
      readonly closesAt: Temporal.Instant;
    }
  | { readonly state: 'blocked'; readonly occurrence: Occurrence; readonly nextOpening: Temporal.Instant | undefined }
  | { readonly state: 'closed'; readonly nextOpening: Temporal.Instant | undefined };

export function windowAt(window: MaintenanceWindow, at: Temporal.Instant): WindowAt {
  const now = at.epochMilliseconds;
  const day = times.openingDayAt(window, now);
  if (day === undefined) return { state: 'closed', nextOpening: next(window, now, day) };
  const occurrence = occurrenceOn(window, day);
  const allowed = times.allowedSpan(window, day);
  if (now < allowed.from || now >= allowed.to) {
    return { state: 'blocked', occurrence, nextOpening: next(window, now, day) };
  }
  return { state: 'open', occurrence, openedAt: instantAt(allowed.from), closesAt: instantAt(allowed.to) };
}

/** The first instant after `at` at which something allowed begins; undefined where that is after the year 9999. */
export function nextOpening(window: MaintenanceWindow, at: Temporal.Instant): Temporal.Instant | undefined {
  const now = at.epochMilliseconds;
  return next(window, now, times.openingDayAt(window, now));
}

/** The occurrences that overlap [from, to), blocked or not, one at a time: `to` may be centuries away. */
export function* occurrencesBetween(
  window: MaintenanceWindow,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Generator<Occurrence, void, undefined> {
  if (Temporal.Instant.compare(from, to) >= 0) return;
  const start = from.epochMilliseconds;
  let day =
    times.openingDayAt(window, start) ?? times.firstOpeningDay(window, times.latestDayOpenedBy(window, start) + 1);
  while (day !== undefined) {
    const occurrence = occurrenceOn(window, day);
    if (Temporal.Instant.compare(occurrence.opensAt, to) >= 0) return;
    yield occurrence;
    day = times.firstOpeningDay(window, day + 1);
  }
}

export function blockedParts(window: MaintenanceWindow, { opensAt, closesAt }: Occurrence): readonly Occurrence[] {
  const parts: Occurrence[] = [];
  for (const range of window.notAllowedDates) {
    const from = Math.max(times.startOf(window, range.first), opensAt.epochMilliseconds);
    const to = Math.min(times.startOf(window, range.last + 1), closesAt.epochMilliseconds);
    if (from < to) parts.push({ opensAt: instantAt(from), closesAt: instantAt(to) });
  }
  return parts;
}

function next(window: MaintenanceWindow, now: number, held: EpochDay | undefined): Temporal.Instant | undefined {
  const at = times.nextAllowed(window, now, held);
  return at === undefined ? undefined : instantAt(at);
}

function occurrenceOn(window: MaintenanceWindow, day: EpochDay): Occurrence {
  const opens = times.opensOn(window, day);
  return { opensAt: instantAt(opens), closesAt: instantAt(opens + times.durationOf(window)) };
}
