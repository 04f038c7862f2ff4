// What the HTTP operations on windows and images take. Called by evaluateWindow, getWindows and getNodeImage.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { isObject, show } from '../domain/text/anyValue.ts';
import { PoolQuery } from './httpSchemas.ts';

/** How many occurrences an answer holds, by default and at most. */
const count = { default: 5, max: 100 };

/** Checks with one message, whatever is wrong: what was found, and what to give. */
function checked<T>(expected: string, parse: (value: unknown) => T | undefined) {
  return z.unknown().transform((value, context): T => {
    const parsed = parse(value);
    if (parsed !== undefined) return parsed;
    context.issues.push({ code: 'custom', input: value, message: `is ${show(value)}; give ${expected}` });
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
  // Intl takes offsets too, but those have no daylight saving to warn of.
  if (typeof value !== 'string' || !/^[A-Za-z]/.test(value)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
});

function wholeCount(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= count.max
    ? (value as number)
    : undefined;
}

/** In a body, `null` stands for what is left out, as it does in ARM's JSON. */
function optional<T>(schema: z.ZodType<T>) {
  return schema.nullish().transform((value) => value ?? undefined);
}

const countExpected = `a whole number from 1 to ${count.max}`;

/** The body of `POST /api/windows/evaluate`. Whether the window itself is valid is the answer, not a condition. */
export const EvaluateRequest = z
  .strictObject(
    {
      maintenanceWindow: z.unknown().optional(),
      at: optional(At),
      count: optional(checked(countExpected, wholeCount)).transform((value) => value ?? count.default),
      timeZone: optional(TimeZone),
    },
    {
      error: (issue) =>
        issue.code === 'invalid_type'
          ? `is ${show(issue.input)}; give an object with maintenanceWindow, and at, count and timeZone if you like`
          : undefined,
    },
  )
  .refine((body) => body.maintenanceWindow !== undefined, {
    path: ['maintenanceWindow'],
    error: "is missing; give properties.maintenanceWindow of a maintenance configuration, in ARM's JSON",
    when: ({ value }) => isObject(value),
  });

/** The parameters of `GET /api/windows`. */
export const WindowsQuery = z.strictObject({
  cluster: PoolQuery.shape.cluster,
  count: checked(countExpected, (value) =>
    /^\d+$/.test(String(value)) ? wholeCount(Number(value)) : undefined,
  ).default(count.default),
  timeZone: TimeZone.optional(),
});

/** Operations that take no parameters. */
export const NoQuery = z.strictObject({});
