// The AKS simulator: a deterministic fake of Azure Resource Manager for AKS. Time passes only when someone looks.
import { Temporal } from 'temporal-polyfill';
import type { ArmRequest, ArmResponse } from './arm/armAnswer.ts';
import { route } from './arm/router.ts';
import { createThrottle } from './arm/throttling.ts';
import { createWorld } from './createWorld.ts';
import type { SimulatorEvent } from './events/simulatorEvent.ts';
import type { Fault } from './faults/fault.ts';
import { injectFault } from './faults/injectFault.ts';
import { upgradeByPerson } from './faults/personActs.ts';
import type { Fleet } from './world/armFleet.ts';
import { automaticStarts } from './world/automatic.ts';
import { type Random, seededRandom } from './world/random.ts';
import { addRelease } from './world/releases.ts';
import { batchEnds, progressOf } from './world/rolling.ts';
import { type Change, findCluster, findPool, type World } from './world/world.ts';

export type Simulator = ReturnType<typeof createSimulator>;

type Options = {
  readonly fleet: Fleet;
  readonly now: () => Temporal.Instant;
  readonly random?: Random;
  /** What the kubeconfigs say that clients are to trust, in PEM; where the simulator is served, its certificate. */
  readonly certificateAuthority?: string;
};

/**
 * `now` must not go back. The same fleet, clock and `random` give the same run, ids included: where storage outlives a
 * run, pass `Math.random`, or its events look like those of the run before.
 */
export function createSimulator(options: Options) {
  const { now } = options;
  const world = createWorld(options.fleet, now(), options.random ?? seededRandom(1), options.certificateAuthority);
  const throttle = createThrottle();

  const settled = () => settle(world, now());
  const target = (clusterId: string, nodePool: string) => poolIn(settled(), clusterId, nodePool);
  return {
    handle: (request: ArmRequest): ArmResponse => route(settled(), throttle, request),
    advance: (): readonly SimulatorEvent[] => {
      const { events } = settled();
      world.events = [];
      return events;
    },
    /** For clocks that jump: now while events wait for `advance`, undefined when nothing will happen. */
    nextChangeAt: () => (settled().events.length > 0 ? world.time : nextChange(world)?.at),
    progress: () => settled().rolls.map(progressOf),
    /** @throws when there is no such pool */
    nodes: (clusterId: string, nodePool: string) => target(clusterId, nodePool).pool.nodes,
    /** A person starts an upgrade, whatever the window: true when AKS takes it. @throws when there is no such pool */
    personUpgrades: (clusterId: string, nodePool: string): boolean => {
      const { cluster, pool } = target(clusterId, nodePool);
      return upgradeByPerson(world, cluster, pool).status === 202;
    },
    /** AKS offers a node image from now on, in these regions or in all. @throws when it is no node image version */
    release: (nodeImageVersion: string, regions?: readonly string[]) =>
      addRelease(settled(), nodeImageVersion, world.time, regions),
    /** Lets a fault happen, now or when it is due. What is wrong with it, or undefined. */
    inject: (fault: Fault) => injectFault(settled(), fault),
    faults: () => settled().faults.map(({ fault }) => fault),
    /** What faults and people did since the last call, in words. */
    notes: () => {
      const { notes } = settled();
      world.notes = [];
      return notes;
    },
    /** The state itself: for judges, and for acts that no request and no fault covers. */
    world: settled,
  };
}

function poolIn(world: World, clusterId: string, nodePool: string) {
  const cluster = findCluster(world, clusterId);
  const pool = cluster && findPool(cluster, nodePool);
  if (!pool) throw new Error(`The simulator has no pool "${nodePool}" in a cluster "${clusterId}".`);
  return { cluster, pool };
}

/** Lets everything happen that is due by `now`, each thing at its own time. */
function settle(world: World, now: Temporal.Instant): World {
  for (;;) {
    const change = nextChange(world);
    if (!change || Temporal.Instant.compare(change.at, now) > 0) break;
    world.time = change.at;
    change.apply();
  }
  if (Temporal.Instant.compare(now, world.time) > 0) world.time = now;
  return world;
}

/** At one moment batches end first, then what was to come comes, and AKS acts last. */
function nextChange(world: World): Change | undefined {
  const released: Change[] = world.releases
    .filter(({ availableAt }) => Temporal.Instant.compare(availableAt, world.time) > 0)
    // Nothing to do: that it is there is what makes pools outdated.
    .map(({ availableAt }) => ({ at: availableAt, apply: () => undefined }));
  return [...batchEnds(world), ...released, ...world.pending, ...automaticStarts(world)].sort((a, b) =>
    Temporal.Instant.compare(a.at, b.at),
  )[0];
}
