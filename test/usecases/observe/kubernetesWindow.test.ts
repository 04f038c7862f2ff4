// Upgrades of Kubernetes that AKS makes in aksManagedAutoUpgradeSchedule, a window that is not the keeper's.
import { describe, expect, it } from 'vitest';
import { writePool } from '../../../local/simulator/world/changeWorld.ts';
import { startRoll } from '../../../local/simulator/world/rolling.ts';
import { findCluster } from '../../../local/simulator/world/world.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { readFacts } from '../../../shared/stores/factsStore.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { blockDrain, clusterId, fleetOf, managedCluster, newImage, poolProfile, subscription } from '../fleets.ts';

const ours = 'aksManagedNodeOSUpgradeSchedule';
const other = 'aksManagedAutoUpgradeSchedule';

/** The window of node images is 12:00 to 16:00, that of Kubernetes 20:00 to 24:00. The keeper only looks. */
async function worldOf({ channel = 'stable', hasEvents = false, hasWindow = true, start = '2026-11-03T19:00:00Z' }) {
  const properties = { autoUpgradeProfile: { upgradeChannel: channel, nodeOSUpgradeChannel: 'None' } };
  const cluster = managedCluster([poolProfile('apps')], { properties });
  const [window] = cluster.maintenanceConfigurations ?? [];
  const maintenanceWindow = { ...(window?.properties.maintenanceWindow as object), startTime: '20:00' };
  const configurations = [
    ...(hasWindow ? [{ name: other, properties: { maintenanceWindow } }] : []),
    ...(window ? [window] : []),
  ];
  const world = await createTestWorld({
    fleet: {
      ...fleetOf({ ...cluster, maintenanceConfigurations: configurations }),
      aksAutoUpgrade: true,
      subscriptionEvents: hasEvents,
    },
    start,
    subscriptions: [subscription],
    policy: { mode: 'observe' },
    topic: 'taking',
  });
  await world.run(10);
  return world;
}

/** Never hurried, so that somebody looks while a pool rolls. */
async function run(world: TestWorld, minutes: number): Promise<void> {
  for (let done = 0; done < minutes; done += 20) await world.run(20);
}

const release = { kind: 'kubernetesRelease', version: '1.35.1' } as const;
const alarms = ({ told }: TestWorld) => told.filter(({ type }) => type === 'ChangeOutsideWindow');

function personUpgradesKubernetes({ simulator }: TestWorld): void {
  const world = simulator.world();
  const cluster = findCluster(world, clusterId);
  const pool = cluster?.pools[0];
  if (!cluster || !pool) throw new Error('There is no such pool.');
  startRoll(world, cluster, pool, newImage, 'Upgrading');
  writePool(world, cluster, pool, { orchestratorVersion: '1.35.1', currentOrchestratorVersion: '1.35.1' });
}

describe('an upgrade of Kubernetes by AKS in its own window', () => {
  it.each([
    ['AKS is named by its scheduled events', true],
    ['no event tells of it', false],
  ])('is inside, says in which window, and alarms nobody: %s', async (_how, hasEvents) => {
    const world = await worldOf({ hasEvents });
    world.simulator.inject(release);
    await run(world, 120);
    expect(await world.history()).toMatchObject([
      {
        cause: 'kubernetesUpgrade',
        inWindow: true,
        window: { name: other, opensAt: '2026-11-03T20:00:00Z', closesAt: '2026-11-04T00:00:00Z' },
        ...(hasEvents && { actor: { kind: 'aks', name: 'AKS' } }),
      },
    ]);
    expect(alarms(world)).toEqual([]);
  });

  it.each([true, false])(
    'that fails alarms nobody either, and AKS is named (scheduled events: %s)',
    async (hasEvents) => {
      const world = await worldOf({ hasEvents, start: '2026-11-03T23:45:00Z' });
      world.simulator.inject(release);
      // When it fails, the window has closed: AKS does not try again at once.
      world.simulator.inject({ ...blockDrain, seconds: 600 });
      await run(world, 80);
      const told = hasEvents
        ? { inWindow: true, window: { name: other } }
        : { inWindow: 'unknown', window: { name: ours }, kubernetesWindow: { name: other } };
      expect(await world.history()).toMatchObject([{ outcome: 'failed', actor: { name: 'AKS' }, ...told }]);
      expect(alarms(world)).toEqual([]);
    },
  );
});

describe('what is no such upgrade', () => {
  it('an upgrade of Kubernetes by hand outside of both windows is told of', async () => {
    const world = await worldOf({ start: '2026-11-03T08:00:00Z' });
    personUpgradesKubernetes(world);
    await run(world, 60);
    expect(await world.history()).toMatchObject([
      { cause: 'kubernetesUpgrade', inWindow: false, window: { name: other } },
    ]);
    expect(alarms(world)).toHaveLength(1);
  });

  it('one in the window of node images is inside that', async () => {
    const world = await worldOf({ start: '2026-11-03T12:30:00Z' });
    personUpgradesKubernetes(world);
    await run(world, 60);
    expect(await world.history()).toMatchObject([{ inWindow: true, window: { name: ours } }]);
  });

  it.each([
    ['AKS upgrades no Kubernetes on channel none', { channel: 'none' }],
    ['the cluster has no such window', { hasWindow: false }],
  ])('while %s, the window of node images alone counts', async (_why, options) => {
    const world = await worldOf({ ...options, start: '2026-11-03T20:30:00Z' });
    personUpgradesKubernetes(world);
    await run(world, 60);
    expect(await world.history()).toMatchObject([{ inWindow: false, window: { name: ours } }]);
    expect(alarms(world)).toHaveLength(1);
  });

  it('a node image upgrade by hand in the window of Kubernetes is outside', async () => {
    const world = await worldOf({ start: '2026-11-03T20:30:00Z', hasEvents: true });
    expect(world.simulator.personUpgrades(clusterId, 'apps')).toBe(true);
    await run(world, 60);
    expect(await world.history()).toMatchObject([{ cause: 'manual', inWindow: false, window: { name: ours } }]);
    expect(alarms(world)).toHaveLength(1);
  });

  it('and one that failed is outside too, as soon as somebody is named', async () => {
    const world = await worldOf({ start: '2026-11-03T20:30:00Z', hasEvents: true });
    world.simulator.inject({ ...blockDrain, seconds: 600 });
    expect(world.simulator.personUpgrades(clusterId, 'apps')).toBe(true);
    await run(world, 60);
    expect(await world.history()).toMatchObject([
      { outcome: 'failed', cause: 'manual', inWindow: false, window: { name: ours }, actor: { kind: 'person' } },
    ]);
    expect(alarms(world)).toHaveLength(1);
  });
});

it('both windows come by one list, and no window is asked for by itself', async () => {
  const world = await worldOf({});
  await world.run(10);
  const asked = world.requests.filter(({ url }) => url.includes('maintenanceConfigurations'));
  expect(asked.every(({ url }) => /\/maintenanceConfigurations\?/i.test(url))).toBe(true);
  const passes = world.requests.filter(({ url }) => /upgradeProfiles/i.test(url));
  expect(asked).toHaveLength(passes.length);
  const facts = await readFacts(world.dependencies.tables, clusterKey(clusterId));
  expect(facts?.window).toMatchObject({
    value: { maintenanceWindow: { startTime: '12:00' }, kubernetesWindow: { startTime: '20:00' } },
  });
});
