// Clusters and pools that people delete, and make again under the same name. Called by personActs.ts.
import { createCluster, createPool } from '../createWorld.ts';
import { hex } from '../world/random.ts';
import { latestNodeImage } from '../world/releases.ts';
import { preemptRoll } from '../world/rolling.ts';
import {
  type ClusterState,
  findCluster,
  findPool,
  type PoolState,
  pend,
  type World,
  writeCluster,
  writePool,
} from '../world/world.ts';

const creating = { provisioningState: 'Creating', powerState: { code: 'Running' } };

export function deleteCluster(world: World, cluster: ClusterState): undefined {
  preempt(world, cluster.pools);
  writeCluster(world, cluster, { provisioningState: 'Deleting' });
  pend(world, world.secondsPerNode, () => removeCluster(world, cluster));
}

export function deletePool(world: World, cluster: ClusterState, pool: PoolState): undefined {
  preempt(world, [pool]);
  writePool(world, cluster, pool, { provisioningState: 'Deleting' });
  pend(world, world.secondsPerNode, () => removePool(world, cluster, pool));
}

/** The cluster that the fleet described, with new ids and the newest images; one that still stands goes at once. */
export function recreateCluster(world: World, clusterId: string): string | undefined {
  const definition = world.definitions.find(({ id }) => id.toLowerCase() === clusterId.toLowerCase());
  if (!definition) return 'the fleet never described it.';
  const before = findCluster(world, clusterId);
  if (before) {
    preempt(world, before.pools);
    removeCluster(world, before);
  }
  const cluster = createCluster(definition, world.random);
  world.clusters = [...world.clusters, cluster];
  for (const pool of cluster.pools) renewPool(world, cluster, pool);
  writeCluster(world, cluster, { ...creating, resourceUID: hex(24, world.random) });
  pend(world, world.secondsPerNode, () => {
    if (cluster.resource.properties.provisioningState === 'Creating') {
      writeCluster(world, cluster, { provisioningState: 'Succeeded' });
    }
  });
  return undefined;
}

/** The pool that the fleet described, with new nodes on the newest image; one that still stands goes at once. */
export function recreatePool(world: World, cluster: ClusterState, nodePool: string): string | undefined {
  const definition = world.definitions
    .find(({ id }) => id.toLowerCase() === cluster.resource.id.toLowerCase())
    ?.properties.agentPoolProfiles?.find(({ name }) => name.toLowerCase() === nodePool.toLowerCase());
  if (!definition) return 'the fleet never described it.';
  const before = findPool(cluster, nodePool);
  if (before) {
    preempt(world, [before]);
    removePool(world, cluster, before);
  }
  const pool = createPool(definition, cluster.resource.properties.kubernetesVersion ?? '', world.random);
  cluster.pools = [...cluster.pools, pool];
  renewPool(world, cluster, pool);
  return undefined;
}

/** Being made, on the newest image, until its nodes are there. */
function renewPool(world: World, cluster: ClusterState, pool: PoolState): void {
  const nodeImageVersion = latestNodeImage(world, cluster, pool);
  pool.nodes = pool.nodes.map((node) => ({ ...node, nodeImageVersion }));
  writePool(world, cluster, pool, { ...creating, ...(nodeImageVersion && { nodeImageVersion }) });
  pend(world, world.secondsPerNode, () => {
    if (pool.profile.provisioningState === 'Creating') {
      writePool(world, cluster, pool, { provisioningState: 'Succeeded' });
    }
  });
}

function removeCluster(world: World, cluster: ClusterState): void {
  world.clusters = world.clusters.filter((other) => other !== cluster);
}

function removePool(world: World, cluster: ClusterState, pool: PoolState): void {
  cluster.pools = cluster.pools.filter((other) => other !== pool);
  writeCluster(world, cluster, {});
}

function preempt(world: World, pools: readonly PoolState[]): void {
  for (const roll of world.rolls.filter(({ pool }) => pools.includes(pool))) preemptRoll(world, roll);
}
