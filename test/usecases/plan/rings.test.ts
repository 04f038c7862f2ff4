// A release on its way through rings, with the real planner, starter and ledger over the simulated ARM.
import { expect, it } from 'vitest';
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { writePolicy } from '../../../shared/stores/policyStore.ts';
import { holds } from '../../../shared/stores/standingStore.ts';
import { noteNews, readRings } from '../../../shared/stores/starts/ringsStore.ts';
import { insertAttempt } from '../../../shared/stores/starts/startsStore.ts';
import type { StartMessage } from '../../../shared/usecases/messages.ts';
import { recordObservation } from '../../../shared/usecases/observe/recordObservation.ts';
import { planAt } from '../../../shared/usecases/plan/planAt.ts';
import { runPass } from '../../../shared/usecases/plan/runPass.ts';
import { startAttempt } from '../../../shared/usecases/start/startAttempt.ts';
import { anAttempt } from '../../builders.ts';
import { createTestWorld } from '../../world.ts';
import { clusterIdOf, fleetOf, managedCluster, newImage, oldImage, poolProfile, subscription } from '../fleets.ts';

const newer = 'AKSUbuntu-2204gen2containerd-202611.02.0';
const rings = [
  { name: 'dev', selectors: [{ cluster: 'dev*' }], ringSoakHours: 20 },
  { name: 'prod', selectors: [{ cluster: 'prod*' }] },
];
const policy = { mode: 'enforce', rings };
const devAndProd = fleetOf(
  managedCluster([poolProfile('apps')], { name: 'dev' }),
  managedCluster([poolProfile('apps')], { name: 'prod' }),
);

async function aWorld(fleet: Fleet, options: Partial<Parameters<typeof createTestWorld>[0]> = {}) {
  const world = await createTestWorld({
    fleet,
    start: '2026-11-03T11:30:00Z',
    subscriptions: [subscription],
    policy,
    ...options,
  });
  await world.pass();
  const images = async () =>
    (await world.history()).map(
      ({ cluster, from, to }) => `${cluster.slice(cluster.lastIndexOf('/') + 1)}: ${from} to ${to}`,
    );
  const reasonOf = async (name: string) =>
    (await planAt(world.dependencies, { cluster: clusterIdOf(name) }, world.clock.now()))[0]?.reason;
  return { ...world, images, reasonOf };
}

async function remove(tables: Tables, rowKey: string): Promise<void> {
  const etag = (await tables.get('Starts', 'rings', rowKey))?.etag ?? '';
  await tables.write('Starts', 'rings', [{ kind: 'delete', rowKey, etag }]);
}

it('goes to dev in its window, and to prod a day later in its own', async () => {
  const world = await aWorld(devAndProd);
  await world.run(60 * 4);
  expect(await world.images()).toEqual([`dev: ${oldImage} to ${newImage}`]);
  expect(await world.reasonOf('prod')).toBe('ringWaiting');
  await world.run(60 * 24);
  expect((await world.images()).toSorted()).toEqual([
    `dev: ${oldImage} to ${newImage}`,
    `prod: ${oldImage} to ${newImage}`,
  ]);
});

it('does not go to prod what dev has not run: a newer one was released while it soaked', async () => {
  const world = await aWorld(devAndProd);
  await world.run(60 * 4);
  world.simulator.release(newer);
  await world.run(60 * 24);
  expect((await world.images()).toSorted()).toEqual([
    `dev: ${oldImage} to ${newImage}`,
    `dev: ${newImage} to ${newer}`,
  ]);
  await world.run(60 * 24);
  expect((await world.images()).at(0)).toEqual(`prod: ${oldImage} to ${newer}`);
});

it('says drifted when the newest moved between the check and the request, and lets the next ring wait', async () => {
  let drifts = false;
  const world = await aWorld(devAndProd, {
    intercept: ({ method }, answer) => {
      if (method === 'POST' && drifts) world.simulator.release(newer);
      return answer();
    },
  });
  await world.run(60 * 4);
  drifts = true;
  await world.run(60 * 24);
  expect((await world.history()).filter((row) => row.drifted)).toMatchObject([
    { cluster: clusterIdOf('prod'), from: oldImage, to: newer, outcome: 'succeeded' },
  ]);
});

it('is stopped when the ring before rolls back, right before the request', async () => {
  const world = await aWorld(devAndProd);
  await world.run(60 * 4);
  world.advance({ hours: 23 });
  const { start } = await runPass(world.dependencies);
  expect(start).toMatchObject([{ clusterId: clusterIdOf('prod') }]);
  world.simulator.inject({ kind: 'person', does: 'rollBack', cluster: clusterIdOf('dev'), nodePool: 'apps' });
  for (const event of world.advance({ minutes: 15 })) await world.deliver(event);
  await world.drain();
  if (!start[0]) throw new Error('Nothing starts.');
  const message = { ...start[0], expiresAt: world.clock.now().add({ minutes: 1 }).toString() };
  expect(await startAttempt(world.dependencies, message)).toMatchObject({
    kind: 'notStarted',
    decision: { reason: 'ringWaiting', sentence: expect.stringContaining('There is news of ') as unknown },
  });
  await world.pass();
  const [decision] = await planAt(world.dependencies, { cluster: clusterIdOf('prod') }, world.clock.now());
  expect(decision?.sentence).toContain('is not healthy in ring dev');
});

/** A start of prod's pool that a pass has just given its slot; dev has run the release long enough. */
async function aboutToStart() {
  const world = await aWorld(devAndProd);
  await world.run(60 * 4);
  world.advance({ hours: 23 });
  const { start } = await runPass(world.dependencies);
  if (!start[0]) throw new Error('Nothing starts.');
  const { tables } = world.dependencies;
  const now = world.clock.now();
  return { ...world, tables, now, startNow: (own = world.dependencies) => startAttempt(own, start[0] as StartMessage) };
}

it.each<[string, RegExp, (world: Awaited<ReturnType<typeof aboutToStart>>) => Promise<unknown>]>([
  ['nobody counted them', /not counted yet/, ({ tables }) => remove(tables, 'count')],
  [
    'there is news of a ring before',
    /There is news of .*dev, of 2026/,
    ({ tables, now }) => noteNews(tables, { cluster: clusterIdOf('dev'), sequence: 99, at: now, rings: ['dev'] }),
  ],
  [
    'there is news of nobody knows which ring',
    /There is news of/,
    ({ tables, now }) => noteNews(tables, { cluster: clusterIdOf('other'), sequence: 99, at: now }),
  ],
  [
    'news can’t be read',
    /There is news of/,
    ({ tables }) => tables.write('Starts', 'rings', [{ kind: 'upsert', rowKey: 'news|x', value: 7 }]),
  ],
  [
    'the policy was changed',
    /The policy was changed since/,
    ({ tables }) => writePolicy(tables, { ...policy, overrun: 'block' }),
  ],
])('is not started where %s since the pass', async (_what, why, happen) => {
  const world = await aboutToStart();
  await happen(world);
  const sentence = expect.stringMatching(why);
  expect(await world.startNow()).toMatchObject({ kind: 'notStarted', decision: { reason: 'ringWaiting', sentence } });
  expect(world.posts()).toHaveLength(1);
});

it('is started where the news is of its own ring, or a later one', async () => {
  const world = await aboutToStart();
  await noteNews(world.tables, { cluster: clusterIdOf('other'), sequence: 99, at: world.now, rings: ['prod'] });
  expect(await world.startNow()).toMatchObject({ kind: 'sent' });
});

it('is not sent where news comes between its decision and its intent', async () => {
  const world = await aboutToStart();
  const { tables } = world;
  const write: typeof tables.write = async (table, partition, changes) => {
    const isIntent =
      table === 'Starts' && changes.some(({ kind, rowKey }) => kind === 'insert' && rowKey.startsWith('cluster|'));
    if (isIntent) await noteNews(tables, { cluster: clusterIdOf('dev'), sequence: 99, at: world.now, rings: ['dev'] });
    return tables.write(table, partition, changes);
  };
  expect(await world.startNow({ ...world.dependencies, tables: { ...tables, write } })).toMatchObject({
    kind: 'notStarted',
  });
  expect(world.posts()).toHaveLength(1);
});

it('news is noted before it is in the ledger, and a pass takes it away once it has counted it', async () => {
  const world = await aWorld(devAndProd);
  await world.run(60 * 4);
  const { tables } = world.dependencies;
  const order: string[] = [];
  const write: typeof tables.write = async (table, partition, changes) => {
    if (table === 'Ledger') order.push('append');
    if (partition === 'rings') order.push(...changes.map(({ rowKey }) => rowKey.split('|')[0] ?? ''));
    return tables.write(table, partition, changes);
  };
  world.simulator.inject({ kind: 'person', does: 'rollBack', cluster: clusterIdOf('dev'), nodePool: 'apps' });
  world.advance({ minutes: 60 });
  await recordObservation({ ...world.dependencies, tables: { ...tables, write } }, { clusterId: clusterIdOf('dev') });
  expect(order).toEqual(['news', 'append']);
  const newsOf = async () => (await readRings(tables, world.clock.now())).news.map(({ news }) => news);
  expect(await newsOf()).toMatchObject([{ cluster: clusterIdOf('dev'), rings: ['dev'] }]);
  await world.pass();
  expect(await newsOf()).toEqual([]);
});

it('a start costs the same table requests whatever the size of the fleet', async () => {
  const costOf = async (size: number) => {
    const many = Array.from({ length: size }, (_, index) =>
      managedCluster([poolProfile('apps')], { name: `dev${index}` }),
    );
    const memory = createMemoryTables();
    let calls = 0;
    const counted =
      <Args extends readonly unknown[], T>(call: (...args: Args) => T) =>
      (...args: Args) => {
        calls += 1;
        return call(...args);
      };
    const tables = { get: counted(memory.get), query: counted(memory.query), write: counted(memory.write) };
    const failureLimit = { pools: 2, hold: 'ring' };
    const world = await aWorld(fleetOf(...many), { tables, policy: { ...policy, failureLimit } });
    world.advance({ minutes: 32 });
    const { start } = await runPass(world.dependencies);
    calls = 0;
    expect(await startAttempt(world.dependencies, start[0] as StartMessage)).toMatchObject({ kind: 'sent' });
    return calls;
  };
  expect(await costOf(50)).toBe(await costOf(2));
});

it('is held by the failure limit, once for the same failures, until somebody lifts it', async () => {
  const clusters = ['dev1', 'dev2', 'dev3'].map((name) => managedCluster([poolProfile('apps')], { name }));
  const failureLimit = { pools: 2, hold: 'ring' };
  const world = await aWorld(fleetOf(...clusters), {
    policy: { ...policy, failureLimit, rings: [{ ...rings[0], concurrency: 1 }, rings[1]] },
  });
  for (const name of ['dev1', 'dev2', 'dev3']) {
    const pool = { cluster: clusterIdOf(name), nodePool: 'apps' };
    world.simulator.inject({ kind: 'drainBlocked', ...pool, podDisruptionBudget: 'shop/checkout', seconds: 60 });
  }
  await world.run(60 * 4);
  expect(world.posts()).toHaveLength(2);
  const [hold, ...more] = (await holds.readAll(world.dependencies.tables)).standing;
  expect([hold, more]).toMatchObject([{ scope: 'ring', ring: 'dev', owner: 'aks-node-image-keeper' }, []]);
  await world.run(60 * 24);
  expect(world.posts()).toHaveLength(2);
  expect(await world.reasonOf('dev3')).toBe('held');

  await holds.end(world.dependencies.tables, hold?.id ?? '', { at: world.clock.now(), by: 'ada' });
  await world.run(60 * 24);
  expect((await holds.readAll(world.dependencies.tables)).standing).toEqual([]);
  expect((await world.history()).filter(({ outcome }) => outcome === 'succeeded')).toHaveLength(2);
});

it('lets no more attempts into a ring than it takes, whoever counts at the same time', async () => {
  const tables = createMemoryTables();
  const limit = { ring: 'prod', concurrency: 2, isInRing: () => true };
  const claims = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((name) =>
      insertAttempt(tables, anAttempt({ id: name, cluster: clusterIdOf(name) }), limit),
    ),
  );
  expect(claims.toSorted()).toEqual(['atLimit', 'atLimit', 'atLimit', 'inserted', 'inserted']);
});
