// What the operations on windows take. Called by evaluateWindow and getWindows.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { isObject } from '../../domain/text/anyValue.ts';
import { ClusterFilter, give, giveBody } from './values.ts';

/** The occurrences in an answer. */
const count = { default: 5, max: 100 };

/** Checks a value with one error text, whatever is wrong with it. */
function checked<T>(expected: string, parse: (value: unknown) => T | undefined) {
  return z.unknown().transform((value, context): T => {
    const parsed = parse(value);
    if (parsed !== undefined) return parsed;
    context.issues.push({ code: 'custom', input: value, message: give(expected)({ input: value }) });
    return z.NEVER;
  });
}

const At = checked('an instant in ISO 8601, for example 2026-11-21T00:00:00Z', (value) => {
  // Four digits of year, as in ARM's dates.
  if (typeof value !== 'string' || !/^\d{4}-/.test(value)) return undefined;
  try {
    return Temporal.Instant.from(value);
  } catch {
    return undefined;
  }
});

const TimeZone = checked('the IANA name of a time zone, for example Europe/Berlin', (value) => {
  // Intl takes offsets too, but an offset has no daylight saving to warn of.
  if (typeof value !== 'string' || !/^[A-Za-z]/.test(value)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
});

function wholeCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= count.max ? value : undefined;
}

/** In a body `null` means absent, as in ARM's JSON. */
function optional<T>(schema: z.ZodType<T>) {
  return schema.nullish().transform((value) => value ?? undefined);
}

const countExpected = `a whole number from 1 to ${count.max}`;

/** The body of `POST /api/windows/evaluate`. A window that is not valid is a good question: the answer says so. */
export const EvaluateRequest = z
  .strictObject(
    {
      maintenanceWindow: z.unknown().optional(),
      at: optional(At),
      count: optional(checked(countExpected, wholeCount)).transform((value) => value ?? count.default),
      timeZone: optional(TimeZone),
    },
    giveBody('an object with maintenanceWindow, and at, count and timeZone if you like'),
  )
  .refine((body) => body.maintenanceWindow !== undefined, {
    path: ['maintenanceWindow'],
    error: "is missing; give properties.maintenanceWindow of a maintenance configuration, in ARM's JSON",
    when: ({ value }) => isObject(value),
  });

export const WindowsQuery = z.strictObject({
  cluster: ClusterFilter.optional(),
  count: checked(countExpected, (value) =>
    /^\d+$/.test(String(value)) ? wholeCount(Number(value)) : undefined,
  ).default(count.default),
  timeZone: TimeZone.optional(),
});
