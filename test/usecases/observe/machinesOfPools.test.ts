// Pools whose scale sets hold more than their nodes: machines that a scale-down deallocated, or those of another cluster.
import { describe, expect, it } from 'vitest';
import type { ArmManagedCluster } from '../../../local/simulator/world/armFleet.ts';
import { listNodePools } from '../../../shared/usecases/ask/listNodePools.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { fleetOf, managedCluster, newImage, oldImage, poolProfile, subscription } from '../fleets.ts';

const keeping = poolProfile('apps', { count: 2, scaleDownMode: 'Deallocate', deallocatedNodes: 3 });
const kubernetes = { enabled: true };

async function worldOf(clusters: readonly ArmManagedCluster[], policy: object = {}): Promise<TestWorld> {
  return createTestWorld({
    fleet: fleetOf(...clusters),
    start: '2026-11-03T11:50:00Z',
    subscriptions: [subscription],
    policy: { mode: 'enforce', ...policy },
  });
}

const decisionOf = async ({ dependencies }: TestWorld) => (await listNodePools(dependencies, {}))[0]?.decision;

describe('scaleDownMode Deallocate, count 2, three machines deallocated on the old image', () => {
  it('is upgraded with a proof of 2 of 2, and is not blocked for days', async () => {
    const world = await worldOf([managedCluster([keeping])]);
    await world.run(60);
    expect(await world.history()).toMatchObject([
      { to: newImage, outcome: 'succeeded', proof: 'instances', nodes: { total: 2, upToDate: 2 } },
    ]);
    expect(await decisionOf(world)).toMatchObject({ verdict: 'skip', reason: 'upToDate' });
  });

  it('is the same by its nodes, and preflight does not wait until deallocated ones are Ready', async () => {
    const world = await worldOf([managedCluster([keeping])], { kubernetes, preflight: { nodesReady: 'block' } });
    await world.run(60);
    expect(await world.history()).toMatchObject([
      { to: newImage, outcome: 'succeeded', proof: 'nodes', nodes: { total: 2, upToDate: 2, ready: 2 } },
    ]);
  });

  it('is partial where one of its two nodes stays behind', async () => {
    const world = await worldOf([managedCluster([keeping])]);
    world.simulator.inject({ kind: 'nodesBehind', cluster: 'shop', nodePool: 'apps', nodes: 1 });
    await world.run(60);
    expect(await world.history()).toMatchObject([{ outcome: 'partial', nodes: { total: 2, upToDate: 1 } }]);
    expect(await decisionOf(world)).toMatchObject({ reason: 'nodesBehind' });
  });

  it('is proven by nothing while ARM shows no power states, and the row says why', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster([keeping])),
      start: '2026-11-03T11:50:00Z',
      subscriptions: [subscription],
      intercept: (_request, answer) => {
        const response = answer();
        return { ...response, body: response.body.replaceAll(/"instanceView":\{.*?\]\}/g, '"instanceView":null') };
      },
    });
    await world.run(60);
    expect(await world.history()).toMatchObject([
      {
        to: newImage,
        outcome: 'succeeded',
        proof: 'pool',
        proofProblem: '5 of 5 machines may be deallocated, as scaleDownMode is Deallocate, and do not show it',
      },
    ]);
    expect(await decisionOf(world)).toMatchObject({ reason: 'upToDate' });
  });
});

describe('clusters that share a node resource group, with pools of one name', () => {
  const shared = { nodeResourceGroup: 'rg-nodes' };
  const clusters = ['shop', 'stock'].map((name) =>
    managedCluster([poolProfile('apps')], { name, properties: shared, window: name === 'shop' ? {} : null }),
  );

  it('are told apart by nobody: the row says why its proof is the pool alone', async () => {
    const world = await worldOf(clusters);
    await world.run(60);
    expect(await world.history()).toMatchObject([
      {
        from: oldImage,
        outcome: 'succeeded',
        proof: 'pool',
        proofProblem: expect.stringContaining('clusters share its node resource group'),
      },
    ]);
  });

  it('are proven by their nodes where those may be asked, and then nothing is said against the proof', async () => {
    const world = await worldOf(clusters, { kubernetes });
    await world.run(60);
    const [row] = await world.history();
    expect(row).toMatchObject({ outcome: 'succeeded', proof: 'nodes' });
    expect(row).not.toHaveProperty('proofProblem');
  });
});

it('a proof that comes later takes back what was said against it', async () => {
  let isForbidden = true;
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster()),
    start: '2026-11-03T11:50:00Z',
    subscriptions: [subscription],
    intercept: ({ url }, answer) =>
      isForbidden && /virtualMachineScaleSets/i.test(url) ? { status: 403, headers: {}, body: '{}' } : answer(),
  });
  await world.run(30);
  expect(await world.history()).toMatchObject([{ proof: 'pool', proofProblem: expect.stringContaining('403') }]);
  isForbidden = false;
  await world.run(60);
  const [row] = await world.history();
  expect(row).toMatchObject({ proof: 'instances' });
  expect(row).not.toHaveProperty('proofProblem');
});
