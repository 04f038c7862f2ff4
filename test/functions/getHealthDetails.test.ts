import { beforeEach, expect, it } from 'vitest';
import { handler } from '../../functions/getHealthDetails.ts';
import { handler as verify } from '../../functions/verifyHistory.ts';
import { replaceParts } from '../../shared/composition.ts';
import { clusterKey, poolKey } from '../../shared/domain/cluster/clusterId.ts';
import type { QueueName } from '../../shared/ports/queues.ts';
import { spoiledTables } from '../spoiledTables.ts';
import { clusterIdOf, fleetOf, managedCluster } from '../usecases/fleets.ts';
import { createTestWorld } from '../world.ts';
import { call, composeAt, subscription } from './request.ts';

const id = clusterIdOf('shop');
const key = clusterKey(id);
const start = '2026-11-03T11:00:00Z';

let spoil: ReturnType<typeof spoiledTables>;
let poisoned: Partial<Record<QueueName, number | Error>>;

beforeEach(async () => {
  spoil = spoiledTables();
  poisoned = {};
  const tables = spoil.tables;
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster()),
    start,
    subscriptions: [subscription],
    tables,
  });
  await world.pass();
  composeAt(start, tables);
  const countPoisoned = async (queue: QueueName) => {
    const count = poisoned[queue] ?? 0;
    if (count instanceof Error) throw count;
    return count;
  };
  const { queues, digests } = world.dependencies;
  replaceParts({ tables, clock: world.clock, digests, queues: { ...queues, countPoisoned } });
});

const ask = async () => (await call(handler, '/api/health/details')).body;

it('tells when each subscription was planned, and that nothing is wrong', async () => {
  expect(await ask()).toEqual({
    passes: [{ subscription, at: start, listedAt: start, clusters: 1 }],
    poisoned: ['observe-cluster', 'start-upgrade', 'refresh-facts', 'project-cluster', 'verify-history'].map(
      (queue) => ({
        queue,
        messages: 0,
      }),
    ),
    record: {},
    unreadable: { count: 0, first: [] },
  });
});

it('counts the messages that were given up, and says where that can’t be told', async () => {
  poisoned = { 'observe-cluster': 3, 'start-upgrade': new Error('Queue start-upgrade-poison: could not count: 403') };
  expect(await ask()).toMatchObject({
    poisoned: [
      { queue: 'observe-cluster', messages: 3 },
      { queue: 'start-upgrade', problem: 'Queue start-upgrade-poison: could not count: 403' },
      { queue: 'refresh-facts', messages: 0 },
      { queue: 'project-cluster', messages: 0 },
      { queue: 'verify-history', messages: 0 },
    ],
  });
});

it.each<readonly [Parameters<typeof spoil.put>[0], string, string]>([
  ['Ledger', key, 'head'],
  ['Ledger', key, 'head|apps'],
  ['Starts', 'starts', `cluster|${key}`],
  ['Facts', subscription, `facts|${key}`],
  ['Facts', subscription, `verdict|${key}|apps`],
  ['Facts', subscription, 'budget'],
  ['Views', `pools|${subscription}`, poolKey(id, 'apps')],
  ['Policy', 'policy', 'current'],
  ['Policy', 'holds', 'active|x'],
  ['Policy', 'approvals', 'active|x'],
  ['Notifications', subscription, `told|${key}`],
  ['Notifications', 'fleet', 'x'],
])('counts a row of %s that can’t be read: %s, %s', async (table, partition, rowKey) => {
  await spoil.put(table, partition, rowKey, undefined);
  const { unreadable } = await ask();
  expect(unreadable).toMatchObject({ count: 1, first: [expect.stringContaining(rowKey)] });
});

it('says of a pass that can’t be read why it can’t be told', async () => {
  await spoil.put('Facts', 'passes', subscription, undefined);
  expect(await ask()).toMatchObject({ passes: [{ subscription, problem: expect.stringContaining('holds no JSON') }] });
});

it('tells the first 50 of very many', async () => {
  for (let i = 0; i < 80; i += 1) await spoil.put('Facts', subscription, `verdict|${key}|pool${i}`, []);
  const { unreadable } = await ask();
  expect(unreadable).toMatchObject({ count: 80 });
  expect((unreadable as { first: unknown[] }).first).toHaveLength(50);
});

it('tells what the last check of the whole record found', async () => {
  expect((await call(verify, '/api/history/verify?cluster=shop')).status).toBe(200);
  expect((await ask())['record']).toEqual({});
  expect((await call(verify, '/api/history/verify')).status).toBe(200);
  expect((await ask())['record']).toEqual({ checkedAt: start, broken: [] });
  const [row] = await Array.fromAsync(spoil.tables.query('Ledger', key, { from: 'log|', to: 'log}' }));
  await spoil.put('Ledger', key, row?.rowKey ?? '', {});
  expect((await call(verify, '/api/history/verify')).body).toMatchObject({ whole: false });
  expect((await ask())['record']).toMatchObject({ broken: [{ problem: expect.stringContaining('Entry 1') }] });
});
