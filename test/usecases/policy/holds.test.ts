import { expect, it } from 'vitest';
import { holds } from '../../../shared/stores/standingStore.ts';
import { planAt } from '../../../shared/usecases/plan/planAt.ts';
import { runPass } from '../../../shared/usecases/plan/runPass.ts';
import { setHold } from '../../../shared/usecases/policy/setHold.ts';
import { startAttempt } from '../../../shared/usecases/start/startAttempt.ts';
import { at } from '../../builders.ts';
import { createTestWorld } from '../../world.ts';
import { clusterId, fleetOf, managedCluster, poolProfile, subscription } from '../fleets.ts';

const hold = { scope: 'cluster', cluster: 'shop', owner: 'the shop', reason: 'sales week' };

async function aWorldThatKnowsItsPools(options: { policy?: unknown } = {}) {
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster()),
    start: '2026-11-03T11:00:00Z',
    subscriptions: [subscription],
    ...options,
  });
  await world.pass();
  return world;
}

it('a hold that is set after the pass has queued the start still counts', async () => {
  const world = await aWorldThatKnowsItsPools();
  world.advance({ hours: 2 });
  const { start } = await runPass(world.dependencies);
  expect(start).toMatchObject([{ clusterId, nodePool: 'apps' }]);

  const set = await setHold(world.dependencies, hold, 'ada');
  if (!set.ok || !start[0]) throw new Error('There is no hold, or no start.');
  expect(await startAttempt(world.dependencies, start[0])).toMatchObject({
    kind: 'notStarted',
    decision: { reason: 'held', sentence: expect.stringContaining('sales week') },
  });
  expect(world.posts()).toEqual([]);

  await world.pass();
  expect(world.posts()).toEqual([]);
  await holds.end(world.dependencies.tables, set.hold.id, { at: world.clock.now(), by: 'ada' });
  await world.pass();
  expect(world.posts()).toHaveLength(1);
});

it('a freeze of the policy holds through its last day, and the plan of a later moment knows', async () => {
  const policy = {
    mode: 'enforce',
    freezes: [{ from: '2026-11-03', until: '2026-11-04', timeZone: 'Europe/Berlin', reason: 'Inventory' }],
  };
  const world = await aWorldThatKnowsItsPools({ policy });
  await world.run(60 * 5);
  expect(world.posts()).toEqual([]);
  const reasonAt = async (time: string) => (await planAt(world.dependencies, {}, at(time)))[0]?.reason;
  expect(await reasonAt('2026-11-04T13:00:00Z')).toBe('held');
  expect(await reasonAt('2026-11-05T13:00:00Z')).toBe('start');
});

it('seed 71: a hold that the failure limit set and somebody lifted is not set again for the same failure', async () => {
  const policy = { mode: 'enforce', failureLimit: { pools: 1, hold: 'release' } };
  const world = await aWorldThatKnowsItsPools({ policy });
  const { tables } = world.dependencies;
  world.simulator.inject({
    kind: 'drainBlocked',
    cluster: 'shop',
    nodePool: 'apps',
    podDisruptionBudget: 'shop/checkout',
  });
  await world.run(60 * 4);
  const [set, ...others] = (await holds.readAll(tables)).standing;
  expect([set, others]).toMatchObject([{ scope: 'release', failures: [expect.any(String)] }, []]);

  await holds.end(tables, set?.id ?? '', { at: world.clock.now(), by: 'ada' });
  await world.run(60 * 24);
  expect((await holds.readAll(tables)).standing).toEqual([]);
  expect(world.posts()).toHaveLength(2);
});

it('seed 71: a hold that failures in a ring made lets the release go to no later ring', async () => {
  const policy = {
    mode: 'enforce',
    rings: [
      { name: 'canary', selectors: [{ cluster: 'canary?' }], ringSoakHours: 1 },
      { name: 'broad', selectors: [{ cluster: 'broad' }] },
    ],
    failureLimit: { pools: 1, hold: 'ring' },
  };
  const pools = [poolProfile('apps')];
  const world = await createTestWorld({
    fleet: fleetOf(...['canary1', 'canary2', 'broad'].map((name) => managedCluster(pools, { name }))),
    start: '2026-11-03T11:00:00Z',
    subscriptions: [subscription],
    policy,
  });
  world.simulator.inject({ kind: 'drainBlocked', cluster: 'canary2', nodePool: 'apps', podDisruptionBudget: 'a/b' });
  await world.run(60 * 5);
  expect((await holds.readAll(world.dependencies.tables)).standing).toMatchObject([{ scope: 'ring', ring: 'canary' }]);
  expect(world.posts().map(({ url }) => /managedClusters\/(\w+)/.exec(url)?.[1])).toEqual(['canary1', 'canary2']);

  // A hold that somebody sets on the very pool is another thing: then the rings after it go on without it.
  await setHold(
    world.dependencies,
    { scope: 'cluster', cluster: 'canary2', owner: 'ada', reason: 'it is repaired later' },
    'ada',
  );
  await world.run(60 * 24);
  expect(world.posts()).toHaveLength(3);
});
