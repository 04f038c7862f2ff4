// Hostile events for the webhook: drawn from a seed, sent in batches, judged by what they left behind. Called by
// events.test.ts; fuzz may call it for any host.
import * as fc from 'fast-check';
import { clusterKey } from '../../shared/domain/cluster/clusterId.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { maxParkedADay } from '../../shared/stores/parkedStore.ts';
import { clusterId } from '../usecases/fleets.ts';

/** `text`: the JSON. `parked`, `kept`: what must become of it; `any`: it must do no harm. */
type DrawnEvent = { readonly text: string; readonly must: 'parked' | 'kept' | 'any'; readonly marker: string };

type Receiver = {
  /** Sends a body to the webhook. @returns the status of its answer */
  readonly send: (body: string) => Promise<number>;
  readonly tables: Tables;
  /** ISO: when it is there. */
  readonly now: () => string;
};

const perBatch = 20;
const deep = '@deep@';
const nested = `${'['.repeat(10_000)}"…"${']'.repeat(10_000)}`;
const long = 'x'.repeat(40_000);
const claims = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`claim-${index}`, 'y'.repeat(40)]));
const id = (name: string) => clusterId.replace(/shop$/, name);
const strangeIds = ['a#b', 'a?b', 'a\\b', 'a\nb', 'a\u0000b', 'a\u007fb', 'z'.repeat(600), '\ud800', 'a/b', ''].map(id);
const strange = fc.oneof(
  fc.constantFrom<unknown>(
    long,
    deep,
    claims,
    null,
    true,
    7,
    1e300,
    -0,
    '',
    ' ',
    '#',
    '?',
    '\\',
    '\n',
    '\ud83d',
    '\u2028',
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    [[]],
    '{"a":',
    '[[[[',
    '__proto__',
    'constructor',
    'z'.repeat(600),
    'm'.repeat(1_000_000),
  ),
  fc.constantFrom<unknown>(
    '+275760-09-13T00:00:00Z',
    '0001-01-01T00:00:00',
    '2026-13-45T99:99:99Z',
    '1e9',
    ...strangeIds,
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

const eventsOf = (marker: string, time: string, cluster = clusterId): readonly Readonly<Record<string, unknown>>[] => {
  const base = {
    id: marker,
    topic: cluster,
    subject: cluster,
    eventTime: time,
    dataVersion: '1',
    metadataVersion: '1',
  };
  const operationData = {
    resourceUri: `${cluster}/agentPools/apps`,
    operationName: 'write',
    claims: { name: 'Ann' },
  };
  const properties = { eventSource: 'AutoUpgrader', eventStatus: 'Started', resources: [cluster], eventId: marker };
  const rolling = 'Microsoft.ContainerService.NodePoolRollingStarted';
  return [
    { ...base, eventType: rolling, data: { nodePoolName: 'apps' } },
    { id: marker, source: cluster, type: rolling, time, specversion: '1.0', data: { nodePoolName: 'apps' } },
    { ...base, eventType: 'Microsoft.Resources.ResourceActionSuccess', data: operationData },
    {
      ...base,
      eventType: 'Microsoft.ResourceNotifications.ContainerServiceEventResources.ScheduledEventEmitted',
      data: { resourceInfo: { id: cluster, properties } },
    },
  ];
};

/** Fields of an event by their paths, and what breaks it for sure there. */
const breaking: readonly (readonly [field: string, values: readonly unknown[]])[] = [
  ['eventType', [long, 'a#?\\\nb', 'z'.repeat(600)]],
  ['topic', [long, ...strangeIds, 7]],
  ['eventTime', [long, 'never', null, '1999-01-01T00:00:00Z', '2999-01-01T00:00:00Z']],
  ['data', [null, {}, { nodePoolName: long }, { nodePoolName: 7 }]],
];

function drawEvents(count: number, seed: number, time: string): readonly DrawnEvent[] {
  const shape = fc.record({
    kind: fc.constantFrom('kept', 'parked', 'parked', 'any', 'any', 'any', 'any', 'other'),
    of: fc.nat(3),
    field: fc.nat(30),
    value: strange,
    broken: fc.nat(1000),
  });
  return fc.sample(shape, { numRuns: count, seed }).map(({ kind, of, field, value, broken }, index) => {
    const marker = `fuzz-${seed}-${index}`;
    const events = eventsOf(marker, time);
    if (kind === 'kept') return { text: textOf({ marker, ...events[2] }), must: 'kept', marker };
    if (kind === 'other') return { text: textOf(value), must: 'any', marker };
    if (kind === 'parked') {
      const [name, values] = breaking[field % breaking.length] as (typeof breaking)[number];
      return { text: textOf({ marker, ...events[0], [name]: values[broken % values.length] }), must: 'parked', marker };
    }
    // Of another cluster, whose evidence takes no room from what must be kept.
    const event = eventsOf(marker, time, id('bank'))[of] ?? {};
    const paths = pathsIn(event);
    return {
      text: textOf({ marker, ...replaced(event, paths[field % paths.length] ?? [], value) }),
      must: 'any',
      marker,
    };
  });
}

function textOf(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').replaceAll(JSON.stringify(deep), nested);
}

function pathsIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([name, one]) => pathsIn(one, [...path, name]));
  return path.length > 0 ? [path, ...inside] : inside;
}

function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): object {
  const fields = value as Readonly<Record<string, unknown>>;
  if (name === undefined) return fields;
  return { ...fields, [name]: rest.length > 0 ? replaced(fields[name], rest, by) : by };
}

/** @throws where a batch is not taken, or what an event must leave is not there */
export async function fuzzEvents({ send, tables, now }: Receiver, count: number, seed: number) {
  const drawn = drawEvents(count, seed, now());
  let slowest = 0;
  for (let at = 0; at < drawn.length; at += perBatch) {
    const batch = drawn.slice(at, at + perBatch);
    const begun = performance.now();
    const status = await send(`[${batch.map(({ text }) => text).join(',')}]`);
    slowest = Math.max(slowest, performance.now() - begun);
    if (status !== 202)
      throw new Error(`Seed ${seed}: events ${at} to ${at + batch.length} were answered with ${status}.`);
  }
  const rows = await Array.fromAsync(tables.query('Parked', now().slice(0, 10)));
  const parked = rows.map(({ value }) => (value as { readonly event: string }).event);
  const evidence = await Array.fromAsync(tables.query('Evidence', clusterKey(clusterId)));
  const isFull = rows.length === maxParkedADay;
  const kept = new Set(evidence.map(({ value }) => (value as { readonly id: string }).id));
  for (const { must, marker } of drawn) {
    const isLost =
      must === 'kept'
        ? !kept.has(marker)
        : must === 'parked' && !isFull && !parked.some((one) => one.includes(`"${marker}"`));
    if (isLost) throw new Error(`Seed ${seed}: event ${marker} must be ${must}, and is not.`);
  }
  if (rows.length > maxParkedADay) throw new Error(`Seed ${seed}: ${rows.length} events are parked.`);
  return { parked: rows.length, evidence: evidence.length, slowestMilliseconds: Math.round(slowest) };
}
