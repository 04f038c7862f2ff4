// What people do to clusters and pools meanwhile, whatever the window. Called by injectFault.ts.
import { Temporal } from 'temporal-polyfill';
import { isTerminal } from '../../../shared/domain/cluster/cluster.ts';
import type { Answer } from '../arm/armAnswer.ts';
import { byPerson, report } from '../events/whoDidIt.ts';
import { pend, provisioningStateOf, writeResource } from '../world/changeWorld.ts';
import { operationHeaders } from '../world/operation.ts';
import { newerNodeImage } from '../world/releases.ts';
import { startRoll } from '../world/rolling.ts';
import { refusalOf, upgradeNodeImageVersion } from '../world/upgrade.ts';
import { type ClusterState, findCluster, findPool, type PoolState, type World } from '../world/world.ts';
import { deleteResource, recreateCluster, recreatePool } from './deletion.ts';
import type { FaultOf } from './fault.ts';

const rollBackDays = 7;

export function personActs(
  world: World,
  does: FaultOf<'person'>['does'],
  clusterId: string,
  nodePool: string | undefined,
): string | undefined {
  const cluster = findCluster(world, clusterId);
  if (does === 'recreate' && nodePool === undefined) return recreateCluster(world, clusterId);
  if (!cluster) return 'there is no such cluster now.';
  if (does === 'recreate') return recreatePool(world, cluster, nodePool ?? '');
  const pool = nodePool === undefined ? undefined : findPool(cluster, nodePool);
  if (nodePool !== undefined && !pool) return 'there is no such pool now.';
  if (does === 'delete') return deleteResource(world, cluster, pool);
  if (does === 'stop' || does === 'start') return switchPower(world, does, cluster, pool);
  if (!pool) return 'it is done to a pool.';
  return does === 'upgrade' ? upgrade(world, cluster, pool) : rollBack(world, cluster, pool);
}

function upgrade(world: World, cluster: ClusterState, pool: PoolState): string | undefined {
  const refusal = refusalOf(cluster, pool);
  if (refusal) return refusal;
  if (!newerNodeImage(world, cluster, pool)) return 'there is no newer image.';
  upgradeByPerson(world, cluster, pool);
  return undefined;
}

export function upgradeByPerson(world: World, cluster: ClusterState, pool: PoolState): Answer {
  const requested = byPerson(world, cluster, pool, 'upgradeNodeImageVersion/action');
  const answer = upgradeNodeImageVersion(world, cluster, pool, '');
  report(world, requested, answer);
  return answer;
}

/** Of image and Kubernetes version at once. A PUT of the pool asks for it: an update, not an upgrade. */
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

function switchPower(
  world: World,
  does: 'stop' | 'start',
  cluster: ClusterState,
  pool: PoolState | undefined,
): string | undefined {
  const pools = () => (pool ? [pool] : cluster.pools);
  const states = [cluster.resource.properties, ...pools().map(({ profile }) => profile)];
  if (!states.every(({ provisioningState = '' }) => isTerminal(provisioningState)))
    return 'another operation is in progress.';
  const during = does === 'stop' ? 'Stopping' : 'Starting';
  writeResource(world, cluster, pool, { provisioningState: during });
  pend(world, world.secondsPerNode, () => {
    if (provisioningStateOf(cluster, pool) !== during) return;
    const ready = does === 'start';
    for (const switched of pools()) switched.nodes = switched.nodes.map((node) => ({ ...node, ready }));
    const powerState = { code: ready ? 'Running' : 'Stopped' };
    writeResource(world, cluster, pool, { provisioningState: 'Succeeded', powerState });
  });
  return undefined;
}
