import { beforeEach, describe, expect, it } from 'vitest';
import { handler as getPlan } from '../../functions/getPlan.ts';
import { handler } from '../../functions/getWindows.ts';
import { replaceParts } from '../../shared/composition.ts';
import type { NodePool } from '../../shared/domain/cluster/cluster.ts';
import { clusterKey } from '../../shared/domain/cluster/clusterId.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { type StoredFacts, writeFacts } from '../../shared/stores/factsStore.ts';
import { storeDecisions } from '../../shared/stores/views/decisionsStore.ts';
import { runPass } from '../../shared/usecases/plan/runPass.ts';
import { at } from '../builders.ts';
import { aDecision } from '../domain/report/facts.ts';
import { clusterIdOf, fleetOf, managedCluster } from '../usecases/fleets.ts';
import { createTestWorld } from '../world.ts';
import { call, composeAt, subscription } from './request.ts';

const readAt = '2026-11-21T11:55:00Z';
const nightly = { schedule: { daily: { intervalDays: 1 } }, durationHours: 4, startTime: '11:00', utcOffset: '+00:00' };

const idOf = (name: string) =>
  `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`;
const factsOf = (window: StoredFacts['window'], extra: Partial<StoredFacts> = {}): StoredFacts => ({
  readAt: at(readAt),
  window,
  latest: {},
  ...extra,
});
const reading = (maintenanceWindow?: unknown) => ({ value: { readAt: at(readAt), maintenanceWindow } });

let tables: Tables;

/** A cluster as the planner left it: in the view of pools, and with what was read of it. */
async function addCluster(
  name: string,
  facts?: StoredFacts,
  pools: readonly Partial<NodePool>[] = [{}],
): Promise<void> {
  const views = pools.map((fields, index) => ({
    cluster: {
      id: idOf(name),
      location: 'westeurope',
      provisioningState: 'Succeeded',
      powerState: 'Running',
      tags: {},
    },
    nodePool: {
      name: `pool${index}`,
      provisioningState: 'Succeeded',
      powerState: 'Running',
      mode: 'User',
      osType: 'Linux',
      count: 3,
      ...fields,
    },
    decision: aDecision({ cluster: idOf(name), nodePool: `pool${index}` }),
  }));
  await storeDecisions(tables, subscription, [], views);
  if (facts) await writeFacts(tables, clusterKey(idOf(name)), facts);
}

async function list(query = '') {
  const answer = await call(handler, `/api/windows${query}`);
  expect(answer.status).toBe(200);
  return answer.body['value'] as readonly Record<string, unknown>[];
}

beforeEach(() => {
  tables = composeAt('2026-11-21T12:00:00Z');
});

describe('GET /api/windows', () => {
  it('tells a window in words, and what comes next', async () => {
    await addCluster('shop', factsOf(reading(nightly)));
    expect(await list('?count=2')).toEqual([
      {
        cluster: idOf('shop'),
        state: 'window',
        readAt,
        window: 'every day, 11:00 to 15:00, UTC',
        maintenanceWindow: nightly,
        problems: [],
        warnings: [],
        open: true,
        nextOpening: '2026-11-22T11:00:00Z',
        occurrences: [
          {
            opensAt: '2026-11-21T11:00:00Z',
            closesAt: '2026-11-21T15:00:00Z',
            opensAtLocal: '2026-11-21T11:00:00+00:00',
            closesAtLocal: '2026-11-21T15:00:00+00:00',
            blocked: [],
          },
          {
            opensAt: '2026-11-22T11:00:00Z',
            closesAt: '2026-11-22T15:00:00Z',
            opensAtLocal: '2026-11-22T11:00:00+00:00',
            closesAtLocal: '2026-11-22T15:00:00+00:00',
            blocked: [],
          },
        ],
      },
    ]);
  });

  it.each<[string, StoredFacts | undefined, object]>([
    ['has not been read yet', undefined, { state: 'notRead' }],
    [
      'could not be read',
      factsOf({ problem: '429 TooManyRequests' }),
      { state: 'readFailed', readAt, error: '429 TooManyRequests' },
    ],
    ['has none', factsOf(reading()), { state: 'none', readAt }],
    [
      'has none, and no other configuration',
      factsOf(reading(), { otherConfigurations: { value: [] } }),
      { state: 'none', readAt },
    ],
    [
      'has none, and what else there is could not be read',
      factsOf(reading(), { otherConfigurations: { problem: '503' } }),
      { state: 'none', readAt },
    ],
    [
      'has only the other configurations',
      factsOf(reading(), { otherConfigurations: { value: ['default', 'aksManagedAutoUpgradeSchedule'] } }),
      {
        state: 'none',
        readAt,
        warnings: [
          {
            code: 'noNodeOsWindow',
            path: '',
            message:
              'Only default and aksManagedAutoUpgradeSchedule are configured; node images are upgraded in aksManagedNodeOSUpgradeSchedule alone, so configure that.',
          },
        ],
      },
    ],
    [
      'has one that ARM answered without a window',
      factsOf(reading(null)),
      {
        state: 'unreadable',
        readAt,
        maintenanceWindow: null,
        problems: [{ path: '', message: 'maintenanceWindow is missing; allowed is an object.' }],
      },
    ],
    [
      'has one that can not be evaluated',
      factsOf(reading({ ...nightly, startTime: '99:99' })),
      {
        state: 'unreadable',
        readAt,
        maintenanceWindow: { ...nightly, startTime: '99:99' },
        problems: [{ path: 'startTime', message: 'startTime is "99:99"; allowed is a time from 00:00 to 23:59.' }],
      },
    ],
  ])('is honest about a cluster whose window %s', async (_, facts, expected) => {
    await addCluster('shop', facts);
    const nothing = { problems: [], warnings: [], open: false, occurrences: [] };
    expect(await list()).toEqual([{ cluster: idOf('shop'), ...nothing, ...expected }]);
  });

  it('warns of a window that many clusters of the subscription share, whatever their freezes, and of no other', async () => {
    const freeze = { notAllowedDates: [{ start: '2026-12-24', end: '2026-12-26' }] };
    const fortnightly = { ...nightly, schedule: { weekly: { intervalWeeks: 2, dayOfWeek: 'Sunday' } } };
    for (let index = 0; index < 10; index++) {
      await addCluster(`same-${index}`, factsOf(reading(index % 2 ? nightly : { ...nightly, ...freeze })));
      // The same words, but in turns.
      const startDate = `2026-11-${index % 2 ? '01' : '08'}`;
      await addCluster(`turns-${index}`, factsOf(reading({ ...fortnightly, startDate })));
    }
    const warned = (await list('?cluster=same-*')).map(({ warnings }) => warnings);
    expect(warned).toHaveLength(10);
    for (const warnings of warned) expect(warnings).toMatchObject([{ code: 'sameWindow' }]);
    for (const { warnings } of await list('?cluster=turns-*'))
      expect(warnings).toMatchObject([{ code: 'undocumentedInterval' }]);
  });

  it('warns when no pool of the cluster fits; pools that AKS rolls by itself do not count', async () => {
    const slow = { count: 100, maxSurge: '1' };
    await addCluster('slow', factsOf(reading(nightly)), [slow, { mode: 'Machines' }]);
    await addCluster('mixed', factsOf(reading(nightly)), [slow, {}]);
    const found = await list();
    expect(found.map(({ cluster, warnings }) => [cluster, warnings])).toEqual([
      [idOf('mixed'), []],
      [idOf('slow'), [expect.objectContaining({ code: 'noPoolFits' })]],
    ]);
  });

  it('shows local times in a time zone, and lints the offset against it', async () => {
    await addCluster('shop', factsOf(reading({ ...nightly, utcOffset: '-08:00' })));
    const [shop] = await list('?timeZone=America/Los_Angeles&count=1');
    expect(shop).toMatchObject({
      occurrences: [{ opensAt: '2026-11-21T19:00:00Z', opensAtLocal: '2026-11-21T11:00:00-08:00' }],
      warnings: [{ code: 'offsetOfOtherSeason' }],
    });
  });

  it('finds a cluster by its ARM id in any case, or by a pattern', async () => {
    await addCluster('shop', factsOf(reading(nightly)));
    await addCluster('bank');
    const names = async (query: string) => (await list(query)).map(({ cluster }) => cluster);
    expect(await names('')).toEqual([idOf('bank'), idOf('shop')]);
    expect(await names(`?cluster=${idOf('SHOP').toUpperCase()}`)).toEqual([idOf('shop')]);
    expect(await names('?cluster=b*')).toEqual([idOf('bank')]);
    expect(await names('?cluster=nothing')).toEqual([]);
  });

  it('refuses what it does not know, all at once', async () => {
    const answer = await call(handler, '/api/windows?count=x&timeZone=Mars&region=west&cluster=');
    expect(answer).toMatchObject({
      status: 400,
      type: 'application/problem+json; charset=utf-8',
      body: {
        errors: expect.arrayContaining([
          { parameter: 'count', message: 'is "x"; give a whole number from 1 to 100' },
          { parameter: 'timeZone', message: 'is "Mars"; give the IANA name of a time zone, for example Europe/Berlin' },
          {
            parameter: 'region',
            message: 'is no parameter of this operation, which takes cluster, count, timeZone; leave it out',
          },
          { parameter: 'cluster', message: 'is empty; give a name, or leave it out' },
        ]),
      },
    });
  });
});

describe('a cluster without pools', () => {
  const hosted = clusterIdOf('hosted');
  const listed = async () => (await list()).map(({ cluster, state }) => [cluster, state]);

  it('is listed with its window, as its owner asks about that, until it is gone', async () => {
    let isGone = false;
    const world = await createTestWorld({
      fleet: fleetOf(
        managedCluster(),
        managedCluster([], { name: 'hosted' }),
        managedCluster([], { name: 'bare', window: null }),
      ),
      start: '2026-11-03T11:00:00Z',
      subscriptions: [subscription],
      intercept: ({ url }, answer) => {
        const given = answer();
        if (!isGone || !new URL(url).pathname.endsWith('/managedClusters')) return given;
        const { value } = JSON.parse(given.body) as { readonly value: readonly { readonly id: string }[] };
        return { ...given, body: JSON.stringify({ value: value.filter(({ id }) => id !== hosted) }) };
      },
    });
    const all = [
      [clusterIdOf('bare'), 'none'],
      [hosted, 'window'],
      [clusterIdOf('shop'), 'window'],
    ];
    await world.pass();
    replaceParts(world.dependencies);
    expect(await listed()).toEqual(all);
    expect(await list(`?cluster=${hosted}&count=1`)).toMatchObject([
      { window: 'every day, 12:00 to 16:00, UTC', occurrences: [{ opensAt: '2026-11-03T12:00:00Z' }] },
    ]);
    expect((await call(getPlan, '/api/plan')).body['passes']).toMatchObject([
      { clusters: 3, withoutPools: expect.arrayContaining([hosted]) },
    ]);

    // A list that fails takes nothing away.
    world.advance({ minutes: 5 });
    const listClusters = () => Promise.reject(new Error('503'));
    await runPass({ ...world.dependencies, arm: { ...world.dependencies.arm, listClusters } });
    expect(await listed()).toEqual(all);

    isGone = true;
    world.advance({ minutes: 5 });
    await world.pass();
    expect(await listed()).toEqual(all.filter(([id]) => id !== hosted));
  });
});
