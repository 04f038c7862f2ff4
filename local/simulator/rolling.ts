// How AKS replaces the nodes of a pool: a batch of surge nodes at a time, with an operation to follow and events at both
// ends. Started by upgrade.ts and autoUpgrade.ts; time moves it through simulator.ts.
import type { Temporal } from 'temporal-polyfill';
import { endOperation, type Operation, startOperation } from './operation.ts';
import { raiseRollingEvent } from './rollingEvent.ts';
import { surgeNodes } from './surge.ts';
import { type ClusterState, type PoolState, type Roll, type World, writePool } from './world.ts';

/** Something that happens to the world at a moment. */
export type Change = { readonly at: Temporal.Instant; readonly apply: () => void };

/** A roll as people see it. */
export type RollProgress = {
  /** The cluster's ARM id. */
  readonly cluster: string;
  readonly nodePool: string;
  readonly nodesDone: number;
  readonly nodes: number;
  readonly from: string;
  readonly to: string;
  readonly startedAt: Temporal.Instant;
};

/**
 * Starts a roll at the world's time. The pool's `nodeImageVersion` stays what it was until the last node is done.
 * A pool without nodes still takes one batch, for the pool's model.
 */
export function startRoll(world: World, cluster: ClusterState, pool: PoolState, to: string): Roll {
  const roll: Roll = {
    cluster,
    pool,
    from: pool.profile.nodeImageVersion ?? '',
    to,
    operation: startOperation(world, cluster),
    startedAt: world.time,
    surge: surgeNodes(pool),
    nodesDone: 0,
    batchEndsAt: world.time,
  };
  world.rolls = [...world.rolls, roll];
  writePool(world, cluster, pool, { provisioningState: 'UpgradingNodeImageVersion' });
  startBatch(world, roll);
  raiseRollingEvent(world, 'Started', cluster, pool, world.time);
  return roll;
}

/** Asks a roll to stop when its running batch ends: the pool is Canceling until then, and mixed afterwards. */
export function abortRoll(world: World, roll: Roll): Operation {
  roll.abort = startOperation(world, roll.cluster);
  writePool(world, roll.cluster, roll.pool, { provisioningState: 'Canceling' });
  return roll.abort;
}

/** The end of the running batch of each roll. */
export function batchEnds(world: World): readonly Change[] {
  return world.rolls.map((roll) => ({ at: roll.batchEndsAt, apply: () => endBatch(world, roll) }));
}

export function progressOf(roll: Roll): RollProgress {
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
  roll.batchEndsAt = world.time.add({ milliseconds: Math.round(world.secondsPerNode * 1000) });
  setBatch(roll, { ready: false });
}

function endBatch(world: World, roll: Roll): void {
  if (roll.abort) {
    setBatch(roll, { ready: true });
    endOperation(world, roll.abort, 'Succeeded');
    // Azure has no event for a roll that someone canceled, as far as its documentation goes.
    endRoll(world, roll, 'Canceled');
    return;
  }
  setBatch(roll, { ready: true, nodeImageVersion: roll.to });
  roll.nodesDone = Math.min(roll.nodesDone + roll.surge, roll.pool.nodes.length);
  if (roll.nodesDone < roll.pool.nodes.length) {
    startBatch(world, roll);
    return;
  }
  const { orchestratorVersion = '' } = roll.pool.profile;
  roll.pool.recentlyUsed = { orchestratorVersion, nodeImageVersion: roll.from, timestamp: world.time.toString() };
  endRoll(world, roll, 'Succeeded');
  raiseRollingEvent(world, 'Succeeded', roll.cluster, roll.pool, world.time);
}

function endRoll(world: World, roll: Roll, how: 'Succeeded' | 'Canceled'): void {
  world.rolls = world.rolls.filter((other) => other !== roll);
  endOperation(world, roll.operation, how);
  writePool(world, roll.cluster, roll.pool, {
    provisioningState: how,
    ...(how === 'Succeeded' && { nodeImageVersion: roll.to }),
  });
}

function setBatch(roll: Roll, fields: Partial<PoolState['nodes'][number]>): void {
  const [first, end] = [roll.nodesDone, roll.nodesDone + roll.surge];
  roll.pool.nodes = roll.pool.nodes.map((node, index) =>
    index >= first && index < end ? { ...node, ...fields } : node,
  );
}
