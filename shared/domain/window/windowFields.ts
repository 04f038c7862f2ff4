// Reads single fields of a maintenance window, noting what is wrong. Called by parseMaintenanceWindow.
import { show } from '../text/anyValue.ts';
import { type EpochDay, parseDay } from './calendarDay.ts';
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
  function read<T>(path: string, value: unknown, { allowed, parse, placeholder }: Expected<T>): T {
    const parsed = parse(value);
    if (parsed === undefined) refuse(path, show(value), allowed);
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
  const parse = (value: unknown) => values.find((known) => known === value);
  return { allowed: `one of ${values.join(', ')}`, parse, placeholder: values[0] };
}

/** ARM sends a day; whoever went through its SDK has midnight in UTC. The placeholder is before and after no day. */
export const date: Expected<EpochDay> = {
  allowed: 'a date as YYYY-MM-DD',
  parse: (value) => parseDay(match(/^(.{10})(?:T00:00:00(?:\.0+)?(?:Z|\+00:00))?$/, value)?.[1] ?? ''),
  placeholder: Number.NaN,
};

export const timeOfDay: Expected<number> = {
  allowed: 'a time from 00:00 to 23:59',
  parse: (value) => upTo(24 * 60 - 1, match(/^(\d{2}):([0-5]\d)$/, value)),
  placeholder: 0,
};

export const utcOffset: Expected<number> = {
  allowed: 'an offset from -12:00 to +14:00',
  parse: (value) => {
    const west = upTo(12 * 60, match(/^-(\d{2}):([0-5]\d)$/, value));
    return west === undefined ? upTo(14 * 60, match(/^\+(\d{2}):([0-5]\d)$/, value)) : 0 - west;
  },
  placeholder: 0,
};

function match(pattern: RegExp, value: unknown): RegExpExecArray | null {
  return typeof value === 'string' ? pattern.exec(value) : null;
}

function upTo(max: number, parts: RegExpExecArray | null): number | undefined {
  const minutes = parts ? Number(parts[1]) * 60 + Number(parts[2]) : Number.NaN;
  return minutes <= max ? minutes : undefined;
}
