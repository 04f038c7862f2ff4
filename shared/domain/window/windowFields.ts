// Reads single fields of a maintenance window, noting what is wrong. Called by parseMaintenanceWindow.
import { show } from '../text/anyValue.ts';
import { type EpochDay, parseDay, twoDigits } from './calendarDay.ts';
import type { WindowProblem } from './maintenanceWindow.ts';

export type Expected<T> = {
  readonly allowed: string;
  readonly parse: (value: unknown) => T | undefined;
  /** Stands in for a bad value; a window with a problem is never returned. */
  readonly placeholder: T;
};

export type FieldReader = ReturnType<typeof fieldReader>;

export function fieldReader(problems: WindowProblem[]) {
  function refuse(path: string, found: string, allowed: string): [] {
    problems.push({ path, message: `${path || 'maintenanceWindow'} is ${found}; allowed is ${allowed}.` });
    return [];
  }
  /** @param within the path of what has the field, with its full stop */
  function read<T>(name: string, value: unknown, { allowed, parse, placeholder }: Expected<T>, within = ''): T {
    const parsed = parse(value);
    if (parsed === undefined) refuse(within + name, show(value), allowed);
    return parsed ?? placeholder;
  }
  return { refuse, read };
}

export function wholeNumber(min: number, max: number, allowed = `a whole number from ${min} to ${max}`) {
  const parse = (value: unknown) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
  return { allowed, parse, placeholder: min };
}

export function oneOf<T extends string>(values: readonly [T, ...T[]]): Expected<T> {
  const known = new Map<unknown, T>(values.map((value) => [value, value]));
  return { allowed: `one of ${values.join(', ')}`, parse: (value) => known.get(value), placeholder: values[0] };
}

const midnightPattern = /^.{10}T00:00:00(?:\.0+)?(?:Z|\+00:00)$/;
const timePattern = /^\d{2}:[0-5]\d$/;
const offsetPattern = /^[+-]\d{2}:[0-5]\d$/;

/** ARM sends a day; whoever went through its SDK has midnight in UTC. The placeholder is before and after no day. */
export const date: Expected<EpochDay> = {
  allowed: 'a date as YYYY-MM-DD',
  parse: (value) => {
    if (typeof value !== 'string') return undefined;
    return parseDay(value.length > 10 && midnightPattern.test(value) ? value.slice(0, 10) : value);
  },
  placeholder: Number.NaN,
};

export const timeOfDay: Expected<number> = {
  allowed: 'a time from 00:00 to 23:59',
  parse: (value) => (isText(value, timePattern) ? minutesUpTo(24 * 60 - 1, value, 0) : undefined),
  placeholder: 0,
};

export const utcOffset: Expected<number> = {
  allowed: 'an offset from -12:00 to +14:00',
  parse: (value) => {
    if (!isText(value, offsetPattern)) return undefined;
    const isWest = value.startsWith('-');
    const minutes = minutesUpTo((isWest ? 12 : 14) * 60, value, 1);
    return isWest && minutes !== undefined ? 0 - minutes : minutes;
  },
  placeholder: 0,
};

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

/** @param at where HH:MM begins in the text */
function minutesUpTo(max: number, text: string, at: number): number | undefined {
  const minutes = twoDigits(text, at) * 60 + twoDigits(text, at + 3);
  return minutes <= max ? minutes : undefined;
}
