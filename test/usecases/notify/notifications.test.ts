// Notifications of the ledger and of attempts in flight, through the whole app: with a topic that fails, crashes in
// between, a policy that chooses, and no topic.
import { describe, expect, it } from 'vitest';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { isRoll } from '../../../shared/domain/ledger/historyRow.ts';
import type { Notification } from '../../../shared/domain/notification/notification.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import type { Topic } from '../../../shared/ports/topic.ts';
import { readNotificationCursor, startNotificationCursor } from '../../../shared/stores/notificationsStore.ts';
import { amend } from '../../../shared/usecases/observe/amend.ts';
import { followLedger } from '../../../shared/usecases/observe/projectLedger.ts';
import { recordObservation } from '../../../shared/usecases/observe/recordObservation.ts';
import { runPass } from '../../../shared/usecases/plan/runPass.ts';
import type { TestWorld } from '../../world.ts';
import { clusterId, fleetOf, managedCluster, newImage, oldImage, subscription } from '../fleets.ts';
import { topicWorld } from './topicWorld.ts';

const key = clusterKey(clusterId);

/** A topic that fails while it is told to, and keeps what it took. */
function aTopic() {
  const told: Notification[] = [];
  const state = { isDown: false };
  const topic: Topic = {
    publish: async (some) => {
      if (state.isDown) throw new Error('The topic answers 503.');
      told.push(...some);
    },
  };
  return { told, state, topic };
}

const typesOf = (told: readonly Notification[]) => told.map(({ type }) => type);
const idsOf = (told: readonly Notification[]) => told.map(({ id }) => id);
const ofUpgrade = ['AttemptStarted', 'NodeImageTransition', 'AttemptSucceeded'];

async function rowsOf({ dependencies }: TestWorld): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const { rowKey } of dependencies.tables.query('Notifications', subscription)) rows.push(rowKey);
  return rows;
}

describe('an upgrade', () => {
  it('is told from its notice to its end, each once, with a link', async () => {
    const world = await topicWorld();
    await world.run(60);
    expect(typesOf(world.told)).toEqual(['UpgradeAhead', ...ofUpgrade]);
    expect(world.told[2]).toMatchObject({
      source: clusterId,
      subject: 'agentPools/apps',
      time: '2026-11-03T12:15:00Z',
      data: {
        from: oldImage,
        to: newImage,
        cause: 'keeper',
        inWindow: true,
        link: expect.stringMatching(/^\/api\/history\?cluster=.*&nodePool=apps&.*since=2026-11-03T12%3A15%3A00Z$/),
      },
    });
  });

  it('is told in the same ids by whoever comes later', async () => {
    const tables = createMemoryTables();
    const early = aTopic();
    const world = await topicWorld({ tables, topic: early.topic });
    await world.run(60);
    const told = await readNotificationCursor(tables, key);
    if (!told) throw new Error('Nothing was told.');
    // As if nothing of it had been kept: the mark of the start, and how far the ledger was told.
    await tables.write('Notifications', subscription, [
      { kind: 'upsert', rowKey: `told|${key}`, value: { sequence: 0 } },
      { kind: 'upsert', rowKey: `attempt|started|${key}`, value: { id: '', at: '2026-11-03T12:00:00Z' } },
    ]);
    const late = aTopic();
    await followLedger({ ...world.dependencies, topic: late.topic }, { clusterId });
    expect(typesOf(late.told)).toEqual(ofUpgrade);
    expect(idsOf(late.told)).toEqual(idsOf(early.told).slice(1));
  });

  it('that is stuck is told so, be its row gone before the topic took it', async () => {
    const { topic, state, told } = aTopic();
    const fleet = { ...fleetOf(managedCluster()), rolling: { secondsPerNode: 3 * 60 * 60 } };
    const world = await topicWorld({ topic, fleet });
    await world.run(20);
    state.isDown = true;
    // Two nodes, of three hours each.
    await world.run(8 * 60);
    expect(await world.history()).toHaveLength(1);
    state.isDown = false;
    await world.pass();
    expect(typesOf(told)).toContain('AttemptStuck');
    expect(await rowsOf(world)).not.toContainEqual(expect.stringContaining('due'));
  });
});

describe('a topic that is down', () => {
  it('holds up nothing, and is told when it is back', async () => {
    const { topic, state, told } = aTopic();
    const world = await topicWorld({ topic });
    state.isDown = true;
    await world.run(60);
    expect(told).toEqual([]);
    expect(await world.history()).toMatchObject([{ to: newImage, outcome: 'succeeded' }]);
    expect(world.messages()).toEqual([]);
    expect(world.lines).toContainEqual(expect.stringMatching(/^The topic did not take \d+ notifications.*503/));
    state.isDown = false;
    await world.run(5);
    expect(typesOf(told)).toEqual(ofUpgrade);
  });

  it('that answers slowly holds up a pass for a minute, and is told the rest by the next ones', async () => {
    const { topic, state, told } = aTopic();
    const names = Array.from({ length: 10 }, (_, index) => `c${index}`);
    const clusters = names.map((name) => managedCluster(undefined, { name }));
    const slow: Topic = {
      publish: async (some) => {
        if (!state.isDown) world.advance({ seconds: 8 });
        await topic.publish(some);
      },
    };
    const world = await topicWorld({ topic: slow, fleet: fleetOf(...clusters) });
    state.isDown = true;
    await world.run(60);
    state.isDown = false;
    const before = world.clock.now();
    await runPass(world.dependencies);
    expect(before.until(world.clock.now()).total('seconds')).toBe(64);
    expect(world.lines.at(-1)).toContain('it took 60 s for others');
    await runPass(world.dependencies);
    expect(typesOf(told).filter((type) => type === 'NodeImageTransition')).toHaveLength(10);
  });

  it('for longer than a month is not told what is old', async () => {
    const { topic, state, told } = aTopic();
    const world = await topicWorld({ topic });
    state.isDown = true;
    await world.run(60);
    world.advance({ hours: 31 * 24 });
    state.isDown = false;
    await followLedger(world.dependencies, { clusterId });
    expect(told).toEqual([]);
  });
});

describe('a crash', () => {
  it('between the topic and the cursor tells twice, by the same ids', async () => {
    const memory = createMemoryTables();
    const crash = { isDue: false };
    const tables: Tables = {
      ...memory,
      write: async (table, partition, changes) => {
        if (table === 'Notifications' && changes[0]?.kind === 'replace' && crash.isDue) throw new Error('crash');
        return memory.write(table, partition, changes);
      },
    };
    const world = await topicWorld({ tables });
    await world.run(15);
    crash.isDue = true;
    // The message is lost with it.
    await expect(world.run(30)).rejects.toThrow('crash');
    crash.isDue = false;
    await world.run(10);
    const told = world.told.filter(({ type }) => type !== 'UpgradeAhead');
    expect(typesOf(told).filter((type) => type === 'NodeImageTransition').length).toBeGreaterThan(1);
    expect(new Set(typesOf(told))).toEqual(new Set(ofUpgrade));
    expect(new Set(idsOf(told)).size).toBe(3);
  });

  it('right behind a cluster’s first change loses none of it', async () => {
    const world = await topicWorld();
    const { dependencies, simulator } = world;
    await recordObservation(dependencies, { clusterId });
    simulator.personUpgrades(clusterId, 'apps');
    world.advance({ minutes: 30 });
    // The message of neither is ever handled.
    await recordObservation(dependencies, { clusterId });
    expect(world.told).toEqual([]);
    await runPass(dependencies);
    expect(typesOf(world.told)).toContain('NodeImageTransition');
  });
});

it('seed 153: where somebody else took a row away as the telling was to begin, it begins all the same', async () => {
  const memory = createMemoryTables();
  let conflicts = 1;
  const tables: Tables = {
    ...memory,
    write: async (table, ...of) =>
      table === 'Notifications' && conflicts-- > 0 ? 'conflict' : await memory.write(table, ...of),
  };
  await startNotificationCursor(tables, key, 4);
  expect(await readNotificationCursor(tables, key)).toMatchObject({ sequence: 4 });
  await startNotificationCursor(tables, key, 7);
  expect(await readNotificationCursor(tables, key)).toMatchObject({ sequence: 4 });
});

it('switched on later, it is told what happens from then on', async () => {
  const world = await topicWorld({ topic: undefined });
  await world.run(60);
  const { topic, told } = aTopic();
  const dependencies = { ...world.dependencies, topic };
  await runPass(dependencies);
  await followLedger(dependencies, { clusterId });
  expect(told).toEqual([]);
  world.simulator.inject({ kind: 'person', does: 'rollBack', cluster: 'shop', nodePool: 'apps' });
  world.advance({ minutes: 30 });
  await recordObservation(dependencies, { clusterId });
  await followLedger(dependencies, { clusterId });
  expect(told).toMatchObject([
    { type: 'NodeImageTransition', data: { cause: 'rollback', from: newImage, to: oldImage } },
  ]);
});

it('without a topic nothing is kept for one', async () => {
  const world = await topicWorld({ topic: undefined });
  await world.run(60);
  expect(await rowsOf(world)).toEqual([]);
});

it.each([
  [['NodeImageTransition'], ['NodeImageTransition']],
  [['AttemptFailed', 'AttemptStarted'], ['AttemptStarted']],
  [[], []],
])('the policy chooses: of %j it is told %j', async (types, expected) => {
  const world = await topicWorld({ policy: { mode: 'enforce', notifications: { types } } });
  await world.run(60);
  expect(typesOf(world.told)).toEqual(expected);
});

it('a change outside the window is told as such', async () => {
  const world = await topicWorld({ start: '2026-11-03T20:00:00Z' });
  await world.pass();
  world.simulator.personUpgrades(clusterId, 'apps');
  world.advance({ minutes: 30 });
  await world.run(10);
  const own = world.told.filter(({ type }) => type !== 'UpgradeAhead');
  expect(typesOf(own)).toEqual(['NodeImageTransition', 'ChangeOutsideWindow']);
  expect(own[1]).toMatchObject({ data: { inWindow: false, kind: 'transition' } });
});

it('a cluster that is gone leaves no row behind', async () => {
  const world = await topicWorld();
  await world.run(60);
  expect(await readNotificationCursor(world.dependencies.tables, key)).toBeDefined();
  world.simulator.inject({ kind: 'person', does: 'delete', cluster: 'shop' });
  await world.run(15);
  expect(await readNotificationCursor(world.dependencies.tables, key)).toBeUndefined();

  // Somebody is named when all is over.
  const [roll] = (await world.ledger(clusterId)).filter(isRoll);
  const source = { name: 'resourceEvents', id: '1' };
  await amend(world.dependencies, clusterId, roll?.sequence ?? 0, { source, actor: { kind: 'person', name: 'Ada' } });
  expect(await readNotificationCursor(world.dependencies.tables, key)).toBeDefined();
  await world.run(15);
  expect(await readNotificationCursor(world.dependencies.tables, key)).toBeUndefined();
});
