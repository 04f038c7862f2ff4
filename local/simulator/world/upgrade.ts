// Starting and aborting node image upgrades by request. ARM refuses none outside of a window.
import { isTerminal } from '../../../shared/domain/cluster/cluster.ts';
import { type Answer, armError, operationNotAllowed } from '../arm/armAnswer.ts';
import { poolBody } from '../arm/resources.ts';
import { operationHeaders } from './operation.ts';
import { newerNodeImage } from './releases.ts';
import { abortRoll, startRoll } from './rolling.ts';
import type { ClusterState, PoolState, World } from './world.ts';

/** Of such pools ARM gives no upgrade profile, and takes no upgrade: 400 (AKS-FACTS section 4). */
export function unsupported({ profile }: PoolState): string | undefined {
  if (profile.mode?.toLowerCase() === 'managedsystem') {
    return `The agent pool '${profile.name}' of mode ManagedSystem is managed by AKS and cannot be upgraded.`;
  }
  const isSet = profile['type'] === 'AvailabilitySet';
  return isSet ? 'AgentPool APIs supported only for clusters with VMSS agentpools.' : undefined;
}

export function refusalOf(cluster: ClusterState, pool: PoolState): string | undefined {
  const { properties } = cluster.resource;
  const kind = unsupported(pool);
  if (kind !== undefined) return kind;
  if (pool.profile.mode?.toLowerCase() === 'machines') {
    return 'the node image version of an agent pool in Machines mode cannot be upgraded, please use the machine API to manage its machines.';
  }
  // Pools roll side by side: `az aks upgrade --node-image-only` starts one after the other without waiting for any.
  const busy = cluster.pools.find(
    (other) => !isTerminal(other.profile.provisioningState ?? '') && (other === pool || !isRolling(other)),
  )?.profile;
  const operation = isTerminal(properties.provisioningState ?? '')
    ? busy && `${busy.name} - ${busy.provisioningState}`
    : properties.provisioningState;
  if (operation) {
    return `Another operation (${operation}) is in progress, please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details.`;
  }
  const stopped = [
    { what: `managed cluster ${cluster.name.cluster}`, ...properties },
    { what: `agent pool ${pool.profile.name}`, ...pool.profile },
  ].find(({ powerState }) => powerState?.code.toLowerCase() === 'stopped');
  return stopped && `the ${stopped.what} is in power state Stopped, please start it before upgrading its node image.`;
}

function isRolling({ profile }: PoolState): boolean {
  return profile.provisioningState === 'UpgradingNodeImageVersion';
}

/** POST …/upgradeNodeImageVersion: always to the latest image. 200 when there is nothing newer, so nothing to roll. */
export function upgradeNodeImageVersion(world: World, cluster: ClusterState, pool: PoolState, origin: string): Answer {
  const kind = unsupported(pool);
  if (kind !== undefined) return armError(400, 'BadRequest', kind);
  const refusal = refusalOf(cluster, pool);
  if (refusal) return operationNotAllowed(refusal);
  const to = newerNodeImage(world, cluster, pool);
  if (!to) return { status: 200, body: poolBody(cluster, pool) };
  const { operation } = startRoll(world, cluster, pool, to);
  return { status: 202, body: poolBody(cluster, pool), headers: operationHeaders(operation, origin) };
}

export function abortLatestOperation(world: World, pool: PoolState, origin: string): Answer {
  const roll = world.rolls.find((roll) => roll.pool === pool);
  if (!roll || roll.abort) {
    return operationNotAllowed(`the agent pool ${pool.profile.name} has no operation that can be aborted.`);
  }
  return { status: 202, headers: operationHeaders(abortRoll(world, roll), origin) };
}
