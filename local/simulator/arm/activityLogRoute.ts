// The Activity Log as Azure Monitor answers it: one filter syntax, pages, newest first. Called by armRoutes.ts.
import { Temporal } from 'temporal-polyfill';
import type { ActivityRecord } from '../events/activityRecord.ts';
import { sameName } from '../world/names.ts';
import { type Answer, armError, ok, type RoutedRequest } from './armAnswer.ts';
import { tenantId } from './resources.ts';

const filterPattern =
  /^eventTimestamp ge '(?<from>[^']+)' and eventTimestamp le '(?<to>[^']+)'(?: and (?<field>resourceProvider|resourceGroupName|resourceUri|correlationId) eq '(?<wanted>[^']+)')?$/i;
const keptDays = 90;
const pageSize = 50;

export function listActivityLog({ world, url, parameter }: RoutedRequest): Answer {
  const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  if (world.faults.some(({ fault }) => fault.kind === 'activityLogForbidden')) {
    const action = 'Microsoft.Insights/eventtypes/values/read';
    const message = `The client does not have authorization to perform action '${action}' over scope '/subscriptions/${parameter('subscription')}'.`;
    return armError(403, 'AuthorizationFailed', message);
  }
  const groups = filterPattern.exec(query.get('$filter') ?? '')?.groups;
  if (!groups) return armError(400, 'BadRequest', 'The filter is not one of the patterns that are allowed.');
  const [from, to] = [instantIn(groups['from']), instantIn(groups['to'])];
  const oldest = world.time.subtract({ hours: keptDays * 24 });
  if (!from || !to || Temporal.Instant.compare(from, oldest) < 0) {
    return armError(
      400,
      'BadRequest',
      `The start time must be a time that is no more than ${keptDays} days in the past.`,
    );
  }
  const skip = Number(query.get('$skiptoken') ?? 0);
  const found = world.activities
    .filter(({ requested }) => sameName(requested.resource.split('/')[2] ?? '', parameter('subscription')))
    .filter(({ visibleAt }) => Temporal.Instant.compare(visibleAt, world.time) <= 0)
    .filter(({ at }) => Temporal.Instant.compare(at, from) >= 0 && Temporal.Instant.compare(at, to) <= 0)
    .filter((record) => isWanted(record, groups['field'], groups['wanted'] ?? ''))
    .toReversed();
  const next = new URL(url);
  next.searchParams.set('$skipToken', String(skip + pageSize));
  const value = found.slice(skip, skip + pageSize).map((record) => selected(body(record), query.get('$select')));
  return ok({ value, nextLink: skip + pageSize < found.length ? next.href : undefined });
}

function isWanted({ requested }: ActivityRecord, field: string | undefined, wanted: string): boolean {
  const [, , , , group, , provider] = requested.resource.split('/');
  const values: Readonly<Record<string, string | undefined>> = {
    resourcegroupname: group,
    resourceprovider: provider,
    resourceuri: requested.resource,
    correlationid: requested.correlationId,
  };
  return field === undefined || sameName(values[field.toLowerCase()] ?? '', wanted);
}

function body({ requested, status, at }: ActivityRecord): Readonly<Record<string, unknown>> {
  const { operation, resource, claims, correlationId, caller } = requested;
  const eventTimestamp = at.toString({ fractionalSecondDigits: 7 });
  return {
    authorization: { action: operation, scope: resource },
    caller,
    claims,
    correlationId,
    eventTimestamp,
    operationName: { value: operation, localizedValue: operation },
    resourceId: resource,
    resourceProviderName: { value: 'Microsoft.ContainerService', localizedValue: 'Microsoft.ContainerService' },
    status: { value: status, localizedValue: status },
    subStatus: { value: '', localizedValue: '' },
    submissionTimestamp: eventTimestamp,
    level: status === 'Failed' ? 'Error' : 'Informational',
    subscriptionId: resource.split('/')[2],
    tenantId,
  };
}

function selected(record: Readonly<Record<string, unknown>>, fields: string | undefined) {
  if (fields === undefined) return record;
  const wanted = new Set(fields.toLowerCase().split(','));
  return Object.fromEntries(Object.entries(record).filter(([name]) => wanted.has(name.toLowerCase())));
}

function instantIn(text = ''): Temporal.Instant | undefined {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return undefined;
  }
}
