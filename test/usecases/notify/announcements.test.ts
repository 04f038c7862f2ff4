// What holds for a while, as the planning pass notifies of it: once each, and at what cost.
import { describe, expect, it } from 'vitest';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import type { Notification, NotificationData } from '../../../shared/domain/notification/notification.ts';
import type { NotificationType } from '../../../shared/domain/policy/notificationTypes.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { fleetPartition } from '../../../shared/stores/notificationsStore.ts';
import { runPass } from '../../../shared/usecases/plan/runPass.ts';
import { approveRelease } from '../../../shared/usecases/policy/approveRelease.ts';
import { checkWeekly } from '../../../shared/usecases/report/checkWeekly.ts';
import type { TestWorld } from '../../world.ts';
import { fleetOf, managedCluster, newImage, oldImage, poolProfile, subscription } from '../fleets.ts';
import { topicWorld } from './topicWorld.ts';

const dataOf = <Type extends NotificationType>(
  told: readonly Notification[],
  type: Type,
): readonly NotificationData<Type>[] =>
  told.filter((one) => one.type === type).map(({ data }) => data as NotificationData<Type>);

/** A pass every so many minutes. */
async function passes(world: TestWorld, hours: number, everyMinutes = 30): Promise<void> {
  for (let minute = 0; minute < hours * 60; minute += everyMinutes) {
    world.advance({ minutes: everyMinutes });
    await world.pass();
  }
}

const frozen = {
  mode: 'enforce',
  freezes: [{ from: '2026-11-03', until: '2026-11-05', timeZone: 'UTC', reason: 'a sale' }],
};

describe('a missed window', () => {
  it('is told once, half an hour after its end, with the reason', async () => {
    const world = await topicWorld({ policy: frozen });
    await world.pass();
    await passes(world, 4.5);
    expect(dataOf(world.told, 'WindowMissed')).toEqual([]);
    await passes(world, 3);
    expect(dataOf(world.told, 'WindowMissed')).toMatchObject([
      {
        window: { opensAt: '2026-11-03T12:00:00Z', closesAt: '2026-11-03T16:00:00Z' },
        reason: 'held',
        sentence: expect.stringContaining('a sale'),
        current: oldImage,
        latest: newImage,
      },
    ]);
    await passes(world, 24);
    expect(dataOf(world.told, 'WindowMissed').map(({ window }) => window.opensAt.slice(0, 10))).toEqual([
      '2026-11-03',
      '2026-11-04',
    ]);
  });

  it('is no news a week later, when the topic is there again', async () => {
    const world = await topicWorld({ policy: { mode: 'observe' } });
    await world.pass();
    await passes(world, 6);
    const before = dataOf(world.told, 'WindowMissed').length;
    world.advance({ hours: 40 * 24 });
    await world.pass();
    const missed = dataOf(world.told, 'WindowMissed').slice(before);
    expect(missed.map(({ window }) => window.opensAt.slice(5, 10)).sort()).toEqual([
      '12-07',
      '12-08',
      '12-09',
      '12-10',
      '12-11',
      '12-12',
      '12-13',
    ]);
  });

  it('is none where the pool was upgraded, or had nothing to come', async () => {
    const world = await topicWorld();
    await world.run(60);
    await passes(world, 48);
    expect(dataOf(world.told, 'WindowMissed')).toEqual([]);
  });

  it('is none of a window that came to be when it would have closed', async () => {
    let startTime = '12:00';
    const world = await topicWorld({
      policy: frozen,
      start: '2026-11-03T18:00:00Z',
      intercept: (_request, answer) => {
        const answered = answer();
        return { ...answered, body: answered.body.replace('"startTime":"12:00"', `"startTime":"${startTime}"`) };
      },
    });
    await passes(world, 1);
    startTime = '14:00';
    await passes(world, 2);
    expect(dataOf(world.told, 'WindowMissed')).toEqual([]);
    await passes(world, 24);
    expect(dataOf(world.told, 'WindowMissed')).toMatchObject([{ window: { opensAt: '2026-11-04T14:00:00Z' } }]);
  });
});

describe('a pool that is behind', () => {
  const stale = { ...frozen, stale: { days: 1 } };

  it('is told when it goes stale, once for its image', async () => {
    const world = await topicWorld({ policy: stale });
    await passes(world, 40);
    expect(dataOf(world.told, 'PoolStale')).toEqual([]);
    await passes(world, 24);
    expect(dataOf(world.told, 'PoolStale')).toMatchObject([
      { status: 'stale', current: oldImage, latest: newImage, behindSince: '2026-11-03T12:20:00Z', staleDays: 2 },
    ]);
  });

  it('is told when AKS no longer supports its image', async () => {
    const pool = poolProfile('apps', { nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202606.01.0' });
    const world = await topicWorld({ fleet: fleetOf(managedCluster([pool])), policy: frozen });
    await passes(world, 1);
    expect(dataOf(world.told, 'PoolStale')).toMatchObject([{ status: 'outOfSupport', ageDays: 155, reason: 'held' }]);
  });
});

describe('an upgrade ahead', () => {
  const weekly = { schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Sunday' } } };
  const fleet = fleetOf(managedCluster([poolProfile('apps'), poolProfile('more')], { window: weekly }));

  it('is told seven days and 24 hours before the occurrence, with what preflight finds', async () => {
    const world = await topicWorld({ fleet });
    await passes(world, 5);
    const near = dataOf(world.told, 'UpgradeAhead');
    expect(near.map(({ nodePool, lead, window }) => [nodePool, lead, window.opensAt])).toEqual([
      ['apps', '7 days', '2026-11-08T12:00:00Z'],
      ['more', '7 days', '2026-11-08T12:00:00Z'],
    ]);
    expect(near[0]).toMatchObject({ from: oldImage, to: newImage, preflight: { wouldStart: true, findings: [] } });
    await passes(world, 4 * 24);
    expect(dataOf(world.told, 'UpgradeAhead').map(({ lead }) => lead)).toEqual([
      '7 days',
      '7 days',
      '24 hours',
      '24 hours',
    ]);
  });

  it('tells what would keep the pool from being started', async () => {
    const world = await topicWorld({ fleet });
    world.simulator.inject({ kind: 'surgeWithoutQuota', cluster: 'shop', nodePool: 'apps' });
    await passes(world, 5);
    const [first] = dataOf(world.told, 'UpgradeAhead');
    expect(first?.preflight).toMatchObject({
      wouldStart: false,
      findings: [
        { check: 'quota', result: 'failed', blocks: true, sentence: expect.stringContaining('Raise the quota') },
      ],
    });
  });

  it.each([
    [
      'a freeze that begins before it',
      { ...frozen, freezes: [{ ...frozen.freezes[0], from: '2026-11-07', until: '2026-11-20' }] },
    ],
    ['a policy that observes', { mode: 'observe' }],
    [
      'a ring that waits for the one before',
      {
        mode: 'enforce',
        rings: [
          { name: 'dev', selectors: [{ cluster: 'dev' }], ringSoakHours: 24 },
          { name: 'prod', selectors: [{ cluster: 'shop' }] },
        ],
      },
    ],
  ])('is none under %s', async (_what, policy) => {
    const clusters = [
      managedCluster([poolProfile('apps')], { window: weekly }),
      managedCluster([poolProfile('apps')], { name: 'dev', window: null }),
    ];
    const world = await topicWorld({ fleet: fleetOf(...clusters), policy });
    await passes(world, 5);
    expect(dataOf(world.told, 'UpgradeAhead')).toEqual([]);
  });

  it('runs preflight for so many notices a pass as the request budget allows', async () => {
    const many = Array.from({ length: 15 }, (_, index) =>
      managedCluster(undefined, { name: `c${index}`, window: weekly }),
    );
    const world = await topicWorld({ fleet: fleetOf(...many) });
    world.advance({ hours: 1 });
    await world.pass();
    const [first, ...others] = [dataOf(world.told, 'UpgradeAhead').length];
    expect(others).toEqual([]);
    // Five reads each, of a hundred of which half are left to observations.
    expect(first).toBe(10);
    await passes(world, 2);
    const told = dataOf(world.told, 'UpgradeAhead');
    expect(new Set(told.map(({ cluster }) => cluster)).size).toBe(15);
    expect(told).toHaveLength(15);
  });
});

it('a ring that waits for an approval is told once for each release', async () => {
  const rings = [{ name: 'prod', selectors: [{ cluster: '*' }], approval: true }];
  const fleet = fleetOf(managedCluster(), managedCluster(undefined, { name: 'other' }));
  const world = await topicWorld({ fleet, policy: { mode: 'enforce', rings } });
  await passes(world, 5);
  expect(world.told.filter(({ type }) => type === 'RingWaitingForApproval')).toMatchObject([
    { subject: 'rings/prod', data: { ring: 'prod', release: '202610.26.0', pools: 2, link: '/api/plan' } },
  ]);
  await approveRelease(world.dependencies, { ring: 'prod', release: '202610.26.0', reason: 'a test' }, 'ada');
  world.simulator.release('AKSUbuntu-2204gen2containerd-202611.03.0');
  await passes(world, 48);
  expect(dataOf(world.told, 'RingWaitingForApproval').map(({ release }) => release)).toEqual([
    '202610.26.0',
    '202611.03.0',
  ]);
});

it('a report is told when the weekly check has kept it, be it a pass later', async () => {
  const world = await topicWorld({ start: '2026-11-09T05:00:00Z' });
  await world.pass();
  expect(dataOf(world.told, 'ReportReady')).toEqual([]);
  await checkWeekly(world.dependencies);
  await passes(world, 2);
  expect(dataOf(world.told, 'ReportReady')).toEqual([{ week: '2026-W45', link: '/api/report?week=2026-W45' }]);
});

it('a type that the policy comes to want is told of what still holds', async () => {
  const world = await topicWorld({ policy: { ...frozen, stale: { days: 1 }, notifications: { types: [] } } });
  await passes(world, 60);
  expect(world.told).toEqual([]);
  await world.dependencies.tables.write('Policy', 'policy', [
    { kind: 'upsert', rowKey: 'current', value: { ...frozen, stale: { days: 1 } } },
  ]);
  await passes(world, 1);
  expect(dataOf(world.told, 'PoolStale')).toHaveLength(1);
});

it('the weekly check drops marks after 90 days, but no place in a ledger, and not since when a pool is behind', async () => {
  const world = await topicWorld({ policy: frozen });
  await passes(world, 5);
  const { tables } = world.dependencies;
  await tables.write('Notifications', fleetPartition, [
    { kind: 'upsert', rowKey: 'report|2026-W30', value: { id: 'x', at: '2026-07-27T00:00:00Z' } },
  ]);
  const rows = async (partition: string) => {
    const keys: string[] = [];
    for await (const { rowKey } of tables.query('Notifications', partition))
      keys.push(rowKey.replace(/\|[^|]*-.*/, ''));
    return keys;
  };
  await checkWeekly(world.dependencies);
  expect(await rows(fleetPartition)).toEqual([]);
  expect(await rows(subscription)).toContain('window');
  world.advance({ hours: 100 * 24 });
  await checkWeekly(world.dependencies);
  expect(await rows(subscription)).toEqual(['pool|behind', 'told']);
});

it.each([5, 50])(
  'a pass without news costs two queries and a read more, whatever the size of the fleet: %i clusters',
  async (size) => {
    const clusters = Array.from({ length: size }, (_, index) => managedCluster(undefined, { name: `c${index}` }));
    const memory = createMemoryTables();
    const calls: string[] = [];
    const noted = <What extends readonly [string, ...unknown[]]>(call: string, what: What): What => {
      calls.push(`${call} ${what[0]}`);
      return what;
    };
    const tables: Tables = {
      get: (...what) => memory.get(...noted('get', what)),
      query: (...what) => memory.query(...noted('query', what)),
      write: (...what) => memory.write(...noted('write', what)),
    };
    const world = await topicWorld({
      fleet: fleetOf(...clusters),
      tables,
      policy: { ...frozen, mode: 'observe' },
      start: '2026-11-03T18:00:00Z',
    });
    await passes(world, 3);
    const count = async (topic: boolean) => {
      calls.length = 0;
      await runPass({ ...world.dependencies, topic: topic ? world.dependencies.topic : undefined });
      return Map.groupBy(calls, (call) => call);
    };
    const [without, withTopic] = [await count(false), await count(true)];
    const more = [...withTopic].map(([call, { length }]) => [call, length - (without.get(call)?.length ?? 0)] as const);
    expect(more.filter(([, extra]) => extra !== 0)).toEqual([
      ['query Notifications', 2],
      ['get Reports', 1],
    ]);
  },
);

it('a clock that ran ahead for a while silences no missed window and no stale pool for longer', async () => {
  const world = await topicWorld({ policy: { ...frozen, stale: { days: 1 } } });
  const ahead = { now: () => world.clock.now().add({ hours: 40 * 24 }) };
  await runPass({ ...world.dependencies, clock: ahead });
  await passes(world, 54, 60);
  expect(dataOf(world.told, 'WindowMissed').map(({ window }) => window.opensAt.slice(0, 10))).toContain('2026-11-04');
  expect(dataOf(world.told, 'PoolStale')).not.toEqual([]);
});
