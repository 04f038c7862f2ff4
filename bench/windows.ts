// One instant evaluated, ours against the rrule package: is the window open, and when does it open next? Called by main.
import type { Options } from 'rrule';
import { Temporal } from 'temporal-polyfill';
import { nextOpening, windowAt } from '../shared/domain/window/maintenanceWindow.ts';
import { parseMaintenanceWindow } from '../shared/domain/window/parseMaintenanceWindow.ts';
import { RRule } from '../test/fuzz/rrule.ts';
import { ratio } from './ratio.ts';
import type { Row } from './table.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Where the instants begin that are asked for; they lie 10 days apart at most. */
const begin = Date.UTC(2026, 3, 14);

type Subject = {
  readonly name: string;
  readonly schedule: object;
  readonly rule: Partial<Options>;
};

const subjects: readonly Subject[] = [
  {
    name: 'daily',
    schedule: { daily: { intervalDays: 1 } },
    rule: { freq: RRule.DAILY, interval: 1 },
  },
  {
    name: 'every week on Sunday',
    schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Sunday' } },
    rule: { freq: RRule.WEEKLY, interval: 1, byweekday: [RRule.SU] },
  },
  {
    name: 'every month on day 15',
    schedule: { absoluteMonthly: { intervalMonths: 1, dayOfMonth: 15 } },
    rule: { freq: RRule.MONTHLY, interval: 1, bymonthday: [15] },
  },
  {
    name: 'every month on the last Friday',
    schedule: { relativeMonthly: { intervalMonths: 1, weekIndex: 'Last', dayOfWeek: 'Friday' } },
    rule: { freq: RRule.MONTHLY, interval: 1, byweekday: [RRule.FR.nth(-1)] },
  },
];

/** An instant in the terms of both; the app's clock gives it, so making it is not what is measured. */
type Moment = { readonly at: Temporal.Instant; readonly date: Date };
type Answer = { readonly open: boolean; readonly next: Temporal.Instant | Date | undefined };
type Evaluate = (now: Moment) => Answer;

export function windowsAgainstRrule(): readonly Row[] {
  return subjects.flatMap((subject) =>
    // rrule walks from the start of a rule, so a start nearby is good for it.
    [365, 31].flatMap((daysBefore) => [
      row(subject, 'kept', daysBefore, ourKept, theirKept, 50),
      row(subject, 'read at every call', daysBefore, ourRead, theirRead, 25),
    ]),
  );
}

type Make = (subject: Subject, start: number) => Evaluate;

/** Is the window open, and when does it open next? */
function row(subject: Subject, label: string, daysBefore: number, ours: Make, theirs: Make, mustReach: number): Row {
  const start = begin - daysBefore * day;
  const [fast, slow] = [ours(subject, start), theirs(subject, start)];
  for (const now of instants(200)) {
    const [a, b] = [fast(now), slow(now)];
    const [next, theirs] = [a, b].map((answer) => answer.next && new Date(answer.next.toJSON()).getTime());
    if (a.open !== b.open || next !== theirs) {
      throw new Error(`${subject.name} at ${now.at.toString()}: ${JSON.stringify(a)} is not ${JSON.stringify(b)}`);
    }
  }
  const asked = instants(60);
  for (const evaluate of [fast, slow]) warmUp(() => asked.map(evaluate));
  const times = ratio(
    () => asked.map((now) => slow(now)),
    () => asked.map((now) => fast(now)),
  );
  const what = `A window's instant: ${subject.name}, from ${daysBefore} days before, ${label}`;
  return { what, against: 'rrule 2.8.1', ratio: times, mustReach, direction: 'atLeast' };
}

/** The compiler is done with what is hot after a while. */
function warmUp(work: () => unknown): void {
  const end = performance.now() + 200;
  while (performance.now() < end) work();
}

function instants(count: number): readonly Moment[] {
  return Array.from({ length: count }, (_, index) => {
    const now = begin + Math.floor((index * 10 * day) / count) + index;
    return { at: Temporal.Instant.fromEpochMilliseconds(now), date: new Date(now) };
  });
}

function jsonOf({ schedule }: Subject, start: number): object {
  return {
    schedule,
    durationHours: 4,
    utcOffset: '+00:00',
    startTime: '01:00',
    startDate: new Date(start).toISOString().slice(0, 10),
  };
}

function evaluateOurs(json: object): Evaluate {
  const parsed = parseMaintenanceWindow(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return ({ at }) => {
    const found = windowAt(parsed.window, at);
    const open = found.state === 'open';
    return { open, next: open ? nextOpening(parsed.window, at) : found.nextOpening };
  };
}

function evaluateTheirs({ rule }: Subject, start: number): Evaluate {
  // Without its cache, which keeps every answer for an instant and is searched from end to end: a clock asks each but once.
  const rrule = new RRule({ ...rule, wkst: RRule.SU, dtstart: new Date(start + hour) }, true);
  return ({ date }) => {
    const last = rrule.before(date, true);
    return {
      open: last !== null && date.getTime() < last.getTime() + 4 * hour,
      next: rrule.after(date) ?? undefined,
    };
  };
}

function ourKept(subject: Subject, start: number): Evaluate {
  return evaluateOurs(jsonOf(subject, start));
}

function theirKept(subject: Subject, start: number): Evaluate {
  return evaluateTheirs(subject, start);
}

function ourRead(subject: Subject, start: number): Evaluate {
  const json = jsonOf(subject, start);
  return (now) => evaluateOurs(json)(now);
}

function theirRead(subject: Subject, start: number): Evaluate {
  return (now) => evaluateTheirs(subject, start)(now);
}
