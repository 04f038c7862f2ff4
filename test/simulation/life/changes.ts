// How an act changes the simulated world: by a fault or a person of the simulator's own, or by hand. Used by people.ts and
// clusterActs.ts.
import type { Fault } from '../../../local/simulator/faults/fault.ts';
import type { Simulator } from '../../../local/simulator/simulator.ts';
import { writePool } from '../../../local/simulator/world/changeWorld.ts';
import { isOfMachines, scaledTo, sizesOf } from '../../../local/simulator/world/poolNodes.ts';
import {
  type ClusterState,
  findCluster,
  findPool,
  type PoolState,
  type World,
} from '../../../local/simulator/world/world.ts';
import type { Draw } from '../draw/seed.ts';
import type { TrueCause } from '../record/truth.ts';

export const windowName = 'aksManagedNodeOSUpgradeSchedule';
export const kubernetesWindowName = 'aksManagedAutoUpgradeSchedule';

export type Act = {
  readonly what: string;
  readonly cause: TrueCause;
  /** Does it; what came of it, in words. */
  readonly happen: (simulator: Simulator) => string;
};

export type DrawAct = (draw: Draw, cluster: string, pool: string, day: string) => Omit<Act, 'what'>;

export function inject(fault: object): Act['happen'] {
  return (simulator) => {
    const world = simulator.world();
    world.notes = [];
    const problem = simulator.inject(fault as Fault);
    return problem ? `${problem.found} is not ${problem.allowed}` : world.notes.join(' ');
  };
}

export function onCluster(id: string, change: (world: World, cluster: ClusterState) => void): Act['happen'] {
  return (simulator) => {
    const world = simulator.world();
    const cluster = findCluster(world, id);
    if (!cluster) return 'there is no such cluster now';
    change(world, cluster);
    return 'done';
  };
}

export function onPool(
  id: string,
  pool: string,
  change: (world: World, cluster: ClusterState, pool: PoolState) => void,
): Act['happen'] {
  return (simulator) => {
    const world = simulator.world();
    const cluster = findCluster(world, id);
    const state = cluster && findPool(cluster, pool);
    if (!cluster || !state) return 'there is no such pool now';
    change(world, cluster, state);
    return 'done';
  };
}

export function scale(draw: Draw, world: World, cluster: ClusterState, pool: PoolState): void {
  if (world.rolls.some((roll) => roll.pool === pool)) return;
  const count = draw.pick([0, 1, 2, 5, 9]);
  const size = pool.nodes[0]?.size ?? sizesOf(pool.profile)[0] ?? 'Standard_D4s_v5';
  const model = { size, nodeImageVersion: pool.profile.nodeImageVersion };
  // Deallocated machines start first, on the image that they ran, as far as anybody knows.
  const machines = [...pool.nodes, ...pool.deallocated];
  pool.nodes = Array.from({ length: count }, (_, index) => ({
    ...(machines[index] ?? { ...model, name: `added${index}` }),
    ready: true,
  }));
  const isKept = pool.profile.scaleDownMode === 'Deallocate' && !isOfMachines(pool.profile);
  pool.deallocated = isKept ? machines.slice(count).map((machine) => ({ ...machine, ready: false })) : [];
  writePool(world, cluster, pool, scaledTo(pool.profile, pool.nodes));
}

export function setWindow(cluster: ClusterState, maintenanceWindow: unknown, wanted = windowName): void {
  cluster.maintenanceConfigurations = [
    ...cluster.maintenanceConfigurations.filter(({ name }) => name !== wanted),
    { name: wanted, properties: { maintenanceWindow } },
  ];
}

/** Sets how many disruptions each PodDisruptionBudget of the fleet's allows. */
export function allow(cluster: ClusterState, change: (allowed: number, index: number) => number): void {
  const budgets = cluster.kubernetes.podDisruptionBudgets ?? [];
  cluster.kubernetes = {
    ...cluster.kubernetes,
    podDisruptionBudgets: budgets.map((budget, index) => ({
      ...budget,
      disruptionsAllowed: change(budget.disruptionsAllowed, index),
    })),
  };
}
