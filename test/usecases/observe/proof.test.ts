import { describe, expect, it } from 'vitest';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { readHeads } from '../../../shared/stores/ledgerStore.ts';
import { closeBudget, upgradesIn } from '../../../shared/stores/starts/budgetStore.ts';
import { listNodePools } from '../../../shared/usecases/ask/listNodePools.ts';
import { recordObservation } from '../../../shared/usecases/observe/recordObservation.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { clusterId, fleetOf, managedCluster, newImage, oldImage, poolProfile, subscription } from '../fleets.ts';

const newerImage = 'AKSUbuntu-2204gen2containerd-202611.02.0';
const asking = { mode: 'enforce', kubernetes: { enabled: true }, preflight: { notRun: 'warn' } };

type Intercept = (request: ArmRequest, answer: () => ArmResponse) => ArmResponse;

function worldAt(
  start: string,
  { policy, intercept, properties = {} }: { policy?: object; intercept?: Intercept; properties?: object } = {},
): Promise<TestWorld> {
  return createTestWorld({
    fleet: fleetOf(managedCluster([poolProfile('apps')], { properties })),
    start,
    subscriptions: [subscription],
    ...(policy && { policy }),
    ...(intercept && { intercept }),
  });
}

const nodesBehind = { kind: 'nodesBehind', cluster: 'shop', nodePool: 'apps', nodes: 1 } as const;
const isOfKubernetes = ({ url }: ArmRequest) => /\/kubernetes\/|listClusterUserCredential/i.test(url);
const isOfCompute = ({ url }: ArmRequest) => /virtualMachineScaleSets/i.test(url);
const failing =
  (is: (request: ArmRequest) => boolean, status = 403): Intercept =>
  (request, answer) =>
    is(request) ? { status, headers: {}, body: '{"error":{"code":"AuthorizationFailed","message":"No."}}' } : answer();

const headOf = async ({ dependencies }: TestWorld) =>
  (await readHeads(dependencies.tables, clusterKey(clusterId))).pools[0];
const decisionOf = async ({ dependencies }: TestWorld) => (await listNodePools(dependencies, {}))[0]?.decision;
const amendmentsOf = async (world: TestWorld) =>
  (await world.ledger(clusterId)).filter(({ kind }) => kind === 'amendment');

describe('the proof of a roll', () => {
  it('is its scale set instances where the policy does not enable the Kubernetes API, which nobody asks', async () => {
    const world = await worldAt('2026-11-03T11:50:00Z');
    await world.run(40);
    expect(await world.history()).toMatchObject([
      { outcome: 'succeeded', proof: 'instances', nodes: { total: 2, upToDate: 2 } },
    ]);
    expect(world.requests.filter(isOfKubernetes)).toEqual([]);
  });

  it('is the virtual machines of a pool that has no scale set', async () => {
    const { count: _, ...rest } = poolProfile('apps');
    const manual = [
      { size: 'Standard_D4s_v5', count: 2 },
      { size: 'Standard_D8s_v5', count: 1 },
    ];
    const machines = { ...rest, type: 'VirtualMachines', virtualMachinesProfile: { scale: { manual } } };
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster([machines])),
      start: '2026-11-03T11:50:00Z',
      subscriptions: [subscription],
    });
    await world.run(50);
    expect(await world.history()).toMatchObject([
      { outcome: 'succeeded', proof: 'instances', nodes: { total: 3, upToDate: 3 } },
    ]);
    expect((await headOf(world))?.batchMinutesWithoutSoak).toEqual([expect.closeTo(5, 0)]);
  });

  it('is its nodes where it does, and then nobody asks Compute', async () => {
    const world = await worldAt('2026-11-03T11:50:00Z', { policy: asking });
    await world.run(40);
    expect(await world.history()).toMatchObject([
      { outcome: 'succeeded', proof: 'nodes', nodes: { total: 2, upToDate: 2, ready: 2, cordoned: 0 } },
    ]);
    expect(world.requests.filter(({ url }) => url.includes('listClusterUserCredential'))).toHaveLength(1);
    expect(world.requests.filter(isOfCompute)).toEqual([]);
  });

  it.each<[string, { policy?: object; intercept?: Intercept; properties?: object }]>([
    ['is private', { policy: asking, properties: { apiServerAccessProfile: { enablePrivateCluster: true } } }],
    ['gives the keeper no permission', { policy: asking, intercept: failing(isOfKubernetes) }],
  ])('falls back on the instances when the cluster %s', async (_what, options) => {
    const world = await worldAt('2026-11-03T11:50:00Z', options);
    await world.run(40);
    expect(await world.history()).toMatchObject([{ outcome: 'succeeded', proof: 'instances' }]);
    expect(world.lines.join('\n')).toMatch(/shop\/apps could not be read from the Kubernetes API: (private|no perm)/);
  });

  it('is the pool alone when neither can be read, and is had later: an amendment', async () => {
    let isForbidden = true;
    const world = await worldAt('2026-11-03T11:50:00Z', {
      intercept: (request, answer) =>
        (isForbidden ? failing(isOfCompute) : (_: ArmRequest, own: () => ArmResponse) => own())(request, answer),
    });
    await world.run(60);
    expect(await world.history()).toMatchObject([{ outcome: 'succeeded', proof: 'pool' }]);
    expect((await world.history())[0]).not.toHaveProperty('nodes');
    isForbidden = false;
    await world.run(60);
    expect(await world.history()).toMatchObject([{ outcome: 'succeeded', proof: 'instances', nodes: { total: 2 } }]);
    expect(await amendmentsOf(world)).toHaveLength(1);
    expect(await headOf(world)).not.toHaveProperty('openProof');
  });

  it('is given up after a day', async () => {
    const world = await worldAt('2026-11-03T11:50:00Z', { intercept: failing(isOfCompute) });
    await world.run(26 * 60);
    const asked = world.requests.filter(isOfCompute).length;
    expect(asked).toBeLessThan(70);
    await world.run(24 * 60);
    expect(world.requests.filter(isOfCompute)).toHaveLength(asked);
    expect(await world.history()).toMatchObject([{ outcome: 'succeeded', proof: 'pool' }]);
  });

  it('tells of an attempt that failed how far it came, and leaves it failed', async () => {
    const policy = { ...asking, preflight: { podDisruptionBudgets: 'warn' } };
    const world = await worldAt('2026-11-03T11:50:00Z', { policy });
    world.simulator.inject({
      kind: 'drainBlocked',
      cluster: 'shop',
      nodePool: 'apps',
      podDisruptionBudget: 'shop/checkout',
      afterNodes: 1,
    });
    await world.run(90);
    expect(await world.history()).toMatchObject([
      { kind: 'rolled', outcome: 'failed', proof: 'nodes', nodes: { total: 2, upToDate: 1 } },
    ]);
    expect(await headOf(world)).not.toHaveProperty('nodesBehind');
  });
});

describe('nodes behind their pool', () => {
  it('make the roll partial, block the next, and are amended when they agree', async () => {
    const world = await worldAt('2026-11-03T11:50:00Z');
    world.simulator.inject({ ...nodesBehind, seconds: 26 * 3600 });
    await world.run(30);
    expect(await world.history()).toMatchObject([
      { outcome: 'partial', proof: 'instances', nodes: { total: 2, upToDate: 1 }, cause: 'keeper' },
    ]);
    world.simulator.release(newerImage);
    await world.run(24 * 60);
    expect(await decisionOf(world)).toMatchObject({ verdict: 'blocked', reason: 'nodesBehind' });
    expect((await decisionOf(world))?.sentence).toContain('1 of 2 nodes');
    expect(world.posts()).toHaveLength(1);
    await world.run(4 * 60);
    expect(await amendmentsOf(world)).toMatchObject([{ amends: 2, outcome: 'succeeded', nodes: { upToDate: 2 } }]);
    expect((await world.history()).at(-1)).toMatchObject({ to: newImage, outcome: 'succeeded', amendedBy: [3] });
    expect(await headOf(world)).not.toHaveProperty('nodesBehind');
    await world.run(24 * 60);
    expect(world.posts()).toHaveLength(2);
    expect((await world.history())[0]).toMatchObject({ from: newImage, to: newerImage, outcome: 'succeeded' });
  });

  it('are looked at again no more often than every five minutes', async () => {
    const world = await worldAt('2026-11-03T11:50:00Z');
    world.simulator.inject(nodesBehind);
    await world.run(30);
    const before = world.requests.filter(isOfCompute).length;
    for (let minute = 0; minute < 60; minute += 1) {
      world.advance({ minutes: 1 });
      await recordObservation(world.dependencies, { clusterId });
    }
    const looks = (world.requests.filter(isOfCompute).length - before) / 2;
    expect(looks).toBeGreaterThan(4);
    expect(looks).toBeLessThanOrEqual(12);
  });

  it('are not looked at while ARM wants to be left alone', async () => {
    const world = await worldAt('2026-11-03T11:50:00Z');
    world.simulator.inject(nodesBehind);
    await world.run(30);
    const { tables } = world.dependencies;
    await closeBudget(tables, upgradesIn(subscription, 'westeurope', 10), 3600, world.clock.now());
    const before = world.requests.filter(isOfCompute).length;
    await world.run(50);
    expect(world.requests.filter(isOfCompute)).toHaveLength(before);
    await world.run(60);
    expect(world.requests.filter(isOfCompute).length).toBeGreaterThan(before);
  });

  it('of a roll that somebody else began are found too', async () => {
    const world = await worldAt('2026-11-03T08:00:00Z');
    await world.run(10);
    world.simulator.inject({ ...nodesBehind, nodes: 2 });
    world.simulator.personUpgrades(clusterId, 'apps');
    await world.run(30);
    expect(await world.history()).toMatchObject([
      { from: oldImage, outcome: 'partial', nodes: { total: 2, upToDate: 0 } },
    ]);
  });
});

describe('the record does not wait for its proof', () => {
  it('when the reads break in ways that nobody thought of', async () => {
    const world = await worldAt('2026-11-03T11:50:00Z');
    const broken = {
      ...world.dependencies,
      capacity: {
        ...world.dependencies.capacity,
        listInstances: () => {
          throw new TypeError('undefined is not a function');
        },
      },
    };
    await world.pass();
    world.simulator.personUpgrades(clusterId, 'apps');
    world.advance({ minutes: 30 });
    expect(await recordObservation(broken, { clusterId })).toMatchObject([{ outcome: 'succeeded', proof: 'pool' }]);
  });

  it('when the policy can’t be read, or ARM after the nodes', async () => {
    const tables = createMemoryTables();
    let isDown = false;
    let reads = 0;
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T08:00:00Z',
      subscriptions: [subscription],
      tables: {
        ...tables,
        query: (table, ...rest) => {
          if (isDown && table === 'Policy') throw new Error('Storage is down.');
          return tables.query(table, ...rest);
        },
      },
      intercept: (request, answer) => {
        const isCluster = request.method === 'GET' && /managedClusters\/shop\?/i.test(request.url);
        if (isCluster) reads += 1;
        return isCluster && reads === 4 ? { status: 503, headers: {}, body: '' } : answer();
      },
    });
    await world.pass();
    isDown = true;
    world.simulator.personUpgrades(clusterId, 'apps');
    world.advance({ minutes: 30 });
    expect(await recordObservation(world.dependencies, { clusterId })).toMatchObject([{ proof: 'pool' }]);
    isDown = false;
    reads = 2;
    world.simulator.release(newerImage);
    world.simulator.personUpgrades(clusterId, 'apps');
    world.advance({ minutes: 30 });
    expect(await recordObservation(world.dependencies, { clusterId })).toMatchObject([{ proof: 'pool' }]);
    expect(reads).toBe(4);
  });

  it('and proves nothing of a pool that changed while its nodes were read', async () => {
    let world: TestWorld | undefined;
    world = await worldAt('2026-11-03T08:00:00Z', {
      intercept: (request, answer) => {
        const response = answer();
        if (isOfCompute(request)) world?.simulator.personUpgrades(clusterId, 'apps');
        return response;
      },
    });
    await world.pass();
    world.simulator.personUpgrades(clusterId, 'apps');
    world.advance({ minutes: 30 });
    world.simulator.release(newerImage);
    expect(await recordObservation(world.dependencies, { clusterId })).toMatchObject([{ to: newImage, proof: 'pool' }]);
  });
});
