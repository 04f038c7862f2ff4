// A release on its way through rings, with the real planner, starter and ledger over the simulated ARM.
import { expect, it } from 'vitest';
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { holds } from '../../../shared/stores/standingStore.ts';
import { insertAttempt } from '../../../shared/stores/startsStore.ts';
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
    decision: { reason: 'ringWaiting', sentence: expect.stringContaining('is not healthy in ring dev') as unknown },
  });
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
