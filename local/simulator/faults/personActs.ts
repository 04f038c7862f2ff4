// What people do to clusters and pools meanwhile, whatever the window. Called by injectFault.ts.
import { Temporal } from 'temporal-polyfill';
import { isTerminal } from '../../../shared/domain/cluster/cluster.ts';
import { byPerson, report } from '../events/whoDidIt.ts';
import { operationHeaders } from '../world/operation.ts';
import { newerNodeImage } from '../world/releases.ts';
import { startRoll } from '../world/rolling.ts';
import { refusalOf, upgradeNodeImageVersion } from '../world/upgrade.ts';
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
import { deleteCluster, deletePool, recreateCluster, recreatePool } from './deletion.ts';
import type { FaultOf } from './fault.ts';

type Act = FaultOf<'person'>['does'];

/** AKS keeps the image before for so long. */
const rollBackDays = 7;
const inProgress = 'another operation is in progress.';

/** Does it, or says why it can't be done. Without `nodePool` to the cluster. */
export function personActs(
  world: World,
  does: Act,
  clusterId: string,
  nodePool: string | undefined,
): string | undefined {
  const cluster = findCluster(world, clusterId);
  if (does === 'recreate' && nodePool === undefined) return recreateCluster(world, clusterId);
  if (!cluster) return 'there is no such cluster now.';
  if (nodePool === undefined) return onCluster(world, does, cluster);
  if (does === 'recreate') return recreatePool(world, cluster, nodePool);
  const pool = findPool(cluster, nodePool);
  return pool ? onPool(world, does, cluster, pool) : 'there is no such pool now.';
}

function onCluster(world: World, does: Act, cluster: ClusterState): string | undefined {
  if (does === 'delete') return deleteCluster(world, cluster);
  return does === 'stop' || does === 'start' ? switchCluster(world, does, cluster) : 'it is done to a pool.';
}

function onPool(
  world: World,
  does: Exclude<Act, 'recreate'>,
  cluster: ClusterState,
  pool: PoolState,
): string | undefined {
  switch (does) {
    case 'upgrade':
      return upgrade(world, cluster, pool);
    case 'rollBack':
      return rollBack(world, cluster, pool);
    case 'stop':
    case 'start':
      return switchPool(world, does, cluster, pool);
    case 'delete':
      return deletePool(world, cluster, pool);
  }
}

function upgrade(world: World, cluster: ClusterState, pool: PoolState): string | undefined {
  const refusal = refusalOf(cluster, pool);
  if (refusal) return refusal;
  if (!newerNodeImage(world, cluster, pool)) return 'there is no newer image.';
  const requested = byPerson(world, cluster, pool, 'upgradeNodeImageVersion/action');
  report(world, requested, upgradeNodeImageVersion(world, cluster, pool, ''));
  return undefined;
}

/** Of image and Kubernetes version at once. Asked for by a PUT of the pool: an update, not an upgrade. */
function rollBack(world: World, cluster: ClusterState, pool: PoolState): string | undefined {
  const refusal = refusalOf(cluster, pool);
  if (refusal) return refusal;
  const { recentlyUsed } = pool;
  if (!recentlyUsed) return 'the pool had no other image before.';
  const oldest = world.time.subtract({ hours: rollBackDays * 24 });
  if (Temporal.Instant.compare(Temporal.Instant.from(recentlyUsed.timestamp), oldest) < 0) {
    return `AKS keeps the image before for ${rollBackDays} days only.`;
  }
  const { nodeImageVersion, orchestratorVersion } = recentlyUsed;
  const { operation } = startRoll(world, cluster, pool, nodeImageVersion, 'Updating', orchestratorVersion);
  const requested = byPerson(world, cluster, pool, 'write');
  report(world, requested, { status: 202, headers: operationHeaders(operation, '') });
  return undefined;
}

function switchCluster(world: World, does: 'stop' | 'start', cluster: ClusterState): string | undefined {
  const states = [cluster.resource.properties, ...cluster.pools.map(({ profile }) => profile)];
  if (!states.every(({ provisioningState = '' }) => isTerminal(provisioningState))) return inProgress;
  const { during, powerState } = switching[does];
  writeCluster(world, cluster, { provisioningState: during });
  pend(world, world.secondsPerNode, () => {
    if (cluster.resource.properties.provisioningState !== during) return;
    setReady(cluster.pools, powerState.code === 'Running');
    writeCluster(world, cluster, { provisioningState: 'Succeeded', powerState });
  });
  return undefined;
}

function switchPool(world: World, does: 'stop' | 'start', cluster: ClusterState, pool: PoolState): string | undefined {
  const states = [cluster.resource.properties, pool.profile];
  if (!states.every(({ provisioningState = '' }) => isTerminal(provisioningState))) return inProgress;
  const { during, powerState } = switching[does];
  writePool(world, cluster, pool, { provisioningState: during });
  pend(world, world.secondsPerNode, () => {
    if (pool.profile.provisioningState !== during) return;
    setReady([pool], powerState.code === 'Running');
    writePool(world, cluster, pool, { provisioningState: 'Succeeded', powerState });
  });
  return undefined;
}

const switching = {
  stop: { during: 'Stopping', powerState: { code: 'Stopped' } },
  start: { during: 'Starting', powerState: { code: 'Running' } },
} as const;

function setReady(pools: readonly PoolState[], ready: boolean): void {
  for (const pool of pools) pool.nodes = pool.nodes.map((node) => ({ ...node, ready }));
}
