// Hostile events through Event Grid's webhook of the local host: each batch is taken, and what is in it is used or parked.
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FunctionsHost, startFunctionsHost } from '../../local/functionsHost/startFunctionsHost.ts';
import { createHttpClient } from '../../local/simulator/httpClient.ts';
import { createSimulator } from '../../local/simulator/simulator.ts';
import { createArm } from '../../shared/adapters/arm/arm.ts';
import { createMemoryDocuments } from '../../shared/adapters/storage/memoryDocuments.ts';
import { createMemoryTables } from '../../shared/adapters/storage/memoryTables.ts';
import { dependencies, replaceParts } from '../../shared/composition.ts';
import { shallow } from '../../shared/domain/text/shallow.ts';
import { deleteParkedBefore, maxParkedADay, park, parkedDays } from '../../shared/stores/parkedStore.ts';
import { observeMessage } from '../../shared/usecases/observe/observeMessage.ts';
import { credential } from '../credential.ts';
import { ask } from '../e2e/ask.ts';
import { clusterId, fleetOf, managedCluster, subscription } from '../usecases/fleets.ts';
import { fuzzEvents } from './events.ts';

let host: FunctionsHost;
const lines: string[] = [];
let now = Temporal.Instant.from('2026-11-03T08:00:00Z');
const clock = { now: () => now };
const tables = createMemoryTables();
const asked: unknown[] = [];
const parts = {
  clock,
  tables,
  arm: createArm({
    credential,
    endpoint: 'https://management.azure.com',
    httpClient: createHttpClient(createSimulator({ fleet: fleetOf(managedCluster()), now: clock.now }).handle),
  }),
  digests: createMemoryDocuments(),
  queues: { countPoisoned: async () => 0, send: async (_queue: string, message: unknown) => void asked.push(message) },
};

beforeAll(async () => {
  replaceParts(parts);
  host = await startFunctionsHost({
    load: async () => {
      const { app } = await import('@azure/functions');
      const { handler } = await import('../../functions/onClusterEvent.ts');
      app.eventGrid('onClusterEvent', { handler });
    },
    settings: { AzureWebJobsStorage: 'UseDevelopmentStorage=true', SUBSCRIPTION_IDS: subscription },
    host: {},
    port: 0,
    log: (line) => lines.push(line),
  });
});

afterAll(() => host.stop());

it.each([1, 2])(
  'seed %i: 200 hostile events are taken, and none of the others is lost',
  { timeout: 60_000 },
  async (seed) => {
    // Evidence is bounded in ten minutes.
    now = now.add({ minutes: 11 });
    const url = `${host.url}/runtime/webhooks/eventgrid?functionName=onClusterEvent&code=${host.keys.eventGrid}`;
    const send = async (body: string) =>
      (await ask(url, { method: 'POST', headers: { 'aeg-event-type': 'Notification' }, body })).status;
    const found = await fuzzEvents({ send, tables, now: () => now.toString() }, 200, seed);
    expect(found.evidence).toBeGreaterThan(5);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(1000);
    for (const message of asked.splice(0)) await observeMessage(dependencies(silent), message);
  },
);

it.each([
  ['null', null],
  ['text', 'hello'],
  ['no id', {}],
  ['an id that is none', { clusterId: '/subscriptions/x' }],
  ['an id that no key holds', { clusterId: clusterId.replace(/shop$/, 'a#b') }],
  ['an id that is too long', { clusterId: clusterId.replace(/shop$/, 'z'.repeat(600)) }],
  ['deep nesting', JSON.parse(`{"clusterId":${'['.repeat(10_000)}${']'.repeat(10_000)}}`)],
])('a message of observe-cluster with %s is parked', async (_what, message) => {
  await observeMessage(dependencies(silent), message);
  const rows = await Array.fromAsync(tables.query('Parked', now.toString().slice(0, 10)));
  const reasons = rows.map(({ value }) => value as { readonly event: string; readonly reason: string });
  const text = JSON.stringify(shallow(message)).slice(0, 400);
  expect(reasons.filter(({ event }) => event.startsWith(text)).length).toBeGreaterThan(0);
});

const silent = { info: () => undefined, warn: () => undefined };

async function parkedDay(): Promise<{ readonly kept: number; readonly dropped: number }> {
  const row = await tables.get('Parked', 'days', now.toString().slice(0, 10));
  return (row?.value ?? { kept: 0, dropped: 0 }) as { kept: number; dropped: number };
}

it('no more than a bounded number is parked a day, the rest is counted, and old days go', async () => {
  await park(tables, now.subtract({ hours: 24 * 40 }), [{ event: 'old', reason: 'old' }]);
  const many = Array.from({ length: 1500 }, (_, event) => ({ event, reason: 'none' }));
  await park(tables, now, many);
  await park(tables, now, many);
  const { kept, dropped } = await parkedDay();
  expect(kept).toBe(maxParkedADay);
  expect(dropped).toBeGreaterThan(500);
  const day = await Array.fromAsync(tables.query('Parked', now.toString().slice(0, 10)));
  expect(day).toHaveLength(maxParkedADay);
  await deleteParkedBefore(tables, now.subtract({ hours: 24 * parkedDays }));
  const old = now
    .subtract({ hours: 24 * 40 })
    .toString()
    .slice(0, 10);
  expect(await Array.fromAsync(tables.query('Parked', old))).toEqual([]);
  expect(await tables.get('Parked', 'days', old)).toBeUndefined();
});
