import { describe, expect, it } from 'vitest';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { clusterId, fleetOf, managedCluster, newImage, oldImage, subscription } from '../fleets.ts';

/** As Azure documents the event, but for names and times. */
const eventGridEvent = (type: string, time: string, fields: object = {}) => ({
  topic: clusterId.toLowerCase(),
  subject: 'shop',
  eventType: `Microsoft.ContainerService.${type}`,
  id: '9dbfbf45f0ae4cb6a7d6ea9a4b6bb8a1d9b1a3f2',
  data: { nodePoolName: 'apps' },
  dataVersion: '1.0',
  metadataVersion: '1',
  eventTime: time,
  ...fields,
});

const cloudEvent = (type: string, time: string) => ({
  source: clusterId,
  subject: 'shop',
  type: `Microsoft.ContainerService.${type}`,
  time,
  id: '9dbfbf45f0ae4cb6a7d6ea9a4b6bb8a1d9b1a3f2',
  data: { nodePoolName: 'apps' },
  specversion: '1.0',
});

/** A person's roll of two nodes from 08:00 to 08:10, seen only through the events that the test delivers. */
async function rolled(): Promise<TestWorld> {
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster()),
    start: '2026-11-03T07:59:00Z',
    subscriptions: [subscription],
  });
  await world.pass();
  world.advance({ minutes: 1 });
  world.simulator.personUpgrades(clusterId, 'apps');
  world.advance({ minutes: 11 });
  return world;
}

async function parked(world: TestWorld): Promise<string[]> {
  const reasons: string[] = [];
  for await (const row of world.dependencies.tables.query('Parked', '2026-11-03')) {
    reasons.push((row.value as { reason: string }).reason);
  }
  return reasons;
}

async function play(world: TestWorld, events: readonly unknown[]): Promise<void> {
  for (const event of events) await world.deliver(event);
  await world.drain();
}

const started = eventGridEvent('NodePoolRollingStarted', '2026-11-03T08:00:00.1234567Z');
const succeeded = eventGridEvent('NodePoolRollingSucceeded', '2026-11-03T08:10:00.1234567Z');

describe('events of a roll', () => {
  it.each([
    ['once, in order', [started, succeeded]],
    ['twice', [started, started, succeeded, succeeded]],
    ['the end before its start', [succeeded, started]],
    ['the end alone', [succeeded]],
    [
      'as CloudEvents',
      [
        cloudEvent('NodePoolRollingStarted', '2026-11-03T08:00:00.1234567Z'),
        cloudEvent('NodePoolRollingSucceeded', '2026-11-03T08:10:00.1234567Z'),
      ],
    ],
    ['with the id in upper case', [{ ...succeeded, topic: clusterId.toUpperCase() }]],
    ['with the pool in upper case', [{ ...succeeded, data: { nodePoolName: 'APPS' } }]],
    ['for a pool that is not there', [{ ...succeeded, data: { nodePoolName: 'ghost' } }]],
    [
      'only the three that say nothing about nodes',
      [
        eventGridEvent('NewKubernetesVersionAvailable', '2026-11-03T08:05:00Z', {
          data: { latestStableKubernetesVersion: '1.34.3' },
        }),
        eventGridEvent('ClusterSupportEnding', '2026-11-03T08:06:00Z', { data: { kubernetesVersion: '1.31' } }),
        eventGridEvent('ClusterSupportEnded', '2026-11-03T08:07:00Z', { data: { kubernetesVersion: '1.31' } }),
      ],
    ],
  ])('delivered %s: one transition, and nothing left over', async (_how, events) => {
    const world = await rolled();
    await play(world, events);
    const entries = await world.ledger(clusterId);
    expect(entries.map(({ kind }) => kind)).toEqual(['firstSeen', 'transition']);
    expect(await world.history()).toMatchObject([
      { from: oldImage, to: newImage, inWindow: false, outcome: 'succeeded' },
    ]);
    expect(world.messages().filter(({ queue }) => queue === 'observe-cluster')).toEqual([]);
    await play(world, events);
    expect(await world.ledger(clusterId)).toEqual(entries);
    expect(await parked(world)).toEqual([]);
  });

  it('dates the end by its event, not by the read', async () => {
    const world = await rolled();
    await play(world, [succeeded]);
    expect((await world.history())[0]).toMatchObject({ completedAt: '2026-11-03T08:10:00.123Z' });
  });
});

describe('events that cannot be used', () => {
  it.each([
    ['of another type', { ...succeeded, eventType: 'Microsoft.Storage.BlobCreated' }, 'not one of AKS'],
    [
      'of a subscription that is not ours',
      { ...succeeded, topic: clusterId.replace(subscription, '99999999-2222-4333-8444-555555555555') },
      'SUBSCRIPTION_IDS',
    ],
    ['without a pool', { ...succeeded, data: {} }, 'nodePoolName'],
    ['with a pool that is no text', { ...succeeded, data: { nodePoolName: 7 } }, 'nodePoolName'],
    ['of something that is no cluster', { ...succeeded, topic: '/subscriptions/x' }, 'ARM id'],
    ['without a source', { ...succeeded, topic: undefined }, "'topic'"],
    ['without a time', { ...succeeded, eventTime: undefined }, 'eventTime'],
    ['with a time that is none', { ...succeeded, eventTime: 'yesterday' }, 'time'],
    ['that are no event', 'hello', 'neither'],
    ['that are null', null, 'neither'],
    ['that are an empty object', {}, 'neither'],
  ])('%s are parked with the reason, and nothing is asked of ARM', async (_what, event, reason) => {
    const world = await rolled();
    const before = world.requests.length;
    await play(world, [event, event]);
    const reasons = await parked(world);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toContain(reason);
    expect(world.requests.length).toBe(before);
  });
});
