import { beforeAll, describe, expect, it } from 'vitest';
import { handler } from '../../functions/postPreflight.ts';
import { replaceParts } from '../../shared/composition.ts';
import { runPass } from '../../shared/usecases/plan/runPass.ts';
import { setHold } from '../../shared/usecases/policy/setHold.ts';
import { clusterId, fleetOf, managedCluster, newImage, oldImage, poolProfile } from '../usecases/fleets.ts';
import { createTestWorld } from '../world.ts';
import { call, composeAt, subscription } from './request.ts';

const path = '/api/preflight';
const now = '2026-11-03T12:30:00Z';

beforeAll(async () => {
  const many = Array.from({ length: 51 }, (_, index) => managedCluster(undefined, { name: `bulk-${index}` }));
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster([poolProfile('apps'), poolProfile('jobs')]), ...many),
    start: now,
    subscriptions: [subscription],
    policy: { mode: 'observe', preflight: { idle: 'off', autoscalerAtMax: 'off', singleSystemNode: 'off' } },
  });
  await world.pass();
  world.simulator.inject({ kind: 'surgeWithoutQuota', cluster: 'shop', nodePool: 'apps' });
  composeAt(now);
  replaceParts(world.dependencies);
});

describe('POST /api/preflight', () => {
  it('answers the report of each pool', async () => {
    expect(await call(handler, path, { body: { cluster: 'shop', nodePool: 'jobs' } })).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      body: {
        value: [
          {
            at: now,
            cluster: clusterId,
            nodePool: 'jobs',
            from: oldImage,
            to: newImage,
            wouldStart: false,
            decision: expect.objectContaining({ verdict: 'wait', reason: 'poolOrder', decidedAt: now }),
            checks: [
              {
                check: 'quota',
                effect: 'block',
                result: 'failed',
                sentence: expect.stringMatching(
                  /^1 surge node of Standard_D4s_v5 needs 4 vCPUs, but westeurope has only /,
                ),
                facts: {
                  surgeNodes: 1,
                  vmSize: 'Standard_D4s_v5',
                  vCpusNeeded: 4,
                  quotas: expect.arrayContaining([expect.objectContaining({ name: 'standardDSv5Family' })]),
                },
                blocks: true,
              },
              {
                check: 'subnet',
                effect: 'block',
                result: 'passed',
                sentence: '1 surge node needs 1 address of subnet aks-subnet; 65527 of 65531 are free.',
                facts: {
                  surgeNodes: 1,
                  subnets: [{ needed: 1, id: expect.stringMatching(/aks-subnet$/), used: 4, limit: 65531 }],
                },
                blocks: false,
              },
              expect.objectContaining({ check: 'scaleSetLimit', result: 'passed', blocks: false }),
              {
                check: 'spot',
                effect: 'warn',
                result: 'passed',
                sentence: 'The pool is not a spot pool.',
                facts: {},
                blocks: false,
              },
            ],
            off: ['idle', 'autoscalerAtMax', 'singleSystemNode'],
          },
        ],
      },
    });
  });

  it.each([
    ['all pools of a cluster', { cluster: clusterId.toLowerCase() }, ['apps', 'jobs']],
    ['null for what is left out', { cluster: 'shop', nodePool: null }, ['apps', 'jobs']],
    ['clusters by a pattern', { cluster: 'SHO?' }, ['apps', 'jobs']],
    ['as many as fifty clusters', { cluster: 'bulk-?' }, Array.from({ length: 10 }, () => 'apps')],
  ])('takes %s', async (_what, body, pools) => {
    const answer = await call(handler, path, { body });
    expect(answer.status).toBe(200);
    expect((answer.body['value'] as { nodePool: string }[]).map(({ nodePool }) => nodePool)).toEqual(pools);
  });

  it.each([
    [{ cluster: 'bank' }, 404, 'The fleet has no cluster bank. GET /api/nodepools lists its pools;'],
    [{ cluster: 'shop', nodePool: 'gpu' }, 404, 'The fleet has no pool gpu in cluster shop.'],
    [{ cluster: '*' }, 400, '* names 52 clusters, and at most 50 are checked at once. Name fewer.'],
    [{}, 400, "cluster is missing; give a cluster's name, a pattern like shop-*, or the ARM id of a managed cluster."],
    [{ cluster: '' }, 400, 'cluster is ""; give'],
    [{ cluster: 7 }, 400, 'cluster is 7; give'],
    [{ cluster: '/subscriptions/x' }, 400, 'cluster is "/subscriptions/x"; give'],
    [{ cluster: 'shop', nodePool: '' }, 400, 'nodePool is empty; give'],
    [
      { cluster: 'shop', pool: 'apps' },
      400,
      'pool is no field of this body, which takes cluster, nodePool; leave it out.',
    ],
    [[], 400, 'body is a list; give an object of cluster and nodePool.'],
    ['', 400, 'The body is not JSON: it is empty.'],
  ])('%o: %i', async (body, status, detail) => {
    expect(await call(handler, path, { body })).toMatchObject({
      status,
      type: 'application/problem+json; charset=utf-8',
      body: { status, detail: expect.stringContaining(detail) },
    });
  });

  it('takes no parameters', async () => {
    const answer = await call(handler, `${path}?cluster=shop`, { body: { cluster: 'shop' } });
    expect(answer).toMatchObject({ status: 400, body: { title: 'The query is not valid' } });
  });
});

describe('the verdict of preflight is over the plan as well', () => {
  type Case = readonly [
    string,
    string,
    { window?: null; provisioningState?: string; policy?: object },
    object | undefined,
  ];
  const hold = { scope: 'cluster', cluster: 'shop', owner: 'the shop', reason: 'sales week' };

  it.each<Case>([
    ['a pool that nothing keeps', 'start', {}, undefined],
    ['a held pool', 'held', {}, hold],
    ['a pool without a window', 'noWindow', { window: null }, undefined],
    ['a Failed pool', 'poolFailed', { provisioningState: 'Failed' }, undefined],
    [
      'a frozen pool',
      'held',
      { policy: { freezes: [{ from: '2026-11-03', until: '2026-11-03', timeZone: 'UTC', reason: 'sale' }] } },
      undefined,
    ],
    ['a pool that is only observed', 'observeOnly', { policy: { mode: 'observe' } }, undefined],
  ])('%s: %s', async (_what, reason, { window, policy, ...fields }, held) => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster([poolProfile('apps', fields)], window === null ? { window } : {})),
      start: now,
      subscriptions: [subscription],
      policy: { mode: 'enforce', ...policy },
    });
    await runPass(world.dependencies);
    // Set after the pass: what it decided does not know of it.
    if (held) await setHold(world.dependencies, held, 'ada');
    replaceParts(world.dependencies);
    const { body } = await call(handler, path, { body: { cluster: 'shop' } });
    expect(body['value']).toMatchObject([
      {
        wouldStart: reason === 'start',
        decision: { reason, sentence: expect.any(String), decidedAt: now },
        checks: expect.any(Array),
      },
    ]);
  });

  it('sees a pool that failed since the last pass', async () => {
    let state = 'Succeeded';
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: now,
      subscriptions: [subscription],
      intercept: (_request, answer) => {
        const given = answer();
        return { ...given, body: given.body.replaceAll(/("provisioningState":)"Succeeded"/g, `$1"${state}"`) };
      },
    });
    await runPass(world.dependencies);
    state = 'Failed';
    replaceParts(world.dependencies);
    const { body } = await call(handler, path, { body: { cluster: 'shop' } });
    expect(body['value']).toMatchObject([
      { wouldStart: false, decision: { verdict: expect.stringMatching('wait|blocked') } },
    ]);
  });
});
