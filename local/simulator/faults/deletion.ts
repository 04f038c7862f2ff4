// Clusters and pools that people delete, and make again under the same name. Called by personActs.ts.
import { createCluster, createPool } from '../createWorld.ts';
import { pend, provisioningStateOf, writeCluster, writePool, writeResource } from '../world/changeWorld.ts';
import { sameName } from '../world/names.ts';
import { hex } from '../world/random.ts';
import { latestNodeImage } from '../world/releases.ts';
import { preemptRoll } from '../world/rolling.ts';
import { type ClusterState, findCluster, findPool, type PoolState, type World } from '../world/world.ts';

const creating = { provisioningState: 'Creating', powerState: { code: 'Running' } };
const neverDescribed = 'the fleet never described it.';

export function deleteResource(world: World, cluster: ClusterState, pool: PoolState | undefined): undefined {
  preemptRolls(world, cluster, pool);
  writeResource(world, cluster, pool, { provisioningState: 'Deleting' });
  pend(world, world.secondsPerNode, () => remove(world, cluster, pool));
}

/** The cluster that the fleet described, with new ids and the newest images; one that still stands goes at once. */
export function recreateCluster(world: World, clusterId: string): string | undefined {
  const definition = world.definitions.find(({ id }) => sameName(id, clusterId));
  if (!definition) return neverDescribed;
  const before = findCluster(world, clusterId);
  if (before) remove(world, before, undefined);
  const cluster = createCluster(definition, world.random);
  world.clusters = [...world.clusters, cluster];
  for (const pool of cluster.pools) renewPool(world, cluster, pool);
  writeCluster(world, cluster, { ...creating, resourceUID: hex(24, world.random) });
  endCreating(world, cluster, undefined);
  return undefined;
}

/** The pool that the fleet described, with new nodes on the newest image; one that still stands goes at once. */
export function recreatePool(world: World, cluster: ClusterState, nodePool: string): string | undefined {
  const definition = world.definitions
    .find(({ id }) => sameName(id, cluster.resource.id))
    ?.properties.agentPoolProfiles?.find(({ name }) => sameName(name, nodePool));
  if (!definition) return neverDescribed;
  const before = findPool(cluster, nodePool);
  if (before) remove(world, cluster, before);
  const pool = createPool(definition, cluster.resource.properties.kubernetesVersion ?? '', world.random);
  cluster.pools = [...cluster.pools, pool];
  renewPool(world, cluster, pool);
  return undefined;
}

function renewPool(world: World, cluster: ClusterState, pool: PoolState): void {
  const nodeImageVersion = latestNodeImage(world, cluster, pool);
  pool.nodes = pool.nodes.map((node) => ({ ...node, nodeImageVersion }));
  pool.deallocated = [];
  writePool(world, cluster, pool, { ...creating, ...(nodeImageVersion && { nodeImageVersion }) });
  endCreating(world, cluster, pool);
}

function endCreating(world: World, cluster: ClusterState, pool: PoolState | undefined): void {
  pend(world, world.secondsPerNode, () => {
    if (provisioningStateOf(cluster, pool) !== 'Creating') return;
    writeResource(world, cluster, pool, { provisioningState: 'Succeeded' });
  });
}

function remove(world: World, cluster: ClusterState, pool: PoolState | undefined): void {
  preemptRolls(world, cluster, pool);
  if (pool) {
    cluster.pools = cluster.pools.filter((other) => other !== pool);
    writeCluster(world, cluster, {});
  } else {
    world.clusters = world.clusters.filter((other) => other !== cluster);
  }
}

function preemptRolls(world: World, cluster: ClusterState, pool: PoolState | undefined): void {
  const pools = pool ? [pool] : cluster.pools;
  for (const roll of world.rolls.filter((one) => pools.includes(one.pool))) preemptRoll(world, roll);
}
