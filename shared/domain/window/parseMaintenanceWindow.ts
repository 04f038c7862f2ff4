// Reads ARM's `properties.maintenanceWindow`. Called by knownWindow and POST /api/windows/evaluate. Rules: AKS-FACTS section 2.
import { type Fields, isAbsent, isObject, show } from '../text/anyValue.ts';
import type { MaintenanceWindow, WindowProblem } from './maintenanceWindow.ts';
import { daysOfWeek, type Schedule, weekIndexes } from './openingDay.ts';
import * as fields from './windowFields.ts';
import type { DayRange } from './windowTimes.ts';

type ParsedWindow =
  | { readonly ok: true; readonly window: MaintenanceWindow }
  | { readonly ok: false; readonly problems: readonly WindowProblem[] };

/** Closed by default: whatever is missing, unknown or out of range is a problem, and all problems are listed. */
export function parseMaintenanceWindow(json: unknown): ParsedWindow {
  const problems: WindowProblem[] = [];
  const reader = fields.fieldReader(problems);
  if (!isObject(json)) {
    reader.refuse('', show(json), 'an object');
    return { ok: false, problems };
  }
  const schedules = readSchedules(reader, json['schedule']);
  const interval = Math.max(1, ...schedules.map((schedule) => schedule.interval));
  if (interval > 1 && isAbsent(json['startDate'])) {
    const message = `startDate is missing; an interval of ${interval} can't be counted without the date that it starts from.`;
    problems.push({ path: 'startDate', message, notAnchored: true });
  }
  const window = {
    durationHours: reader.read('durationHours', json['durationHours'], duration),
    utcOffsetMinutes: reader.read('utcOffset', json['utcOffset'] ?? '+00:00', fields.utcOffset),
    startMinute: reader.read('startTime', json['startTime'], fields.timeOfDay),
    ...(!isAbsent(json['startDate']) && { startDate: reader.read('startDate', json['startDate'], fields.date) }),
    notAllowedDates: mergeRanges(readRanges(reader, json['notAllowedDates'])),
    reading: interval > 1 ? 'inferred' : 'documented',
  } as const;
  const [schedule] = schedules;
  return schedule && problems.length === 0 ? { ok: true, window: { schedule, ...window } } : { ok: false, problems };
}

const duration = fields.wholeNumber(4, 24, 'a whole number from 4 to 24, as AKS accepts no shorter window');

const kinds = ['daily', 'weekly', 'absoluteMonthly', 'relativeMonthly'] as const;

/** Anything but exactly one known kind is a problem: another can't be evaluated. */
function readSchedules(reader: fields.FieldReader, value: unknown): readonly Schedule[] {
  const allowed = `an object with exactly one of ${kinds.join(', ')}`;
  if (!isObject(value)) return reader.refuse('schedule', show(value), allowed);
  const present = Object.keys(value).filter((name) => !isAbsent(value[name]));
  const known = kinds.filter((kind) => present.includes(kind));
  if (present.length !== 1 || known.length !== 1) reader.refuse('schedule', present.join(' and ') || 'empty', allowed);
  return known.flatMap((kind) => {
    const found = value[kind];
    return isObject(found)
      ? [readSchedule(reader, kind, found)]
      : reader.refuse(`schedule.${kind}`, show(found), 'an object');
  });
}

function readSchedule(reader: fields.FieldReader, kind: Schedule['kind'], json: Fields): Schedule {
  const field = <T>(name: string, expected: fields.Expected<T>): T =>
    reader.read(`schedule.${kind}.${name}`, json[name], expected);
  const day = () => field('dayOfWeek', fields.oneOf(daysOfWeek));
  if (kind === 'daily') return { kind, interval: field('intervalDays', fields.wholeNumber(1, 7)) };
  if (kind === 'weekly') return { kind, interval: field('intervalWeeks', fields.wholeNumber(1, 4)), dayOfWeek: day() };
  const interval = field('intervalMonths', fields.wholeNumber(1, 6));
  if (kind === 'absoluteMonthly') return { kind, interval, dayOfMonth: field('dayOfMonth', fields.wholeNumber(1, 31)) };
  return { kind, interval, weekIndex: field('weekIndex', fields.oneOf(weekIndexes)), dayOfWeek: day() };
}

function readRanges(reader: fields.FieldReader, value: unknown): readonly DayRange[] {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) return reader.refuse('notAllowedDates', show(value), 'a list');
  return value.flatMap((item: unknown, index) => {
    const path = `notAllowedDates[${index}]`;
    if (!isObject(item)) return reader.refuse(path, show(item), 'an object with start and end');
    const first = reader.read(`${path}.start`, item['start'], fields.date);
    const last = reader.read(`${path}.end`, item['end'], fields.date);
    if (first > last) reader.refuse(`${path}.end`, show(item['end']), `a date from ${show(item['start'])} on`);
    return [{ first, last }];
  });
}

function mergeRanges(ranges: readonly DayRange[]): readonly DayRange[] {
  const merged: DayRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.first - b.first)) {
    const before = merged.at(-1);
    const touches = before && range.first <= before.last + 1;
    if (touches) merged.pop();
    merged.push(touches ? { first: before.first, last: Math.max(before.last, range.last) } : range);
  }
  return merged;
}
