// Who is named for rolls that failed, by events and by the Activity Log: the whole app, with a person and AKS at work.
import { describe, expect, it } from 'vitest';
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { blockDrain, clusterId, fleetOf, managedCluster, newImage, subscription } from '../fleets.ts';

const ada = { kind: 'person', name: 'Ada Lovelace (ada@contoso.com)' };
const channel = { properties: { autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage' } } };

async function worldOf(fleet: Partial<Fleet>, start: string): Promise<TestWorld> {
  const world = await createTestWorld({
    fleet: { ...fleetOf(managedCluster()), ...fleet },
    start,
    subscriptions: [subscription],
  });
  await world.pass();
  world.simulator.inject({ ...blockDrain, seconds: 900 });
  return world;
}

describe('a person’s roll that failed', () => {
  it('names the person when its ResourceActionFailure comes, before the Activity Log has it', async () => {
    const world = await worldOf({ subscriptionEvents: true }, '2026-11-03T08:00:00Z');
    world.simulator.personUpgrades(clusterId, 'apps');
    await world.run(16);
    expect(await world.history()).toMatchObject([
      { outcome: 'failed', cause: 'manual', actor: ada, evidence: 'reported' },
    ]);
  });

  it.each([true, false])('names the person by the Activity Log (events: %s)', async (subscriptionEvents) => {
    const world = await worldOf({ subscriptionEvents }, '2026-11-03T08:00:00Z');
    world.simulator.personUpgrades(clusterId, 'apps');
    await world.run(60);
    expect(await world.history()).toMatchObject([
      { outcome: 'failed', cause: 'manual', actor: ada, evidence: 'confirmed' },
    ]);
  });
});

describe('AKS’s own roll that failed', () => {
  it.each([true, false])(
    'names AKS, though a person’s request was refused meanwhile (events: %s)',
    async (hasEvents) => {
      const fleet = {
        clusters: [managedCluster(undefined, channel)],
        aksAutoUpgrade: true,
        subscriptionEvents: hasEvents,
        releases: [{ nodeImageVersion: newImage, availableAt: '2026-11-03T15:54:00Z' }],
      };
      // It fails when the window has closed, so that AKS does not try again at once.
      const world = await worldOf(fleet, '2026-11-03T15:50:00Z');
      await world.run(14);
      expect(world.simulator.personUpgrades(clusterId, 'apps')).toBe(false);
      await world.run(90);
      expect(await world.history()).toMatchObject([
        { outcome: 'failed', cause: 'aksAutoUpgrade', actor: { kind: 'aks', name: 'AKS' } },
      ]);
    },
  );
});
