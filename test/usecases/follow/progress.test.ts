import { describe, expect, it } from 'vitest';
import { askNodePools } from '../../http/askWorld.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { clusterId, fleetOf, managedCluster, newImage, oldImage, poolProfile, subscription } from '../fleets.ts';

function worldOf(policy: object = {}, cluster: object = {}): Promise<TestWorld> {
  const pools = [poolProfile('apps', { count: 4 }), poolProfile('system', { mode: 'System' })];
  return createTestWorld({
    fleet: fleetOf({ ...managedCluster(pools), ...cluster }),
    start: '2026-11-03T12:00:00Z',
    subscriptions: [subscription],
    policy: { mode: 'enforce', ...policy },
  });
}

const rowsOf = ({ dependencies }: TestWorld) => askNodePools(dependencies);

describe('while a pool rolls', () => {
  it('its row tells how many nodes are done, and when it should end', async () => {
    const world = await worldOf();
    await world.run(18);
    const [apps, system] = await rowsOf(world);
    expect(apps?.upgrade).toMatchObject({
      from: oldImage,
      to: newImage,
      state: 'running',
      startedAt: '2026-11-03T12:10:00Z',
      nodes: { total: 4, done: 1 },
    });
    // One of four nodes after eight minutes.
    expect(apps?.upgrade?.expectedEnd).toBe('2026-11-03T12:42:00Z');
    expect(system?.upgrade).toBeUndefined();
    await world.run(60);
    expect((await rowsOf(world))[0]?.upgrade).toBeUndefined();
  });

  it('the Kubernetes API tells more, where the policy enables it', async () => {
    const kubernetes = { pods: [{ namespace: 'shop', name: 'late', nodePool: 'apps', phase: 'Pending' }] };
    const world = await worldOf({ kubernetes: { enabled: true } }, { kubernetes });
    await world.run(18);
    const [apps] = await rowsOf(world);
    expect(apps?.upgrade?.nodes).toMatchObject({ total: 4, done: 1, cordoned: 1, notReady: 1, pendingPods: 1 });
  });

  it('is followed all the same when nobody can count its nodes', async () => {
    const world = await worldOf();
    const broken: TestWorld['dependencies'] = {
      ...world.dependencies,
      capacity: {
        ...world.dependencies.capacity,
        listInstances: async () => {
          throw new Error('Compute is down.');
        },
      },
    };
    Object.assign(world.dependencies, broken);
    await world.run(60);
    expect(world.lines.join('\n')).toMatch(/progress of attempt .* could not be read: Compute is down/);
    expect(await world.history()).toMatchObject([{}, { nodePool: 'apps', outcome: 'succeeded', proof: 'pool' }]);
    expect((await world.ledger(clusterId)).filter(({ kind }) => kind === 'transition')).toHaveLength(2);
  });
});
