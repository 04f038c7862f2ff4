// How people leave the fleet: so that what is due can be started. Called by life.ts.
import type { Simulator } from '../../../local/simulator/simulator.ts';
import type { ArmManagedCluster } from '../../../local/simulator/world/armFleet.ts';
import { writeCluster, writePool } from '../../../local/simulator/world/changeWorld.ts';
import { findCluster, findPool, type PoolState, type World } from '../../../local/simulator/world/world.ts';
import { allow } from './changes.ts';

/** No node of the pool is on another image than the pool, nor will one be when its roll has ended. */
function reimage({ rolls }: World, pool: PoolState): void {
  const roll = rolls.find((one) => one.pool === pool);
  if (roll) roll.nodesBehind = 0;
  else pool.nodes = pool.nodes.map((node) => ({ ...node, nodeImageVersion: pool.profile.nodeImageVersion }));
}

/** Everything stands again, runs, lets its pods go, and has neither nodes behind nor an operation that failed: so that what is due from here on can be started. */
export function repair(simulator: Simulator, clusters: readonly ArmManagedCluster[]): void {
  const world = simulator.world();
  simulator.inject({ kind: 'clear' });
  for (const { id, properties } of clusters) {
    if (!findCluster(world, id)) simulator.inject({ kind: 'person', does: 'recreate', cluster: id });
    const cluster = findCluster(world, id);
    if (!cluster) continue;
    for (const { name: nodePool } of properties.agentPoolProfiles ?? []) {
      if (!findPool(cluster, nodePool)) simulator.inject({ kind: 'person', does: 'recreate', cluster: id, nodePool });
    }
    // Those that were drawn so stay so.
    if (properties.provisioningState === undefined && cluster.resource.properties.provisioningState === 'Canceled')
      writeCluster(world, cluster, { provisioningState: 'Succeeded' });
    const running = { code: 'Running' };
    if (cluster.resource.properties.powerState?.code === 'Stopped')
      writeCluster(world, cluster, { powerState: running });
    allow(cluster, () => 1);
    for (const pool of cluster.pools) {
      reimage(world, pool);
      const { provisioningState = '', powerState } = pool.profile;
      if (powerState?.code === 'Stopped') writePool(world, cluster, pool, { powerState: running });
      if (/failed|canceled/i.test(provisioningState)) {
        writePool(world, cluster, pool, { provisioningState: 'Succeeded', status: undefined });
      }
    }
  }
}
