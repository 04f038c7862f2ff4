// Preflight through the whole app: a start that it refuses is not sent, says why, and is tried again.
import { describe, expect, it } from 'vitest';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import type { ArmAgentPoolProfile } from '../../../local/simulator/world/armFleet.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import type { PreflightPolicy } from '../../../shared/domain/policy/preflightPolicy.ts';
import { insertAttempt, listAttempts, removeAttempt } from '../../../shared/stores/starts/startsStore.ts';
import { listDecisions } from '../../../shared/usecases/ask/listDecisions.ts';
import { listNodePools } from '../../../shared/usecases/ask/listNodePools.ts';
import { reportPreflight } from '../../../shared/usecases/start/reportPreflight.ts';
import { startAttempt } from '../../../shared/usecases/start/startAttempt.ts';
import { anAttempt } from '../../builders.ts';
import { createTestWorld } from '../../world.ts';
import {
  clusterId,
  clusterIdOf,
  fleetOf,
  managedCluster,
  newImage,
  oldImage,
  poolProfile,
  subscription,
} from '../fleets.ts';

type Intercept = (request: ArmRequest, answer: () => ArmResponse) => ArmResponse;

const inWindow = '2026-11-03T12:30:00Z';
const address = { subscription, resourceGroup: 'rg-shop', cluster: 'shop', nodePool: 'apps' };
const noQuota = { kind: 'surgeWithoutQuota', cluster: 'shop', nodePool: 'apps' } as const;
const fullSubnet = { kind: 'subnetFull', cluster: 'shop', nodePool: 'apps' } as const;

function worldWith({
  start = inWindow,
  preflight,
  pools,
  properties = {},
  intercept,
}: {
  start?: string;
  preflight?: PreflightPolicy;
  pools?: readonly ArmAgentPoolProfile[];
  properties?: object;
  intercept?: Intercept;
} = {}) {
  return createTestWorld({
    fleet: fleetOf(managedCluster(pools, { properties })),
    start,
    subscriptions: [subscription],
    ...(preflight ? { policy: { mode: 'enforce', preflight } } : {}),
    ...(intercept ? { intercept } : {}),
  });
}

type World = Awaited<ReturnType<typeof worldWith>>;

/** Two passes: the first brings the cluster into the ledger, the second sends what may start. */
async function twoPasses(world: World): Promise<void> {
  await world.pass();
  await world.pass();
}

const decisionOf = async (world: World, nodePool = 'apps') =>
  (await listNodePools(world.dependencies, { nodePool }))[0]?.decision;

const fail =
  (path: RegExp, status: number, code: string): Intercept =>
  ({ url }, answer) =>
    path.test(new URL(url).pathname)
      ? { status, headers: {}, body: JSON.stringify({ error: { code, message: 'It says no.' } }) }
      : answer();

describe('a quota that is used up', () => {
  it('blocks with its facts, sends nothing, and lets the pool start when there is room again', async () => {
    const world = await worldWith();
    world.simulator.inject(noQuota);
    await twoPasses(world);
    const refused = await decisionOf(world);
    expect(refused).toMatchObject({
      verdict: 'blocked',
      reason: 'preflightFailed',
      also: [],
      nextEligibleAt: '2026-11-03T13:00:00Z',
      sentence:
        "Preflight, check quota: 1 surge node of Standard_D4s_v5 needs 4 vCPUs, but westeurope has only 0 of 100 left of standardDSv5Family and 0 of 100 left of cores. Raise the quota, free vCPUs, or lower the pool's maxSurge. The keeper may try again from 2026-11-03T13:00:00Z.",
    });
    expect(world.posts()).toEqual([]);

    // Passes meanwhile say the same, ask nothing, and add no decision.
    const reads = world.requests.filter(({ url }) => url.includes('/usages')).length;
    await world.run(29);
    expect(await decisionOf(world)).toMatchObject({ reason: 'preflightFailed' });
    expect(world.requests.filter(({ url }) => url.includes('/usages'))).toHaveLength(reads);
    const listed = await listDecisions(world.dependencies, address, 100);
    expect(listed?.decisions.filter(({ reason }) => reason === 'preflightFailed')).toHaveLength(1);

    world.simulator.inject({ kind: 'clear' });
    await world.run(20);
    expect(world.posts()).toHaveLength(1);
    expect(await world.history()).toMatchObject([{ from: oldImage, to: newImage, cause: 'keeper' }]);
  });

  it('is asked again every half hour as long as it lasts', async () => {
    const world = await worldWith();
    world.simulator.inject(noQuota);
    await twoPasses(world);
    await world.run(120);
    const asked = world.requests.filter(({ url }) => url.includes('Microsoft.Compute/locations'));
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(asked.length).toBeLessThanOrEqual(5);
    expect(world.posts()).toEqual([]);
  });

  it('holds no longer than the occurrence', async () => {
    const world = await worldWith({ start: '2026-11-03T15:40:00Z' });
    world.simulator.inject(noQuota);
    await twoPasses(world);
    expect(await decisionOf(world)).toMatchObject({
      reason: 'preflightFailed',
      nextEligibleAt: '2026-11-03T16:00:00Z',
    });
  });

  it('does not stand in the way of the other pools of the cluster', async () => {
    const other = poolProfile('jobs', { vmSize: 'Standard_E4s_v5' });
    const world = await worldWith({ pools: [poolProfile('apps'), other] });
    world.simulator.inject(noQuota);
    await twoPasses(world);
    await world.run(5);
    expect(world.posts().map(({ url }) => /agentPools\/(\w+)/.exec(url)?.[1])).toEqual(['jobs']);
  });

  it.each<[string, PreflightPolicy]>([
    ['that only warns', { quota: 'warn' }],
    ['that is off', { quota: 'off' }],
  ])('starts all the same by a check %s', async (_what, preflight) => {
    const world = await worldWith({ preflight });
    world.simulator.inject(noQuota);
    await twoPasses(world);
    expect(world.posts()).toHaveLength(1);
  });
});

describe('a quota that holds the surge nodes of one roll', () => {
  const usage = (name: string, used: number) => ({
    name: { value: name },
    currentValue: used,
    limit: 100,
    unit: 'Count',
  });

  it('is not taken by two that were checked before either had its nodes', async () => {
    const clusters = ['a', 'b'].map((name) => managedCluster([poolProfile('apps')], { name }));
    const value = [usage('standardDSv5Family', 96), usage('cores', 10)];
    const world = await createTestWorld({
      fleet: fleetOf(...clusters),
      start: '2026-11-03T12:30:00Z',
      subscriptions: [subscription],
      // Azure counts what was not made yet for nothing.
      intercept: ({ url }, answer) =>
        /Compute\/locations\/[^/]+\/usages/.test(url)
          ? { status: 200, headers: {}, body: JSON.stringify({ value }) }
          : answer(),
    });
    const started = () => world.posts().map(({ url }) => /managedClusters\/(\w+)/.exec(url)?.[1]);
    await twoPasses(world);
    expect(started()).toEqual(['a']);
    expect(world.lines).toContainEqual(
      expect.stringContaining('b/apps: attempts in flight in westeurope need what is left of its quotas'),
    );
    await world.run(60);
    expect(started()).toEqual(['a', 'b']);
  });

  it('is counted by region, by VM family and while an attempt is in flight', async () => {
    const tables = createMemoryTables();
    const shares = [{ name: 'standardDSv5Family', vCpus: 4, used: 90, limit: 100 }];
    const claim = (name: string, region = 'westeurope', family = 'standardDSv5Family') => {
      const own = shares.map((share) => ({ ...share, name: family }));
      const attempt = anAttempt({ id: name, cluster: clusterIdOf(name), location: region, reserves: own });
      return insertAttempt(tables, attempt, undefined, { subscription, region, shares: own });
    };
    const claims = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => claim(name)));
    expect(claims.toSorted()).toEqual(['atQuota', 'atQuota', 'atQuota', 'inserted', 'inserted']);
    expect(await claim('f', 'northeurope')).toBe('inserted');
    expect(await claim('g', 'westeurope', 'standardESv5Family')).toBe('inserted');
    const [ended] = await listAttempts(tables);
    if (ended) await removeAttempt(tables, ended.attempt);
    expect(await claim('h')).toBe('inserted');
  });
});

describe('a check that could not be made', () => {
  const quotas = /Microsoft.Compute\/locations\/[^/]+\/usages$/;

  it.each<[string, RegExp, string]>([
    [
      'the quotas',
      quotas,
      'Preflight, check quota could not be made: The vCPU quotas of westeurope could not be read (403 AuthorizationFailed It says no).',
    ],
    [
      'the VM sizes',
      /Microsoft.Compute\/skus$/,
      'check quota could not be made: The VM sizes of westeurope could not be read (403',
    ],
    [
      'the networks',
      /Microsoft.Network\/virtualNetworks$/,
      'check subnet could not be made: The addresses of its subnet could not be read (403',
    ],
    [
      'the usages of a network',
      /virtualNetworks\/aks-vnet\/usages$/,
      'check subnet could not be made: The addresses of its subnet could not be read (403',
    ],
  ])('%s: blocks, and says what to do', async (_what, path, sentence) => {
    const world = await worldWith({ intercept: fail(path, 403, 'AuthorizationFailed') });
    await twoPasses(world);
    expect(world.posts()).toEqual([]);
    const decision = await decisionOf(world);
    expect(decision).toMatchObject({ verdict: 'blocked', reason: 'preflightFailed' });
    expect(decision?.sentence).toContain(sentence);
    expect(decision?.sentence).toContain("give the keeper's role that read");
  });

  it.each<[string, PreflightPolicy]>([
    ['notRun: warn', { notRun: 'warn' }],
    ['the check warns', { quota: 'warn' }],
    ['the check is off', { quota: 'off' }],
  ])('starts where %s', async (_what, preflight) => {
    const world = await worldWith({ preflight, intercept: fail(quotas, 403, 'AuthorizationFailed') });
    await twoPasses(world);
    expect(world.posts()).toHaveLength(1);
  });

  it('asks nothing for checks that are off', async () => {
    const world = await worldWith({ preflight: { quota: 'off', subnet: 'off' } });
    await twoPasses(world);
    expect(world.posts()).toHaveLength(1);
    expect(world.requests.filter(({ url }) => /Microsoft\.(Compute|Network)/.test(url))).toEqual([]);
  });
});

describe('subnets', () => {
  const hub = `/subscriptions/${subscription}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/hub/subnets`;

  it('that AKS made, full: blocks', async () => {
    const world = await worldWith();
    world.simulator.inject(fullSubnet);
    await twoPasses(world);
    expect((await decisionOf(world))?.sentence).toContain(
      'check subnet: 1 surge node needs 1 address of subnet aks-subnet, but only 0 of 65531 are free.',
    );
    expect(world.posts()).toEqual([]);
  });

  it('of the owner’s, for nodes and for pods: are read in one request, and let start', async () => {
    const own = { vnetSubnetID: `${hub}/nodes`, podSubnetID: `${hub.toLowerCase()}/Pods`, maxPods: 30 };
    const world = await worldWith({
      pools: [poolProfile('apps', own)],
      properties: { networkProfile: { networkPlugin: 'azure' } },
    });
    await twoPasses(world);
    expect(world.posts()).toHaveLength(1);
    const asked = world.requests.filter(({ url }) => url.includes('Microsoft.Network'));
    expect(asked.map(({ url }) => new URL(url).pathname.split('/').slice(-2))).toEqual([['hub', 'usages']]);
  });

  it('in a network that is not there: not known, so blocks', async () => {
    const gone = `${hub.replace('hub', 'gone')}/nodes`;
    const world = await worldWith({
      pools: [poolProfile('apps', { vnetSubnetID: gone })],
      intercept: fail(/virtualNetworks\/gone\/usages$/, 404, 'ResourceNotFound'),
    });
    await twoPasses(world);
    expect((await decisionOf(world))?.sentence).toContain('there is no virtual network');
    expect(world.posts()).toEqual([]);
  });
});

describe('moments before the request', () => {
  it('judges the pool as it is then: made anew with another size, nothing is known of it', async () => {
    let reads = 0;
    const world = await worldWith({
      intercept: ({ url }, answer) => {
        const answered = answer();
        if (new URL(url).pathname !== clusterId) return answered;
        reads += 1;
        // The last of the starter's two reads.
        return reads === 3
          ? { ...answered, body: answered.body.replace('Standard_D4s_v5', 'Standard_D64s_v5') }
          : answered;
      },
    });
    await twoPasses(world);
    expect((await decisionOf(world))?.sentence).toContain('the pool was changed while it was read');
    expect(world.posts()).toEqual([]);
  });

  it('a slow preflight does not make the decision stale: the cluster is read after it', async () => {
    const world = await worldWith({
      intercept: ({ url }, answer) => {
        if (url.includes('Microsoft.Compute')) world.advance({ seconds: 25 });
        return answer();
      },
    });
    await twoPasses(world);
    expect(world.posts()).toHaveLength(1);
  });

  it('is asked only when all else lets the pool start: a hold is not hidden by it', async () => {
    const world = await worldWith();
    await world.pass();
    world.simulator.inject(noQuota);
    world.advance({ hours: 6 });
    const message = { clusterId, nodePool: 'apps', expiresAt: '2026-11-04T00:00:00Z' };
    expect(await startAttempt(world.dependencies, message)).toMatchObject({
      decision: { reason: 'outsideWindow', also: [] },
    });
  });
});

describe('on demand', () => {
  async function twoClusters(intercept?: Intercept) {
    const world = await createTestWorld({
      fleet: fleetOf(
        managedCluster([poolProfile('apps'), poolProfile('system', { mode: 'System', count: 1 })]),
        managedCluster([poolProfile('apps')], { name: 'shop-test' }),
      ),
      start: inWindow,
      subscriptions: [subscription],
      policy: { mode: 'observe', preflight: { spot: 'off' } },
      ...(intercept ? { intercept } : {}),
    });
    await world.pass();
    return world;
  }
  const reportsOf = async (
    world: Awaited<ReturnType<typeof twoClusters>>,
    filter: Parameters<typeof reportPreflight>[1],
  ) => {
    const answer = await reportPreflight(world.dependencies, filter);
    return answer.kind === 'reports' ? answer.reports : answer.kind;
  };

  it('reports each pool with every check, and changes nothing', async () => {
    const world = await twoClusters();
    world.simulator.inject(noQuota);
    const reports = await reportsOf(world, {
      cluster: clusterId.toUpperCase().replace('SUBSCRIPTIONS', 'subscriptions'),
    });
    expect(reports).toMatchObject([
      {
        at: inWindow,
        cluster: clusterId,
        nodePool: 'apps',
        from: oldImage,
        to: newImage,
        wouldStart: false,
        off: ['spot'],
      },
      { nodePool: 'system', wouldStart: false },
    ]);
    const [apps, system] = reports as Exclude<typeof reports, string>;
    expect(apps?.checks.map(({ check, effect, result, blocks }) => [check, effect, result, blocks])).toEqual([
      ['idle', 'warn', 'passed', false],
      ['quota', 'block', 'failed', true],
      ['subnet', 'block', 'passed', false],
      ['scaleSetLimit', 'block', 'passed', false],
      ['autoscalerAtMax', 'warn', 'passed', false],
      ['singleSystemNode', 'warn', 'passed', false],
    ]);
    expect(system?.checks.find(({ check }) => check === 'singleSystemNode')).toMatchObject({ result: 'failed' });
    expect(await decisionOf(world)).toMatchObject({ reason: 'observeOnly' });
    expect(world.posts()).toEqual([]);
  });

  it('asks for a region and a network once, whatever the number of pools', async () => {
    const world = await twoClusters();
    const before = world.requests.length;
    expect(await reportsOf(world, { cluster: 'shop*' })).toHaveLength(3);
    const asked = world.requests.slice(before).map(({ url }) => new URL(url).pathname.split('/').at(-1) ?? '');
    const counts = [...Map.groupBy(asked, (name) => name)].map(([name, all]) => [name, all.length]);
    expect(Object.fromEntries(counts)).toEqual({
      shop: 1,
      'shop-test': 1,
      skus: 1,
      // The region's, and those of a network for each cluster.
      usages: 3,
      virtualNetworks: 2,
    });
  });

  it('takes one pool, in any case', async () => {
    const world = await twoClusters();
    expect(await reportsOf(world, { cluster: 'shop*', nodePool: 'SYSTEM' })).toMatchObject([{ nodePool: 'system' }]);
  });

  it.each([
    ['a cluster that nobody knows', { cluster: 'bank' }],
    ['a pool that it does not have', { cluster: 'shop', nodePool: 'gpu' }],
    ['a cluster outside the fleet', { cluster: clusterIdOf('shop').replace(subscription, 'other') }],
  ])('finds nothing for %s', async (_what, filter) => {
    expect(await reportsOf(await twoClusters(), filter)).toBe('notFound');
  });

  it.each([
    ['could not be read', 503, 'The cluster could not be read: 503 No It says no.'],
    ['is gone', 404, 'ARM has no cluster of this id.'],
  ])('says of a cluster that %s that no check was made', async (_what, status, sentence) => {
    let fails = false;
    const world = await twoClusters((request, answer) =>
      fails && new URL(request.url).pathname === clusterId ? fail(/./, status, 'No')(request, answer) : answer(),
    );
    fails = true;
    const reports = await reportsOf(world, { cluster: 'shop*', nodePool: 'apps' });
    const checks = expect.arrayContaining([expect.objectContaining({ result: 'notRun', sentence })]);
    expect(reports).toMatchObject([
      { cluster: clusterIdOf('shop-test'), decision: { reason: 'observeOnly' } },
      { cluster: clusterId, wouldStart: false, from: oldImage, checks, decision: { reason: 'readFailed' } },
    ]);
  });
});
