// Only what the topic has taken is noted, and one cluster's failure costs no other its notifications.
import { expect, it } from 'vitest';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey, poolKey } from '../../../shared/domain/cluster/clusterId.ts';
import type { Notification } from '../../../shared/domain/notification/notification.ts';
import type { NotificationType } from '../../../shared/domain/policy/notificationTypes.ts';
import type { TableName, Tables } from '../../../shared/ports/tables.ts';
import type { Topic } from '../../../shared/ports/topic.ts';
import type { Mark } from '../../../shared/stores/notificationsStore.ts';
import { inTurn } from '../../../shared/usecases/inTurn.ts';
import { collectStale } from '../../../shared/usecases/notify/collectStale.ts';
import type { SubscriptionFacts } from '../../../shared/usecases/notify/passFacts.ts';
import { publishNews } from '../../../shared/usecases/notify/publishNews.ts';
import { recordObservation } from '../../../shared/usecases/observe/recordObservation.ts';
import { runPass } from '../../../shared/usecases/plan/runPass.ts';
import { aCluster, aPool, images, now } from '../../builders.ts';
import { behind } from '../../domain/report/facts.ts';
import { aClusterFacts } from '../../domain/rings/aClusterFacts.ts';
import type { TestWorld } from '../../world.ts';
import { clusterId, clusterIdOf, fleetOf, managedCluster, poolProfile, subscription } from '../fleets.ts';
import { topicWorld } from './topicWorld.ts';

const oldPool = poolProfile('apps', { nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202606.01.0' });
const staleFleet = (...names: readonly string[]) =>
  fleetOf(...names.map((name) => managedCluster([oldPool], { name })));
const frozen = {
  mode: 'enforce',
  freezes: [{ from: '2026-11-03', until: '2026-11-05', timeZone: 'UTC', reason: 'a sale' }],
};
const staleRow = `pool|stale|${poolKey(clusterId, 'apps')}`;

/** Tables in memory whose calls fail while `fails` says so. */
function failingTables() {
  const memory = createMemoryTables();
  const state = { fails: (_call: 'write' | 'query', _table: TableName, _partition: string, _row = '') => false };
  const failed = () => {
    throw new Error('Storage answers 500.');
  };
  const tables: Tables = {
    ...memory,
    query: (table, partition, range) =>
      state.fails('query', table, partition, range?.from) ? failed() : memory.query(table, partition, range),
    write: async (table, partition, changes) =>
      changes.some(({ rowKey }) => state.fails('write', table, partition, rowKey))
        ? failed()
        : memory.write(table, partition, changes),
  };
  return { tables, state };
}

const sourcesOf = (some: readonly Notification[], wanted: NotificationType) =>
  some.filter(({ type }) => type === wanted).map(({ source }) => source.slice(source.lastIndexOf('/') + 1));

it('an error thrown by the topic is not counted as taken: the mark is not written, the next pass notifies', async () => {
  const taken: Notification[] = [];
  let isDown = true;
  const topic: Topic = {
    publish: async (some) => {
      if (isDown) throw new Error('The topic answers 503.');
      taken.push(...some);
    },
  };
  const world = await topicWorld({ topic, fleet: staleFleet('shop'), policy: frozen });
  const mark = () => world.dependencies.tables.get('Notifications', subscription, staleRow);
  await world.pass();
  world.advance({ minutes: 30 });
  await world.pass();
  expect([taken, await mark()]).toEqual([[], undefined]);
  isDown = false;
  await world.pass();
  expect(sourcesOf(taken, 'PoolStale')).toEqual(['shop']);
  expect(await mark()).toMatchObject({ value: { id: taken.find(({ type }) => type === 'PoolStale')?.id } });
  await world.pass();
  expect(sourcesOf(taken, 'PoolStale')).toEqual(['shop']);
});

it('of many batches, those that the topic took before it failed are noted, and no other', async () => {
  const { tables } = failingTables();
  const taken: string[] = [];
  const topic: Topic = {
    publish: async (some) => {
      if (taken.length > 0) throw new Error('The topic answers 503.');
      taken.push(...some.map(({ id }) => id));
    },
  };
  const news = Array.from({ length: 100 }, (_, index) => {
    const data = { week: `${index}`, link: '/' };
    const one = { type: 'ReportReady', id: `${index}`, source: '/', subject: '/', time: now.toString(), data } as const;
    return { notifications: [one], rows: [{ kind: 'upsert', rowKey: one.id, value: {} } as const] };
  });
  const log = { info: () => undefined, warn: () => undefined };
  expect(await publishNews({ tables, topic, log }, { mode: 'enforce' }, 'fleet', news)).toBe(false);
  const rows: string[] = [];
  for await (const { rowKey } of tables.query('Notifications', 'fleet')) rows.push(rowKey);
  expect(taken.length).toBeGreaterThan(0);
  expect(rows).toEqual(taken.toSorted());
});

it('a mark that could not be written is not counted as taken either, and keeps no other news from being published', async () => {
  const { tables, state } = failingTables();
  const rings = [{ name: 'prod', selectors: [{ cluster: '*' }], approval: true }];
  const world = await topicWorld({ tables, fleet: staleFleet('shop'), policy: { mode: 'enforce', rings } });
  state.fails = (call, table, _partition, row) => call === 'write' && table === 'Notifications' && row === staleRow;
  await world.pass();
  world.advance({ minutes: 30 });
  await world.pass();
  state.fails = () => false;
  await world.pass();
  await world.pass();
  const stale = world.told.filter(({ type }) => type === 'PoolStale');
  expect([stale.length > 1, new Set(stale.map(({ id }) => id)).size]).toEqual([true, 1]);
  expect(sourcesOf(world.told, 'RingWaitingForApproval')).toHaveLength(1);
  expect(await tables.get('Notifications', subscription, staleRow)).toBeDefined();
});

const hostile = clusterKey(clusterIdOf('hostile'));

it.each<{
  readonly of: string;
  readonly type: NotificationType;
  readonly isRead: (table: TableName, partition: string, from?: string) => boolean;
  readonly before: (world: TestWorld) => Promise<void>;
}>([
  {
    of: 'decisions',
    type: 'PoolStale',
    isRead: (table, partition) => table === 'Decisions' && partition.startsWith(hostile),
    before: async () => {},
  },
  {
    of: 'history',
    type: 'WindowMissed',
    isRead: (table, partition) => table === 'Views' && partition === `history|${hostile}`,
    before: async (world) => {
      await world.pass();
      world.advance({ hours: 5 });
    },
  },
  {
    of: 'ledger',
    type: 'NodeImageTransition',
    isRead: (table, partition, from) =>
      table === 'Ledger' && partition === hostile && from?.startsWith('log|') === true,
    before: async (world) => {
      const ids = ['hostile', 'shop'].map(clusterIdOf);
      await world.pass();
      for (const id of ids) world.simulator.personUpgrades(id, 'apps');
      world.advance({ minutes: 30 });
      // Their messages are lost.
      for (const id of ids) await recordObservation(world.dependencies, { clusterId: id });
    },
  },
])('one cluster whose $of makes a collector throw keeps no other from $type', async ({ type, isRead, before }) => {
  const { tables, state } = failingTables();
  const world = await topicWorld({ tables, fleet: staleFleet('hostile', 'shop'), policy: frozen });
  await before(world);
  state.fails = (call, table, partition, from) => call === 'query' && isRead(table, partition, from);
  const lines = world.lines.length;
  await runPass(world.dependencies);
  expect(sourcesOf(world.told, type)).toEqual(['shop']);
  const said = world.lines.slice(lines).filter((line) => line.includes('Storage answers 500.'));
  expect(said).toEqual([expect.stringMatching(/^Notifications: .*hostile/)]);
  state.fails = () => false;
  await runPass(world.dependencies);
  expect(sourcesOf(world.told, type)).toEqual(['shop', 'hostile']);
});

const passFacts = (pools: number, image: string, marks: ReadonlyMap<string, Mark> = new Map()): SubscriptionFacts => {
  const names = Array.from({ length: pools }, (_, index) => (index === 0 ? 'apps' : `apps${index}`));
  const nodePools = names.map((name) => aPool({ name, nodeImageVersion: image }));
  const facts = aClusterFacts({ nodePools });
  const decisions = names.map((nodePool) => behind({ nodePool, current: image, decidedAt: now.toString() }));
  const decided = [{ facts, heads: { pools: [] }, decisions }];
  const noted = { cursors: new Map(), marks, due: [], unreadable: [] };
  return { policy: { policy: { mode: 'enforce' } }, now, starts: 0, subscription, decided, noted, fleet: decided };
};
const silent = { info: () => undefined, warn: () => undefined };

it('staleness is judged from when the pool was seen behind, with no decision read or made up for it', async () => {
  const at = now.subtract({ hours: 40 * 24 });
  const marks = new Map([[`pool|behind|${poolKey(aCluster().id, 'apps')}`, { id: images.old, at }]]);
  const { tables, state } = failingTables();
  state.fails = () => true;
  const news = await collectStale({ tables, log: silent }, passFacts(1, images.old, marks));
  const [stale] = news.flatMap(({ notifications }) => notifications);
  expect(stale).toMatchObject({
    type: 'PoolStale',
    data: { status: 'stale', behindSince: at.toString(), staleDays: 40 },
  });
});

it('a pool of which it is not known yet since when it is behind waits for the pass that learns it', async () => {
  const { tables } = failingTables();
  const facts = passFacts(60, 'AKSUbuntu-2204gen2containerd-202506.01.0');
  const collected = await collectStale({ tables, log: silent }, facts);
  const rowKeys = collected.flatMap(({ rows }) => rows.map(({ rowKey }) => rowKey));
  expect(rowKeys.filter((rowKey) => rowKey.startsWith('pool|behind|'))).toHaveLength(50);
  expect(collected.flatMap(({ notifications }) => notifications)).toHaveLength(50);
});

it('a notice holds until a moment, not until a text: half a second later the next one is due', async () => {
  const weekly = { schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Sunday' } } };
  const fleet = fleetOf(managedCluster(undefined, { window: weekly }));
  const world = await topicWorld({ fleet, start: '2026-11-03T12:00:00.5Z' });
  for (let hour = 0; hour < 4; hour += 1) {
    world.advance({ hours: 1 });
    await world.pass();
  }
  world.advance({ hours: 4 * 24 - 4 });
  expect(world.clock.now().toString()).toBe('2026-11-07T12:00:00.5Z');
  await world.pass();
  const ahead = world.told.filter(({ type }) => type === 'UpgradeAhead');
  expect(ahead.map(({ data }) => 'lead' in data && data.lead)).toEqual(['7 days', '24 hours']);
});

it('a start is told of whose end was recorded before its starter noted that ARM took it', async () => {
  const tables = createMemoryTables();
  let uid = 'one';
  let isBetween = false;
  const racing: Tables = {
    ...tables,
    write: async (table, partition, changes) => {
      const [change] = changes;
      if (isBetween && table === 'Starts' && change?.kind === 'delete') throw new Error('Storage does not answer.');
      if (table === 'Starts' && change?.kind === 'replace' && change.rowKey.startsWith('cluster|') && uid === 'one') {
        // Somebody makes the cluster anew while the starter has ARM's answer in hand.
        [uid, isBetween] = ['two', true];
        await recordObservation(world.dependencies, { clusterId }).catch(() => undefined);
        isBetween = false;
      }
      return tables.write(table, partition, changes);
    },
  };
  const world = await topicWorld({
    tables: racing,
    fleet: fleetOf(managedCluster(undefined, { properties: { resourceUID: 'one' } })),
    intercept: (_request, answer) => {
      const answered = answer();
      return { ...answered, body: answered.body.replaceAll('"resourceUID":"one"', `"resourceUID":"${uid}"`) };
    },
  });
  await world.run(40);
  expect(uid).toBe('two');
  const [, end] = await world.ledger(clusterId);
  expect(end).toMatchObject({ kind: 'rolled', outcome: 'unknown' });
  expect(end).not.toHaveProperty('startedAt');
  expect(world.told.map(({ type }) => type)).toContain('AttemptStarted');
});

it('sixty clusters whose entries can’t be read take no turn for good', () => {
  const keys = Array.from({ length: 70 }, (_, index) => index);
  const failing = new Set(keys.slice(0, 60));
  const reached = new Set<number>();
  for (let pass = 0; pass < 200; pass += 1) {
    const turn = inTurn(keys, now.add({ minutes: 5 * pass })).slice(0, 50);
    for (const key of turn) if (!failing.has(key)) reached.add(key);
  }
  expect(reached.size).toBe(10);
  expect(inTurn([], now)).toEqual([]);
  expect(inTurn(keys, now).toSorted((a, b) => a - b)).toEqual(keys);
});
