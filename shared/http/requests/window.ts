// What the operations on windows take. Called by the table of operations.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { isObject } from '../../domain/text/anyValue.ts';
import { ClusterFilter, clusterMeans, give, giveBody, isTold, orNull, parsed, wholeNumber } from './values.ts';

const At = parsed((value) => {
  const at = typeof value === 'string' ? Temporal.Instant.from(value) : undefined;
  return isTold(at) ? at : undefined;
}, give('an instant in ISO 8601, for example 2026-11-21T00:00:00Z')).meta({ type: 'string', format: 'date-time' });

const TimeZone = parsed((value) => {
  // Intl takes offsets too, but an offset has no daylight saving to warn of.
  if (typeof value !== 'string' || !/^[A-Za-z]/.test(value)) return undefined;
  return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
}, give('the IANA name of a time zone, for example Europe/Berlin')).meta({ type: 'string' });

const count = { default: 5, max: 100 };
const giveCount = give(`a whole number from 1 to ${count.max}`);

function wholeCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= count.max ? value : undefined;
}

/** A window that is not valid is a good question: the answer says so. */
export const EvaluateRequest = z
  .strictObject(
    {
      maintenanceWindow: z.unknown().optional(),
      at: orNull(At),
      count: orNull(parsed(wholeCount, giveCount).meta(wholeNumber(count.max))).transform(
        (value) => value ?? count.default,
      ),
      timeZone: orNull(TimeZone),
    },
    giveBody('an object with maintenanceWindow, and at, count and timeZone if you like'),
  )
  .refine((body) => body.maintenanceWindow !== undefined, {
    path: ['maintenanceWindow'],
    error: "is missing; give properties.maintenanceWindow of a maintenance configuration, in ARM's JSON",
    when: ({ value }) => isObject(value),
  });

const countInQuery = (value: unknown) => (/^\d+$/.test(String(value)) ? wholeCount(Number(value)) : undefined);

export const WindowsQuery = z.strictObject({
  cluster: ClusterFilter.optional().describe(clusterMeans),
  count: parsed(countInQuery, giveCount)
    .meta({ ...wholeNumber(count.max), description: `How many occurrences of each window; ${count.default} without.` })
    .default(count.default),
  timeZone: TimeZone.optional().describe(
    "The IANA name of the time zone of local times, such as Europe/Berlin; without: each window's own offset.",
  ),
});
