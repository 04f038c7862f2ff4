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
  const interval = schedules.reduce((longest, schedule) => Math.max(longest, schedule.interval), 1);
  if (interval > 1 && isAbsent(json['startDate'])) {
    const message = `startDate is missing; an interval of ${interval} can't be counted without the date that it starts from.`;
    problems.push({ path: 'startDate', message, notAnchored: true });
  }
  const durationHours = reader.read('durationHours', json['durationHours'], duration);
  const utcOffsetMinutes = reader.read('utcOffset', json['utcOffset'] ?? '+00:00', fields.utcOffset);
  const startMinute = reader.read('startTime', json['startTime'], fields.timeOfDay);
  const startDate = isAbsent(json['startDate']) ? undefined : reader.read('startDate', json['startDate'], fields.date);
  const notAllowedDates = mergeRanges(readRanges(reader, json['notAllowedDates']));
  const reading = interval > 1 ? 'inferred' : 'documented';
  const [schedule] = schedules;
  if (!schedule || problems.length > 0) return { ok: false, problems };
  const window = { schedule, durationHours, utcOffsetMinutes, startMinute, notAllowedDates, reading } as const;
  return { ok: true, window: startDate === undefined ? window : { ...window, startDate } };
}

const duration = fields.wholeNumber(4, 24, 'a whole number from 4 to 24, as AKS accepts no shorter window');
const intervalDays = fields.wholeNumber(1, 7);
const intervalWeeks = fields.wholeNumber(1, 4);
const intervalMonths = fields.wholeNumber(1, 6);
const dayOfMonth = fields.wholeNumber(1, 31);
const dayOfWeek = fields.oneOf(daysOfWeek);
const weekIndex = fields.oneOf(weekIndexes);

const kinds = ['daily', 'weekly', 'absoluteMonthly', 'relativeMonthly'] as const;
const knownKinds = new Set<string | undefined>(kinds);
const someSchedule = `an object with exactly one of ${kinds.join(', ')}`;

/** Anything but exactly one known kind is a problem: another can't be evaluated. */
function readSchedules(reader: fields.FieldReader, value: unknown): readonly Schedule[] {
  if (!isObject(value)) return reader.refuse('schedule', show(value), someSchedule);
  const present = Object.keys(value).filter((name) => !isAbsent(value[name]));
  if (present.length !== 1 || !knownKinds.has(present[0])) {
    reader.refuse('schedule', present.join(' and ') || 'empty', someSchedule);
  }
  const schedules: Schedule[] = [];
  for (const kind of kinds) {
    const found = value[kind];
    if (isObject(found)) schedules.push(readSchedule(reader, kind, found));
    else if (!isAbsent(found)) reader.refuse(`schedule.${kind}`, show(found), 'an object');
  }
  return schedules;
}

function readSchedule(reader: fields.FieldReader, kind: Schedule['kind'], json: Fields): Schedule {
  const field = <T>(name: string, expected: fields.Expected<T>): T =>
    reader.read(name, json[name], expected, `schedule.${kind}.`);
  if (kind === 'daily') return { kind, interval: field('intervalDays', intervalDays) };
  if (kind === 'weekly') {
    return { kind, interval: field('intervalWeeks', intervalWeeks), dayOfWeek: field('dayOfWeek', dayOfWeek) };
  }
  const interval = field('intervalMonths', intervalMonths);
  if (kind === 'absoluteMonthly') return { kind, interval, dayOfMonth: field('dayOfMonth', dayOfMonth) };
  return { kind, interval, weekIndex: field('weekIndex', weekIndex), dayOfWeek: field('dayOfWeek', dayOfWeek) };
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
  if (ranges.length < 2) return ranges;
  const merged: DayRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = merged.at(-1);
    const touches = before && range.first <= before.last + 1;
    if (touches) merged.pop();
    merged.push(touches ? { first: before.first, last: Math.max(before.last, range.last) } : range);
  }
  return merged;
}
