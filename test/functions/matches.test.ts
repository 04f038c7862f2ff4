// Holds and approvals that match nothing: refused where that is certain, taken with a warning where it is not.
import { beforeEach, describe, expect, it } from 'vitest';
import { handler as getHolds } from '../../functions/getHolds.ts';
import { handler as getPolicyLint } from '../../functions/getPolicyLint.ts';
import { handler as postApproval } from '../../functions/postApproval.ts';
import { handler as postHold } from '../../functions/postHold.ts';
import { replaceParts } from '../../shared/composition.ts';
import { ArmError } from '../../shared/ports/arm.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { readPolicy } from '../../shared/stores/policyStore.ts';
import { runPass } from '../../shared/usecases/plan/runPass.ts';
import {
  clusterId,
  clusterIdOf,
  fleetOf,
  managedCluster,
  newImage,
  oldImage,
  poolProfile,
} from '../usecases/fleets.ts';
import { createTestWorld, type TestWorld } from '../world.ts';
import { call, composeAt, subscription } from './request.ts';

const start = '2026-11-03T11:00:00Z';
const rings = [
  { name: 'dev', selectors: [{ cluster: 'dev' }], approval: true },
  { name: 'production', selectors: [{ cluster: 'prod-*' }, { cluster: 'shop' }], approval: true },
  { name: 'empty', selectors: [{ cluster: 'none' }] },
];
const hold = { owner: 'platform', reason: 'DNS breaks', author: 'ada' };
const approval = { ring: 'production', release: '202610.26.0', reason: 'ran', author: 'grace' };
const misspelled = [
  { scope: 'cluster', cluster: 'prd-1' },
  { scope: 'nodePool', cluster: 'shop', nodePool: 'wim' },
  { scope: 'release', release: '20261118' },
];

let world: TestWorld;

beforeEach(async () => {
  world = await createTestWorld({
    fleet: fleetOf(
      managedCluster([poolProfile('apps'), poolProfile('win')]),
      managedCluster(undefined, { name: 'prod-1' }),
      managedCluster([poolProfile('apps', { nodeImageVersion: newImage })], { name: 'dev' }),
    ),
    start,
    subscriptions: [subscription],
    policy: { mode: 'enforce', rings },
  });
  await world.pass();
  composeAt(start);
  replaceParts(world.dependencies);
});

const post = (fields: object, query = '') => call(postHold, `/api/holds${query}`, { body: { ...hold, ...fields } });
const approve = (fields: object, query = '') =>
  call(postApproval, `/api/approvals${query}`, { body: { ...approval, ...fields } });
const standing = async () => (await readPolicy(world.dependencies.tables)).holds ?? [];
const lint = async () =>
  ((await call(getPolicyLint, '/api/policy/lint')).body['value'] as readonly { code: string; message: string }[])
    .filter(({ code }) => code.endsWith('MatchesNothing'))
    .map(({ code, message }) => [code, message]);

describe('a hold says which pools it matches', () => {
  it.each<[string, object, readonly string[]]>([
    ['the fleet', { scope: 'fleet' }, ['dev/apps', 'prod-1/apps', 'shop/apps', 'shop/win']],
    ['a ring', { scope: 'ring', ring: 'Production' }, ['prod-1/apps', 'shop/apps', 'shop/win']],
    [
      'a cluster',
      { scope: 'cluster', cluster: clusterId.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions') },
      ['shop/apps', 'shop/win'],
    ],
    ['clusters by a pattern', { scope: 'cluster', cluster: '*o*' }, ['prod-1/apps', 'shop/apps', 'shop/win']],
    ['a pool', { scope: 'nodePool', cluster: 'shop', nodePool: 'w*' }, ['shop/win']],
    ['a release', { scope: 'release', release: '202610.26.0' }, ['prod-1/apps', 'shop/apps', 'shop/win']],
    ['an image by a pattern', { scope: 'release', release: '*-202610.2?.0' }, ['prod-1/apps', 'shop/apps', 'shop/win']],
  ])('%s', async (_what, fields, expected) => {
    const { status, body } = await post(fields);
    expect([status, body['warning']]).toEqual([201, undefined]);
    const { count, first } = body['matches'] as { count: number; first: { cluster: string; nodePool: string }[] };
    expect(first.map(({ cluster, nodePool }) => `${cluster.split('/').at(-1)}/${nodePool}`)).toEqual(expected);
    expect(count).toBe(expected.length);
    expect(JSON.stringify((await call(getHolds, '/api/holds')).body)).not.toContain('matches');
  });
});

describe('a hold that matches nothing', () => {
  it.each<[string, object, string, string]>([
    [
      'a misspelled cluster',
      misspelled[0] ?? {},
      'cluster',
      'is "prd-1"; allowed is a cluster of the fleet that has pools; the nearest: prod-1',
    ],
    ['a misspelled pool', misspelled[1] ?? {}, 'nodePool', 'is "wim"; allowed is a pool of shop; the nearest: win'],
    [
      'a pool of a misspelled cluster',
      { scope: 'nodePool', cluster: 'shpo', nodePool: 'win' },
      'cluster',
      'the nearest: shop',
    ],
    [
      'a misspelled release',
      misspelled[2] ?? {},
      'release',
      'is "20261118"; allowed is a release that a pool runs or is offered',
    ],
    ['a release of a day to come', { scope: 'release', release: '209912.01.0' }, 'release', 'is "209912.01.0"'],
    [
      'a release from before all that run',
      { scope: 'release', release: '202510.26.0' },
      'release',
      'the nearest: 202610.26.0',
    ],
    [
      'a newer release of a misspelled family',
      { scope: 'release', release: 'AKSUbunto-2204gen2containerd-202611.02.0' },
      'release',
      'is "AKSUbunto',
    ],
    ['a pattern of no cluster', { scope: 'cluster', cluster: 'qa-*' }, 'cluster', 'is "qa-*"'],
    [
      'the id of a cluster of another subscription',
      { scope: 'cluster', cluster: clusterId.replace('1111', '2222') },
      'cluster',
      'is "/subscriptions/2222',
    ],
    ['a ring without pools', { scope: 'ring', ring: 'empty' }, 'ring', 'is "empty"; allowed is a ring that has pools'],
  ])('%s is refused, unless it may match nothing', async (_what, fields, path, detail) => {
    const refused = await post(fields);
    expect(refused).toMatchObject({
      status: 409,
      type: 'application/problem+json; charset=utf-8',
      body: { title: 'The hold matches nothing', errors: [{ path }] },
    });
    expect(refused.body['detail']).toContain(detail);
    expect(refused.body['detail']).toContain('allowNoMatch=true');
    expect(await standing()).toEqual([]);
    expect((await post(fields, '?allowNoMatch=false')).status).toBe(409);

    const taken = await post(fields, '?allowNoMatch=true');
    expect(taken).toMatchObject({
      status: 201,
      body: { matches: { count: 0, first: [] }, warning: 'It matches no pool of the fleet now.' },
    });
    expect(await standing()).toMatchObject([fields]);
    expect(await lint()).toMatchObject([['holdMatchesNothing', expect.stringContaining(detail)]]);
  });

  it('that was taken before its cluster holds it from the first pass on', async () => {
    const holder = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T12:30:00Z',
      subscriptions: [subscription],
    });
    replaceParts(holder.dependencies);
    expect(await post({ scope: 'cluster', cluster: 'shop' }, '?allowNoMatch=true')).toMatchObject({ status: 201 });
    await holder.pass();
    await holder.pass();
    expect(holder.posts()).toEqual([]);
    expect(await lint()).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['of a release that no pool has seen yet', '202611.02.0', 'No pool runs or is offered 202611.02.0 yet.'],
    ['of an image that no pool has seen yet', '*-202611.02.0', 'No pool runs or is offered *-202611.02.0 yet.'],
    ['of a release that is dated tomorrow', '202611.04.0', 'No pool runs or is offered 202611.04.0 yet.'],
    ['of a release that no pool waits for', '202610.05.0', 'No pool waits for 202610.05.0, which 3 run already.'],
  ])('%s is taken with a warning: in an incident that comes first', async (_what, release, warning) => {
    expect(await post({ scope: 'release', release })).toMatchObject({
      status: 201,
      body: { warning, matches: { count: 0 } },
    });
    expect(await lint()).toMatchObject([['holdMatchesNothing', expect.stringContaining(warning.slice(0, -1))]]);
  });

  it('of the whole fleet is taken, also where the fleet is empty', async () => {
    const empty = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start,
      subscriptions: [subscription],
      intercept: ({ url }, answer) =>
        /managedClusters$/i.test(new URL(url).pathname) ? { ...answer(), body: '{"value":[]}' } : answer(),
    });
    await empty.pass();
    replaceParts(empty.dependencies);
    expect(await post({ scope: 'fleet' })).toMatchObject({
      status: 201,
      body: { warning: 'The fleet has no pool now.' },
    });
    expect((await post({ scope: 'cluster', cluster: 'shop' })).status).toBe(409);
  });

  it('of a cluster that has no pools yet is taken with a warning', async () => {
    const hosted = await createTestWorld({
      fleet: fleetOf(managedCluster([], { name: 'hosted' })),
      start,
      subscriptions: [subscription],
    });
    await hosted.pass();
    replaceParts(hosted.dependencies);
    expect(await post({ scope: 'cluster', cluster: 'hosted' })).toMatchObject({
      status: 201,
      body: { warning: 'The list shows no pools of hosted.', matches: { count: 0 } },
    });
  });

  it('lists at most 50 pools, and counts all', async () => {
    const many = Array.from({ length: 60 }, (_, index) => managedCluster(undefined, { name: `bulk-${index}` }));
    const large = await createTestWorld({ fleet: fleetOf(...many), start, subscriptions: [subscription] });
    await large.pass();
    replaceParts(large.dependencies);
    const { matches } = (await post({ scope: 'cluster', cluster: 'bulk-*' })).body as {
      matches: { count: number; first: unknown[] };
    };
    expect([matches.count, matches.first.length]).toEqual([60, 50]);
  });
});

/** Ways in which nobody knows what the fleet has now. */
const unknowns: readonly (readonly [string, string, () => Promise<void>])[] = [
  [
    'a list failed',
    'could not be|not known',
    async () => {
      const listClusters = () => Promise.reject(new Error('403 Forbidden'));
      world.advance({ minutes: 5 });
      await runPass({ ...world.dependencies, arm: { ...world.dependencies.arm, listClusters } });
    },
  ],
  ['the list is older than an hour', 'last planned at|last listed at', async () => void world.advance({ minutes: 61 })],
  [
    'a subscription was never listed',
    'was never planned',
    async () => {
      process.env['SUBSCRIPTION_IDS'] = `${subscription},99999999-2222-4333-8444-555555555555`;
      replaceParts(world.dependencies);
    },
  ],
  [
    'storage does not tell',
    'could not be read: storage is away',
    async () => {
      const { tables } = world.dependencies;
      const query: Tables['query'] = (table, ...rest) => {
        if (table === 'Views') throw new Error('storage is away');
        return tables.query(table, ...rest);
      };
      replaceParts({ ...world.dependencies, tables: { ...tables, query } });
    },
  ],
];

describe.each(unknowns)('where %s', (_what, why, make) => {
  it.each(misspelled)('a hold is taken with a warning, as it may not be refused wrongly: %o', async (fields) => {
    await make();
    const taken = await post(fields);
    expect(taken).toMatchObject({ status: 201, body: { matches: { count: 0 } } });
    expect(taken.body['warning']).toMatch(new RegExp(why));
    expect(await standing()).toMatchObject([fields]);
  });

  it('an approval is taken with a warning too: it lets nothing start but what it names', async () => {
    await make();
    expect(await approve({ release: '209912.01.0' })).toMatchObject({
      status: 201,
      body: { warning: expect.stringMatching(why) },
    });
  });
});

it('a hold on a release is taken with a warning where nobody knows what ARM offers a pool', async () => {
  const getUpgradeProfile = () => Promise.reject(new ArmError('read it', { code: 'Forbidden', status: 403 }));
  world.advance({ minutes: 10 });
  await runPass({ ...world.dependencies, arm: { ...world.dependencies.arm, getUpgradeProfile } });
  expect(await post({ scope: 'release', release: '20261118' })).toMatchObject({
    status: 201,
    body: { warning: expect.stringContaining('What ARM offers pool') },
  });
  expect((await post({ scope: 'cluster', cluster: 'prd-1' })).status).toBe(409);
});

it('a hold on a ring is taken where the policy, which names the rings, can not be read', async () => {
  await world.dependencies.tables.write('Policy', 'policy', [
    { kind: 'upsert', rowKey: 'current', value: { mode: 'on' } },
  ]);
  expect(await post({ scope: 'ring', ring: 'prodction' })).toMatchObject({
    status: 201,
    body: { warning: expect.stringContaining('The stored policy is not valid') },
  });
});

describe('an approval', () => {
  it('says which pools it matches', async () => {
    const given = await approve({});
    expect(given.status).toBe(201);
    expect(given.body['matches']).toEqual({
      count: 3,
      first: [
        { cluster: clusterIdOf('prod-1'), nodePool: 'apps' },
        { cluster: clusterId, nodePool: 'apps' },
        { cluster: clusterId, nodePool: 'win' },
      ],
    });
    expect(await lint()).toEqual([]);
  });

  it.each<[string, object]>([
    ['a release of a day to come', { release: '209912.01.0' }],
    ['a release that ARM offers no pool of the ring', { release: '202611.02.0' }],
    ['a release of another family', { release: newImage.replace('2204', '2404') }],
    ['a release for a ring without pools', { ring: 'empty' }],
  ])('of %s is refused, unless it may match nothing; the lint names it then', async (_what, fields) => {
    expect(await approve(fields)).toMatchObject({
      status: 409,
      body: {
        title: 'The approval matches nothing',
        errors: [{ path: 'release' }],
        detail: expect.stringContaining('allowNoMatch=true'),
      },
    });
    expect(await approve(fields, '?allowNoMatch=true')).toMatchObject({ status: 201, body: { matches: { count: 0 } } });
    expect(await lint()).toMatchObject([['approvalMatchesNothing', expect.any(String)]]);
  });

  it('of what the ring runs already is taken, and warns', async () => {
    expect(await approve({ ring: 'dev' })).toMatchObject({
      status: 201,
      body: { warning: expect.stringContaining('which some run already') },
    });
    expect((await approve({ ring: 'dev', release: oldImage })).status).toBe(409);
  });
});
