// Compares windows with the rrule package, which shares no code with ours: random schedules, every occurrence of
// centuries. Run with a seed and a number of schedules, in a process of some time zone; prints what it compared as JSON, or
// fails naming the first difference. Called by windowsAgainstRrule.test.ts and fuzz through inTimeZones.
//
// Where RFC 5545 and AKS (AKS-FACTS section 2) part, rrule is asked so that they agree:
// - It knows no offset. Local dates and times go in as if they were UTC, and the offset is taken off what comes out.
// - A rule must have a DTSTART, a window need not have a startDate. Without one the interval is 1, which counts from
//   anywhere, so any day before the first instant asked for will do.
// - By the RFC the DTSTART is itself the first instance, even where the rule does not match it. rrule leaves it out then, and
//   so does AKS: in AKS#5720 nothing opens on Tuesday the 14th, the startDate of a window on Sundays.
// - What AKS documents nowhere follows the RFC in both: weeks begin on Sunday (WKST=SU), and a BYMONTHDAY that a month does
//   not have skips the month. rrule confirms our arithmetic here, not that AKS reads windows this way.
// - It knows no notAllowedDates: those are compared as text, local date by local date.
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import type { Options } from 'rrule';
import { Temporal } from 'temporal-polyfill';
import {
  type MaintenanceWindow,
  nextOpening,
  type Occurrence,
  occurrencesBetween,
  windowAt,
} from '../../shared/domain/window/maintenanceWindow.ts';
import { parseMaintenanceWindow } from '../../shared/domain/window/parseMaintenanceWindow.ts';
import { RRule } from './rrule.ts';

/** The occurrence that `at` lies in, blocked or not. */
function heldAt(window: MaintenanceWindow, at: Temporal.Instant): Occurrence | undefined {
  const found = windowAt(window, at);
  return found.state === 'closed' ? undefined : found.occurrence;
}

/** What was compared; the digest covers every answer of ours, so that processes can be compared with each other. */
export type Comparison = {
  readonly schedules: number;
  readonly occurrences: number;
  readonly instants: number;
  readonly digest: string;
  /** The local hour of 1970-01-01T00:00Z, which tells the time zone of the process. */
  readonly localHour: number;
};

const days = [
  ['Sunday', RRule.SU],
  ['Monday', RRule.MO],
  ['Tuesday', RRule.TU],
  ['Wednesday', RRule.WE],
  ['Thursday', RRule.TH],
  ['Friday', RRule.FR],
  ['Saturday', RRule.SA],
] as const;

const weeks = [
  ['First', 1],
  ['Second', 2],
  ['Third', 3],
  ['Fourth', 4],
  ['Last', -1],
] as const;

type Case = { readonly schedule: object; readonly interval: number; readonly rule: Partial<Options> };

const anySchedule: fc.Arbitrary<Case> = fc.oneof(
  fc.integer({ min: 1, max: 7 }).map((intervalDays) => ({
    schedule: { daily: { intervalDays } },
    interval: intervalDays,
    rule: { freq: RRule.DAILY },
  })),
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(...days)).map(([intervalWeeks, [dayOfWeek, day]]) => ({
    schedule: { weekly: { intervalWeeks, dayOfWeek } },
    interval: intervalWeeks,
    rule: { freq: RRule.WEEKLY, byweekday: [day] },
  })),
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 31 })).map(([intervalMonths, dayOfMonth]) => ({
    schedule: { absoluteMonthly: { intervalMonths, dayOfMonth } },
    interval: intervalMonths,
    rule: { freq: RRule.MONTHLY, bymonthday: [dayOfMonth] },
  })),
  fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(...weeks), fc.constantFrom(...days))
    .map(([intervalMonths, [weekIndex, nth], [dayOfWeek, day]]) => ({
      schedule: { relativeMonthly: { intervalMonths, weekIndex, dayOfWeek } },
      interval: intervalMonths,
      rule: { freq: RRule.MONTHLY, byweekday: [day.nth(nth)] },
    })),
);

const minute = 60_000;
const day = 24 * 60 * minute;

/** Local midnights, in milliseconds as if they were UTC: 1890 to 2110, so that 1900, 2000 and 2100 are in reach. */
const anyMidnight = fc
  .integer({ min: Date.UTC(1890, 0, 1) / day, max: Date.UTC(2110, 0, 1) / day })
  .map((n) => n * day);

const anyCase = fc.record({
  case: anySchedule,
  durationHours: fc.integer({ min: 4, max: 24 }),
  offset: fc.integer({ min: -12 * 60, max: 14 * 60 }),
  start: anyMidnight,
  hasStartDate: fc.boolean(),
  startMinute: fc.integer({ min: 0, max: 24 * 60 - 1 }),
  freezes: fc.array(fc.tuple(anyMidnight, fc.integer({ min: 0, max: 400 })), { maxLength: 6 }),
  // Mistakes show with many schedules, rather than with many years of one; some run for centuries all the same.
  years: fc.oneof(
    { weight: 29, arbitrary: fc.integer({ min: 1, max: 15 }) },
    { weight: 1, arbitrary: fc.integer({ min: 100, max: 300 }) },
  ),
  moments: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 20, maxLength: 20 }),
});

/**
 * Compares that many random windows with rrule over up to 300 years each.
 * @throws at the first difference, naming the window
 */
export function compareWithRrule(seed: number, schedules: number): Comparison {
  const hash = createHash('sha256');
  let occurrences = 0;
  let instants = 0;
  for (const one of fc.sample(anyCase, { seed, numRuns: schedules })) {
    const { schedule, interval, rule } = one.case;
    const startDate = interval > 1 || one.hasStartDate ? dateText(one.start) : undefined;
    const json = {
      schedule,
      durationHours: one.durationHours,
      utcOffset: `${one.offset < 0 ? '-' : '+'}${timeText(Math.abs(one.offset))}`,
      startTime: timeText(one.startMinute),
      startDate,
      notAllowedDates: one.freezes.map(([from, length]) => ({
        start: dateText(from),
        end: dateText(from + length * day),
      })),
    };
    const parsed = parseMaintenanceWindow(json);
    if (!parsed.ok) throw new Error(`${JSON.stringify(json)} is refused: ${JSON.stringify(parsed.problems)}`);
    const { window } = parsed;

    // From some days before the start, so that nothing may open before it.
    const from = one.start - 40 * day - one.offset * minute;
    const to = from + one.years * 365 * day;
    const dtstart = new Date((startDate === undefined ? one.start - 80 * day : one.start) + one.startMinute * minute);
    const duration = one.durationHours * 60 * minute;
    const expected = new RRule({ ...rule, interval, wkst: RRule.SU, dtstart })
      .between(new Date(from + one.offset * minute - duration), new Date(to + one.offset * minute), true)
      .map((local) => local.getTime() - one.offset * minute)
      .filter((opensAt) => opensAt + duration > from && opensAt < to);

    const fail = (what: string, ours: unknown, theirs: unknown): never => {
      throw new Error(`${what}: ${String(ours)}, rrule says ${String(theirs)}; ${JSON.stringify(json)}; seed ${seed}`);
    };
    let index = 0;
    for (const { opensAt, closesAt } of occurrencesBetween(window, at(from), at(to))) {
      const opens = opensAt.epochMilliseconds;
      if (opens !== expected[index]) fail(`occurrence ${index}`, iso(opens), iso(expected[index]));
      if (closesAt.epochMilliseconds !== opens + duration) fail('duration', iso(closesAt.epochMilliseconds), duration);
      hash.update(`${opens} `);
      index++;
    }
    if (index !== expected.length) fail('number of occurrences', index, expected.length);
    occurrences += index;

    const isFrozen = (now: number) => {
      const date = dateText(now + one.offset * minute);
      return json.notAllowedDates.some(({ start, end }) => start <= date && date <= end);
    };
    // The last instant is the one before `to`: what opens at `to` is not among the occurrences.
    const within = one.moments.map((moment) => Math.min(Math.floor(from + moment * (to - from)), to - 1));
    for (const now of [from, ...within, to - 1]) {
      const held = expected.findLast((opensAt) => opensAt <= now && now < opensAt + duration);
      const found = heldAt(window, at(now))?.opensAt.epochMilliseconds;
      if (found !== held) fail(`occurrence at ${iso(now)}`, iso(found), iso(held));
      const { state } = windowAt(window, at(now));
      const theirs = held === undefined ? 'closed' : isFrozen(now) ? 'blocked' : 'open';
      if (state !== theirs) fail(`state at ${iso(now)}`, state, theirs);
      // With freezes a part of an occurrence may open too; the day-by-day oracle covers that.
      const next = nextOpening(window, at(now))?.epochMilliseconds;
      const later = expected.find((opensAt) => opensAt > now);
      if (one.freezes.length === 0 && later !== undefined && next !== later) {
        fail(`next opening after ${iso(now)}`, iso(next), iso(later));
      }
      hash.update(`${state} ${next} `);
      instants++;
    }
  }
  return { schedules, occurrences, instants, digest: hash.digest('hex'), localHour: new Date(0).getHours() };
}

function at(milliseconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds);
}

function iso(milliseconds: number | undefined): string {
  return milliseconds === undefined ? 'none' : new Date(milliseconds).toISOString();
}

function dateText(local: number): string {
  return new Date(local).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

function timeText(minutes: number): string {
  return new Date(minutes * minute).toISOString().slice('YYYY-MM-DDT'.length, 'YYYY-MM-DDTHH:mm'.length);
}

if (import.meta.main) {
  const [seed = 1, schedules = 100] = process.argv.slice(2).map(Number);
  console.log(JSON.stringify(compareWithRrule(seed, schedules)));
}
