// What a maintenance window means at a moment. Called by evaluateWindow for any window, and by listWindows for the fleet.
import { Temporal } from 'temporal-polyfill';
import { lintWindow, type WindowSurroundings } from '../../domain/lint/lintWindow.ts';
import type { WindowWarning } from '../../domain/lint/windowWarning.ts';
import { maxProblems } from '../../domain/text/fieldProblems.ts';
import { lastDay, millisecondsPerDay } from '../../domain/window/calendarDay.ts';
import { describeWindow, formatOffset } from '../../domain/window/describeWindow.ts';
import {
  blockedParts,
  type MaintenanceWindow,
  nextOpening,
  type Occurrence,
  occurrencesBetween,
  type WindowProblem,
  windowAt,
} from '../../domain/window/maintenanceWindow.ts';
import { parseMaintenanceWindow } from '../../domain/window/parseMaintenanceWindow.ts';

export type Evaluation = {
  readonly valid: boolean;
  readonly window?: string;
  readonly problems: readonly Pick<WindowProblem, 'path' | 'message'>[];
  readonly warnings: readonly WindowWarning[];
  readonly open: boolean;
  readonly nextOpening?: string | undefined;
  readonly occurrences: readonly ReturnType<typeof toEvaluated>[];
};

export type Question = {
  readonly at: Temporal.Instant;
  readonly count: number;
  readonly timeZone?: string | undefined;
};

/** Evaluates `maintenanceWindow`, ARM's JSON, at an instant. A window that is not valid is closed. */
export function explainWindow(
  maintenanceWindow: unknown,
  question: Question,
  surroundings: WindowSurroundings = {},
): Evaluation {
  const parsed = parseMaintenanceWindow(maintenanceWindow);
  if (!parsed.ok) {
    const problems = parsed.problems.slice(0, maxProblems).map(({ path, message }) => ({ path, message }));
    return { valid: false, problems, warnings: [], open: false, occurrences: [] };
  }
  const { window } = parsed;
  const { at, timeZone } = question;
  const opening = nextOpening(window, at);
  return {
    valid: true,
    window: describeWindow(window),
    problems: [],
    warnings: lintWindow(window, at, { ...surroundings, timeZone }),
    open: windowAt(window, at).state === 'open',
    nextOpening: opening && !isUntold(opening) ? opening.toString() : undefined,
    occurrences: occurrencesOf(window, question),
  };
}

/** RFC 3339 names no year after 9999: what ends later, in whatever offset, can't be told. */
const endOfTime = Temporal.Instant.fromEpochMilliseconds(lastDay * millisecondsPerDay);

function isUntold(at: Temporal.Instant): boolean {
  return Temporal.Instant.compare(at, endOfTime) > 0;
}

function occurrencesOf(window: MaintenanceWindow, { at, count, timeZone }: Question): Evaluation['occurrences'] {
  const zone = timeZone ?? formatOffset(window.utcOffsetMinutes);
  const occurrences: ReturnType<typeof toEvaluated>[] = [];
  for (const occurrence of occurrencesBetween(window, at, endOfTime)) {
    if (occurrences.length === count || isUntold(occurrence.closesAt)) break;
    occurrences.push(toEvaluated(window, occurrence, zone));
  }
  return occurrences;
}

/** Local times are in the time zone asked for, or in the window's own offset. */
function toEvaluated(window: MaintenanceWindow, occurrence: Occurrence, zone: string) {
  const { opensAt, closesAt } = occurrence;
  const local = (at: Temporal.Instant) => at.toZonedDateTimeISO(zone).toString({ timeZoneName: 'never' });
  const blocked = blockedParts(window, occurrence);
  return {
    opensAt: opensAt.toString(),
    closesAt: closesAt.toString(),
    opensAtLocal: local(opensAt),
    closesAtLocal: local(closesAt),
    blocked: blocked.map((part) => ({ from: part.opensAt.toString(), to: part.closesAt.toString() })),
  };
}
