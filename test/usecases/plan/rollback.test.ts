// A person rolls a pool back over a Kubernetes version and an image family at once, and the whole app leaves it so.
import { expect, it } from 'vitest';
import { startRoll } from '../../../local/simulator/world/rolling.ts';
import { findCluster, findPool } from '../../../local/simulator/world/world.ts';
import { listNodePools } from '../../../shared/usecases/ask/listNodePools.ts';
import { planAt } from '../../../shared/usecases/plan/planAt.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { clusterIdOf, fleetOf, managedCluster, newImage, oldImage, poolProfile, subscription } from '../fleets.ts';

const nextFamily = (image: string) => image.replace('2204', '2404');
const newest = 'AKSUbuntu-2204gen2containerd-202611.02.0';
const morning = '2026-11-02T08:00:00Z';

/** A person upgrades Kubernetes, which brings the newest image of another family. */
function upgradeKubernetes({ simulator }: TestWorld, name: string) {
  const world = simulator.world();
  const cluster = findCluster(world, clusterIdOf(name));
  const pool = cluster && findPool(cluster, 'apps');
  if (!cluster || !pool) throw new Error(`There is no pool apps in ${name}.`);
  startRoll(world, cluster, pool, nextFamily(newImage), 'Upgrading', '1.35.0');
}

const rollBack = ({ simulator }: TestWorld, cluster: string) =>
  simulator.inject({ kind: 'person', does: 'rollBack', cluster, nodePool: 'apps' });

it('is not undone the next noon, and waits for a newer release', async () => {
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster()),
    start: morning,
    subscriptions: [subscription],
  });
  await world.pass();
  upgradeKubernetes(world, 'shop');
  await world.run(60);
  rollBack(world, 'shop');
  await world.run(60);
  expect((await world.history()).map(({ from, to, cause }) => [from, to, cause])).toEqual([
    [nextFamily(newImage), oldImage, 'rollback'],
    [oldImage, nextFamily(newImage), 'kubernetesUpgrade'],
  ]);

  // Noon comes, and ARM offers the release that was left, of the family of before.
  await world.run(60 * 7);
  expect(world.posts()).toEqual([]);
  const decision = (await listNodePools(world.dependencies, {}))[0]?.decision;
  expect(decision).toMatchObject({ verdict: 'wait', reason: 'rolledBack', latest: newImage });
  expect(decision?.sentence).toContain(`rolled back from ${nextFamily(newImage)}`);
  expect(decision?.sentence).toContain('waits for a release newer than 202610.26.0 of 2026-10-26');

  world.simulator.release(newest);
  await world.run(60 * 20);
  expect(world.posts()).toHaveLength(1);
  expect((await world.history())[0]).toMatchObject({ from: oldImage, to: newest, cause: 'keeper' });
});

it('is told by what ARM says that the pool ran, where the keeper came later', async () => {
  const image = 'AKSAzureLinux-V3gen2-202610.26.0';
  const fleet = fleetOf(managedCluster([poolProfile('apps', { nodeImageVersion: image })]));
  const world = await createTestWorld({ fleet, start: morning, subscriptions: [subscription] });
  const simulated = world.simulator.world();
  const cluster = findCluster(simulated, clusterIdOf('shop'));
  const pool = cluster && findPool(cluster, 'apps');
  if (!cluster || !pool) throw new Error('There is no pool apps in shop.');
  const before = { nodeImageVersion: oldImage, orchestratorVersion: '1.34.2' };
  pool.recentlyUsed = { ...before, timestamp: '2026-11-01T08:00:00Z' };
  await world.run(10);
  startRoll(simulated, cluster, pool, oldImage, 'Updating');
  await world.run(60);
  expect(await world.history()).toMatchObject([{ from: image, to: oldImage, cause: 'rollback', direction: 'back' }]);
});

it('counts against the release in its ring, though it soaked there and the pool is of another family now', async () => {
  const fleet = fleetOf(
    managedCluster([poolProfile('apps')], { name: 'dev' }),
    managedCluster([poolProfile('apps', { nodeImageVersion: nextFamily(oldImage) })], { name: 'prod' }),
  );
  const world = await createTestWorld({
    fleet: { ...fleet, releases: [{ nodeImageVersion: nextFamily(newImage), availableAt: '2026-10-27T00:00:00Z' }] },
    start: morning,
    subscriptions: [subscription],
    policy: {
      mode: 'enforce',
      rings: [
        { name: 'dev', selectors: [{ cluster: 'dev' }], ringSoakHours: 20 },
        { name: 'prod', selectors: [{ cluster: 'prod' }] },
      ],
    },
  });
  await world.pass();
  upgradeKubernetes(world, 'dev');
  await world.run(60 * 25);
  const decisionOf = async () =>
    (await planAt(world.dependencies, { cluster: clusterIdOf('prod') }, world.clock.now()))[0];
  expect((await decisionOf())?.also.map(({ reason }) => reason)).not.toContain('ringWaiting');
  rollBack(world, 'dev');
  await world.run(60 * 6);
  expect(await decisionOf()).toMatchObject({ reason: 'ringWaiting', latest: nextFamily(newImage) });
  expect((await decisionOf())?.sentence).toContain('dev/apps');
  expect(world.posts()).toEqual([]);
});
