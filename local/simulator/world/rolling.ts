// How AKS replaces the nodes of a pool: a batch of nodes at a time, with events at both ends.
import { raiseRollingEvent } from '../events/azureEvents.ts';
import { takePoolFault } from '../faults/armedFaults.ts';
import { failureOfBatch } from './batchFailure.ts';
import { batchNodes } from './capacity.ts';
import { pend, writePool } from './changeWorld.ts';
import { endOperation, startOperation } from './operation.ts';
import { addRelease } from './releases.ts';
import type { Change, ClusterState, Operation, PoolState, Roll, World } from './world.ts';

/** The pool's image stays until the last node is done, unless a fault lets it lead. Without nodes it takes one batch too. */
export function startRoll(
  world: World,
  cluster: ClusterState,
  pool: PoolState,
  to: string,
  provisioningState = 'UpgradingNodeImageVersion',
  toKubernetes?: string,
): Roll {
  const leads = takePoolFault(world, 'nodesBehind', cluster, pool);
  const roll: Roll = {
    cluster,
    pool,
    from: pool.profile.nodeImageVersion ?? '',
    to,
    fromKubernetes: pool.profile.orchestratorVersion ?? '',
    ...(toKubernetes !== undefined && { toKubernetes }),
    operation: startOperation(world, cluster),
    startedAt: world.time,
    batch: batchNodes(pool),
    nodesDone: 0,
    batchEndsAt: world.time,
    nodesBehind: leads?.nodes ?? 0,
    ...(leads?.seconds !== undefined && { secondsBehind: leads.seconds }),
  };
  world.rolls = [...world.rolls, roll];
  writePool(world, cluster, pool, { provisioningState, ...(leads && { nodeImageVersion: to }) });
  startBatch(world, roll);
  raiseRollingEvent(world, 'Started', roll);
  return roll;
}

/** Asks a roll to stop when its running batch ends: the pool is Canceling until then, and mixed afterwards. */
export function abortRoll(world: World, roll: Roll): Operation {
  roll.abort = startOperation(world, roll.cluster);
  writePool(world, roll.cluster, roll.pool, { provisioningState: 'Canceling' });
  return roll.abort;
}

export function batchEnds(world: World): readonly Change[] {
  return world.rolls.map((roll) => ({ at: roll.batchEndsAt, apply: () => endBatch(world, roll) }));
}

export function progressOf(roll: Roll) {
  return {
    cluster: roll.cluster.resource.id,
    nodePool: roll.pool.profile.name,
    nodesDone: roll.nodesDone,
    nodes: roll.pool.nodes.length,
    from: roll.from,
    to: roll.to,
    startedAt: roll.startedAt,
  };
}

function startBatch(world: World, roll: Roll): void {
  const failure = failureOfBatch(world, roll);
  const seconds = failure?.seconds ?? world.secondsPerNode + soakSeconds(roll);
  roll.batchEndsAt = world.time.add({ milliseconds: Math.round(seconds * 1000) });
  if (failure) roll.failure = failure.error;
  if (failure?.podDisruptionBudget) roll.blockedBy = failure.podDisruptionBudget;
  setBatch(roll, { ready: false });
}

/** AKS waits in every batch, between the drain of its nodes and what follows. */
function soakSeconds({ pool }: Roll): number {
  return (pool.profile.upgradeSettings?.nodeSoakDurationInMinutes ?? 0) * 60;
}

function endBatch(world: World, roll: Roll): void {
  if (roll.abort) {
    setBatch(roll, { ready: true });
    endOperation(world, roll.abort, 'Succeeded');
    // Azure has no event for a roll that someone canceled, as far as its documentation goes.
    endRoll(world, roll, 'Canceled');
    return;
  }
  if (roll.failure) {
    setBatch(roll, { ready: true });
    endRoll(world, roll, 'Failed', roll.failure);
    raiseRollingEvent(world, 'Failed', roll);
    return;
  }
  setBatch(roll, { ready: true, nodeImageVersion: roll.to });
  roll.nodesDone = Math.min(roll.nodesDone + roll.batch, roll.pool.nodes.length);
  const released = takePoolFault(world, 'releaseDuringRoll', roll.cluster, roll.pool);
  if (released) addRelease(world, released.nodeImageVersion, world.time, released.regions);
  if (roll.nodesDone < roll.pool.nodes.length) {
    startBatch(world, roll);
    return;
  }
  const before = { orchestratorVersion: roll.fromKubernetes, nodeImageVersion: roll.from };
  roll.pool.recentlyUsed = { ...before, timestamp: world.time.toString() };
  endRoll(world, roll, 'Succeeded');
  if (roll.secondsBehind !== undefined) pend(world, roll.secondsBehind, () => catchUp(world, roll));
  raiseRollingEvent(world, 'Succeeded', roll);
}

/** The nodes that kept the old image get the new one, unless the pool has rolled, or gone, since. */
function catchUp(world: World, { cluster, pool, to }: Roll): void {
  const isThere = world.clusters.includes(cluster) && cluster.pools.includes(pool);
  if (!isThere || world.rolls.some((roll) => roll.pool === pool) || pool.profile.nodeImageVersion !== to) return;
  pool.nodes = pool.nodes.map((node) => ({ ...node, nodeImageVersion: to }));
}

export function preemptRoll(world: World, roll: Roll): void {
  const message = 'The operation was preempted by a later operation that deletes its resource.';
  endRoll(world, roll, 'Failed', { code: 'AKSOperationPreempted', message });
}

function endRoll(world: World, roll: Roll, how: 'Succeeded' | 'Canceled' | 'Failed', error?: Operation['error']): void {
  world.rolls = world.rolls.filter((other) => other !== roll);
  endOperation(world, roll.operation, how, error);
  const version = roll.toKubernetes;
  const kubernetes = version && { orchestratorVersion: version, currentOrchestratorVersion: version };
  writePool(world, roll.cluster, roll.pool, {
    provisioningState: how,
    status: error && { provisioningError: error },
    ...(how === 'Succeeded' && { nodeImageVersion: roll.to, ...kubernetes }),
  });
}

function setBatch(roll: Roll, { ready, nodeImageVersion }: { ready: boolean; nodeImageVersion?: string }): void {
  const [first, end] = [roll.nodesDone, roll.nodesDone + roll.batch];
  const lastToRoll = roll.pool.nodes.length - roll.nodesBehind;
  roll.pool.nodes = roll.pool.nodes.map((node, index) => {
    if (index < first || index >= end) return node;
    return { ...node, ready, ...(nodeImageVersion && index < lastToRoll && { nodeImageVersion }) };
  });
}
