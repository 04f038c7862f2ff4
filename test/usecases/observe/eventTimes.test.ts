// Times of events come from outside: whatever they say, no event is lost to them, and none that comes after.
import { describe, expect, it } from 'vitest';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { readEvidence } from '../../../shared/stores/evidenceStore.ts';
import { lastHeard, readSources } from '../../../shared/stores/sourcesStore.ts';
import { readCoverage } from '../../../shared/usecases/history/readCoverage.ts';
import { ObserveMessage } from '../../../shared/usecases/messages.ts';
import { spoiledTables } from '../../spoiledTables.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { clusterId, fleetOf, managedCluster, newImage, oldImage, subscription } from '../fleets.ts';

const now = '2026-11-03T08:11:00Z';

/** An event of each source and schema. */
const events: readonly (readonly [what: string, source: string, of: (time: string) => object])[] = [
  [
    'of a roll',
    'clusterEvents',
    (eventTime) => ({ ...envelope, eventType: 'Microsoft.ContainerService.NodePoolRollingSucceeded', eventTime }),
  ],
  [
    'of a roll, as a CloudEvent',
    'clusterEvents',
    (time) => ({
      id: 'e-1',
      specversion: '1.0',
      source: clusterId,
      type: 'Microsoft.ContainerService.NodePoolRollingSucceeded',
      time,
      data: { nodePoolName: 'apps' },
    }),
  ],
  [
    'of an operation',
    'resourceEvents',
    (eventTime) => ({
      ...envelope,
      eventType: 'Microsoft.Resources.ResourceActionSuccess',
      eventTime,
      data: {
        operationName,
        claims: { name: 'Mallory', upn: 'mallory@contoso.com' },
        resourceUri: `${clusterId}/agentPools/apps`,
      },
    }),
  ],
  [
    'of maintenance',
    'scheduledEvents',
    (eventTime) => ({
      ...envelope,
      eventType: 'Microsoft.ResourceNotifications.ContainerServiceEventResources.ScheduledEventEmitted',
      eventTime,
      data: maintenance({}),
    }),
  ],
];
const envelope = {
  id: 'e-1',
  topic: clusterId,
  subject: clusterId,
  dataVersion: '1',
  metadataVersion: '1',
  data: { nodePoolName: 'apps' },
};
const operationName = 'Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action';
const maintenance = (fields: object) => ({
  resourceInfo: {
    properties: {
      eventId: 'm-1',
      eventSource: 'AutoUpgrader',
      eventDetails: 'node image',
      eventStatus: 'Completed',
      resources: [clusterId],
      ...fields,
    },
  },
});

/** Times that no event of ours can have, each of a kind of its own. */
const wrongTimes = [
  '+275760-09-13T00:00:00.000Z',
  '+275760-09-12T23:59:59.999Z',
  '9999-12-31T23:59:59.9999999Z',
  '2050-01-01T00:00:00Z',
  '2026-11-03T08:21:00.001Z',
  '2026-10-04T08:10:59.999Z',
  '2016-12-31T23:59:59Z',
  '2000-01-02T00:00:00Z',
];

async function rolled(tables = createMemoryTables()): Promise<TestWorld> {
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster()),
    start: '2026-11-03T07:59:00Z',
    subscriptions: [subscription],
    tables,
  });
  await world.pass();
  world.advance({ minutes: 1 });
  world.simulator.personUpgrades(clusterId, 'apps');
  world.advance({ minutes: 11 });
  expect(world.clock.now().toString()).toBe(now);
  return world;
}

const heardIn = async ({ dependencies: { tables, clock } }: TestWorld) => await lastHeard(tables, clock.now());
const never = { clusterEvents: 'never heard', resourceEvents: 'never heard', scheduledEvents: 'never heard' };

async function parkedIn(world: TestWorld): Promise<readonly string[]> {
  const reasons: string[] = [];
  for await (const { value } of world.dependencies.tables.query('Parked', now.slice(0, 10))) {
    reasons.push((value as { readonly reason: string }).reason);
  }
  return reasons;
}

describe.each(events)('an event %s', (_what, source, eventAt) => {
  it.each(wrongTimes)('of %s is a reason to look, dates nothing, and stops no event after it', async (time) => {
    const world = await rolled();
    await world.deliver(eventAt(time));
    await world.drain();
    expect(await parkedIn(world)).toEqual([expect.stringMatching(/^Its time is .* looked at all the same\.$/)]);
    expect(await heardIn(world)).toEqual(never);
    expect(await readEvidence(world.dependencies.tables, clusterKey(clusterId))).toEqual([]);
    expect(await world.history()).toMatchObject([{ from: oldImage, to: newImage, completedAt: now, cause: 'unknown' }]);

    for (const good of ['2026-11-03T08:10:00Z', '2026-11-03T08:11:00Z']) {
      await world.deliver(eventAt(good));
      expect(await heardIn(world)).toEqual({ ...never, [source]: good });
    }
    await world.drain();
    expect(await world.history()).toHaveLength(1);
  });

  it.each([
    '-271821-04-20T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '+999999-01-01T00:00:00Z',
    '1e400',
    '-1',
    '275761',
    '2026-02-30T00:00:00Z',
    '\u0000',
  ])('of %j is parked, and stops no event after it', async (time) => {
    const world = await rolled();
    await world.deliver(eventAt(time));
    await world.drain();
    expect(await parkedIn(world)).toHaveLength(1);
    expect(await heardIn(world)).toEqual(never);
    await world.deliver(eventAt('2026-11-03T08:10:00Z'));
    expect(await heardIn(world)).toEqual({ ...never, [source]: '2026-11-03T08:10:00Z' });
  });

  it.each(['2026-10-04T08:11:00Z', '2026-11-03T08:21:00Z'])('of %s is believed', async (time) => {
    const world = await rolled();
    await world.deliver(eventAt(time));
    await world.drain();
    expect(await parkedIn(world)).toEqual([]);
    expect(await heardIn(world)).toEqual({ ...never, [source]: time });
    expect(await world.history()).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['the last time there is', { lastEventAt: '+275760-09-13T00:00:00Z', notUnderstood: 3 }],
    ['a time that has not come', { lastEventAt: '2050-01-01T00:00:00Z', notUnderstood: 3 }],
    ['the first time there is', { lastEventAt: '-271821-04-20T00:00:00Z', notUnderstood: 3 }],
    ['a time that is none', { lastEventAt: 'yesterday', notUnderstood: 3 }],
    ['a number', { lastEventAt: 8_640_000_000_000_000, notUnderstood: 3 }],
    ['nothing', null],
    ['text', 'heard'],
    ['a list', [1]],
    ['another shape', { at: now, notUnderstood: 'many' }],
  ])('is heard where %s was stored', async (_stored, value) => {
    const tables = createMemoryTables();
    const world = await rolled(tables);
    await tables.write('Evidence', 'sources', [{ kind: 'upsert', rowKey: source, value }]);
    expect(await heardIn(world)).toEqual(never);
    expect((await readCoverage(world.dependencies)).sources).toEqual(never);
    await world.deliver(eventAt('2026-11-03T08:10:00Z'));
    expect(await heardIn(world)).toEqual({ ...never, [source]: '2026-11-03T08:10:00Z' });
  });

  it('is heard where a row that holds no JSON was stored', async () => {
    const { tables, put } = spoiledTables();
    const world = await rolled(tables);
    await put('Evidence', 'sources', source, undefined);
    expect(await heardIn(world)).toEqual(never);
    await world.deliver(eventAt('2026-11-03T08:10:00Z'));
    expect(await heardIn(world)).toEqual({ ...never, [source]: '2026-11-03T08:10:00Z' });
  });
});

describe('what a source was last heard at', () => {
  it('stays known for longer than an event is believed', async () => {
    const world = await rolled();
    await world.deliver(events[0]?.[2]('2026-11-03T08:10:00Z'));
    world.advance({ hours: 24 * 40 });
    expect(await heardIn(world)).toEqual({ ...never, clusterEvents: '2026-11-03T08:10:00Z' });
  });

  it('counts what it could not believe', async () => {
    const world = await rolled();
    for (const time of wrongTimes) await world.deliver(events[0]?.[2](time));
    const { tables, clock } = world.dependencies;
    expect((await readSources(tables, clock.now())).clusterEvents).toEqual({ notUnderstood: wrongTimes.length });
  });
});

describe('a start of maintenance', () => {
  const told = (startTime: string) => ({
    ...envelope,
    eventType: 'Microsoft.ResourceNotifications.ContainerServiceEventResources.ScheduledEventEmitted',
    eventTime: '2026-11-03T08:10:59Z',
    data: maintenance({ startTime }),
  });

  it.each([...wrongTimes, '0001-01-01T00:00:00.0000000Z', 'soon'])('at %s is not believed', async (time) => {
    const world = await rolled();
    await world.deliver(told(time));
    await world.drain();
    const [evidence, ...more] = await readEvidence(world.dependencies.tables, clusterKey(clusterId));
    expect([evidence, more]).toMatchObject([{ kind: 'scheduled', at: '2026-11-03T08:10:59Z' }, []]);
    expect(evidence).not.toHaveProperty('startedAt');
    expect(await world.history()).toHaveLength(1);
  });

  it('at a time that can be is', async () => {
    const world = await rolled();
    await world.deliver(told('2026-11-03T08:00:00Z'));
    expect(await readEvidence(world.dependencies.tables, clusterKey(clusterId))).toMatchObject([
      { startedAt: '2026-11-03T08:00:00Z' },
    ]);
  });
});

it.each(['+275760-09-13T00:00:00Z', 'never', ''])(
  'a message that dates by %j still makes the cluster be looked at',
  (at) => {
    const message = { clusterId, hint: { kind: 'rollSucceeded', nodePool: 'apps', at } };
    expect(ObserveMessage.parse(message)).toEqual({ clusterId });
  },
);
