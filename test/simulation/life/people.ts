// What people do to the fleet meanwhile, and what AKS releases and breaks: drawn once, each act at its time. Used by run.ts.
import type { Fault } from '../../../local/simulator/faults/fault.ts';
import type { Simulator } from '../../../local/simulator/simulator.ts';
import type { ArmManagedCluster } from '../../../local/simulator/world/armFleet.ts';
import { writeCluster, writePool } from '../../../local/simulator/world/changeWorld.ts';
import { latestNodeImage, newerNodeImage } from '../../../local/simulator/world/releases.ts';
import { startRoll } from '../../../local/simulator/world/rolling.ts';
import { refusalOf } from '../../../local/simulator/world/upgrade.ts';
import {
  type ClusterState,
  findCluster,
  findPool,
  type PoolState,
  type World,
} from '../../../local/simulator/world/world.ts';
import { drawChannels } from '../draw/drawFleet.ts';
import { ringNames } from '../draw/drawRings.ts';
import { drawClosedWindow, drawWindow } from '../draw/drawWindow.ts';
import { isSameFamily } from '../judge/own/images.ts';
import type { Draw } from '../world/seed.ts';
import type { TrueCause } from '../world/truth.ts';

const windowName = 'aksManagedNodeOSUpgradeSchedule';

export type Act = {
  readonly what: string;
  readonly cause: TrueCause;
  /** Does it; what came of it, in words. */
  readonly happen: (simulator: Simulator) => string;
};

/** An act on one of the fleet's clusters, of any kind that people are known for. */
export function drawAct(draw: Draw, clusters: readonly ArmManagedCluster[], day: string): Act {
  const cluster = draw.pick(clusters);
  const pool = draw.pick(cluster.properties.agentPoolProfiles ?? [])?.name ?? '';
  const kind = draw.pick(kinds);
  const act = acts[kind](draw, cluster.id, pool, day);
  const name = `${cluster.id.slice(cluster.id.lastIndexOf('/') + 1)}/${pool}`;
  return { what: `${kind} ${name}`, ...act };
}

type DrawAct = (draw: Draw, cluster: string, pool: string, day: string) => Omit<Act, 'what'>;

const person =
  (does: string, cause: TrueCause, onPool = true): DrawAct =>
  (_draw, cluster, nodePool) => ({
    cause,
    happen: inject({ kind: 'person', does, cluster, ...(onPool && { nodePool }) }),
  });

const acts = {
  upgrade: person('upgrade', 'manual'),
  rollBack: person('rollBack', 'rollback'),
  stopPool: person('stop', 'manual'),
  startPool: person('start', 'manual'),
  stopCluster: person('stop', 'manual', false),
  startCluster: person('start', 'manual', false),
  deletePool: person('delete', 'manual'),
  recreatePool: person('recreate', 'manual'),
  deleteCluster: person('delete', 'manual', false),
  recreateCluster: person('recreate', 'manual', false),
  drainBlocked: (draw, cluster, nodePool) => ({
    cause: 'manual',
    happen: inject({
      kind: 'drainBlocked',
      cluster,
      nodePool,
      podDisruptionBudget: 'shop/checkout',
      afterNodes: draw.whole(0, 2),
      seconds: draw.whole(60, 1800),
    }),
  }),
  nodesBehind: (draw, cluster, nodePool) => ({
    cause: 'manual',
    happen: inject({
      kind: 'nodesBehind',
      cluster,
      nodePool,
      nodes: draw.whole(1, 3),
      seconds: draw.whole(60, 6 * 3600),
    }),
  }),
  noQuota: (_draw, cluster, nodePool) => ({
    cause: 'manual',
    happen: inject({ kind: 'surgeWithoutQuota', cluster, nodePool }),
  }),
  noAddresses: (_draw, cluster, nodePool) => ({
    cause: 'manual',
    happen: inject({ kind: 'subnetFull', cluster, nodePool }),
  }),
  quotaAgain: () => ({ cause: 'manual', happen: inject({ kind: 'clear' }) }),
  tightenBudget: (draw, cluster) => ({
    cause: 'manual',
    happen: onCluster(cluster, (_world, found) => {
      const tight = draw.whole(0, 2);
      allow(found, (allowed, index) => (index === tight ? 0 : allowed));
    }),
  }),
  loosenBudgets: (_draw, cluster) => ({
    cause: 'manual',
    happen: onCluster(cluster, (_world, found) => allow(found, () => 1)),
  }),
  retag: (draw, cluster) => ({
    cause: 'manual',
    happen: onCluster(cluster, (world, found) => {
      const { ring } = found.resource.tags ?? {};
      const tags = { stage: draw.pick(['test', 'production']), ...(ring && { ring }) };
      found.resource = {
        ...found.resource,
        tags: draw.chance(0.4) && ring ? { ...tags, ring: draw.pick(ringNames) } : tags,
      };
      writeCluster(world, found, {});
    }),
  }),
  rechannel: (draw, cluster) => ({
    cause: 'manual',
    happen: onCluster(cluster, (world, found) =>
      writeCluster(world, found, { autoUpgradeProfile: drawChannels(draw) }),
    ),
  }),
  scale: (draw, cluster, pool) => ({ cause: 'manual', happen: onPool(cluster, pool, (...of) => scale(draw, ...of)) }),
  moveWindow: (draw, cluster, _pool, day) => ({
    cause: 'manual',
    happen: onCluster(cluster, (_world, found) => setWindow(found, drawWindow(draw, day))),
  }),
  closeWindow: (draw, cluster, _pool, day) => ({
    cause: 'manual',
    happen: onCluster(cluster, (_world, found) => setWindow(found, drawClosedWindow(draw, day))),
  }),
  dropWindow: (_draw, cluster) => ({
    cause: 'manual',
    happen: onCluster(cluster, (_world, found) => {
      found.maintenanceConfigurations = found.maintenanceConfigurations.filter(({ name }) => name !== windowName);
    }),
  }),
  blockToday: (_draw, cluster, _pool, day) => ({
    cause: 'manual',
    happen: onCluster(cluster, (_world, found) => {
      const window = found.maintenanceConfigurations.find(({ name }) => name === windowName)?.properties
        .maintenanceWindow;
      if (window && typeof window === 'object')
        setWindow(found, { ...window, notAllowedDates: [{ start: day, end: day }] });
    }),
  }),
  kubernetesUpgrade: (draw, cluster, pool) => ({
    cause: 'kubernetesUpgrade',
    happen: onPool(cluster, pool, (world, found, state) => {
      if (refusalOf(found, state)) return;
      const { nodeImageVersion: image = '' } = state.profile;
      const to = draw.chance(0.5) ? nextFamily(world, found, state, image) : newerNodeImage(world, found, state);
      startRoll(world, found, state, to ?? image, 'Upgrading');
      writePool(world, found, state, { orchestratorVersion: '1.35.0', currentOrchestratorVersion: '1.35.0' });
    }),
  }),
  rollBackAcross: () => ({
    cause: 'rollback',
    happen: (simulator) => {
      const isAcross = ({ profile, recentlyUsed }: PoolState) =>
        recentlyUsed !== undefined && !isSameFamily(recentlyUsed.nodeImageVersion, profile.nodeImageVersion);
      for (const { resource, pools } of simulator.world().clusters) {
        const pool = pools.find(isAcross);
        const fault = { kind: 'person', does: 'rollBack', cluster: resource.id, nodePool: pool?.profile.name };
        if (pool) return inject(fault)(simulator);
      }
      return 'no pool came from another family';
    },
  }),
  changeOs: (_draw, cluster, pool) => ({
    cause: 'reconfiguration',
    happen: onPool(cluster, pool, (world, found, state) => {
      const image = state.profile.nodeImageVersion;
      if (refusalOf(found, state) || !image?.startsWith('AKSUbuntu-2204')) return;
      startRoll(world, found, state, image.replace(/^.*-/, 'AKSAzureLinux-V3gen2-'), 'Updating');
    }),
  }),
} as const satisfies Record<string, DrawAct>;

/** With a Kubernetes version Ubuntu may come to its next family: the newest that there is, or the same release. */
function nextFamily(world: World, cluster: ClusterState, pool: PoolState, image: string): string | undefined {
  if (!image.startsWith('AKSUbuntu-2204')) return undefined;
  const nodeImageVersion = image.replace('2204', '2404');
  return latestNodeImage(world, cluster, { ...pool, profile: { ...pool.profile, nodeImageVersion } });
}

/** Common acts stand more than once. */
const kinds = [
  ...(Object.keys(acts) as (keyof typeof acts)[]),
  ...(['upgrade', 'upgrade', 'upgrade', 'rollBack', 'rollBack', 'startCluster', 'startPool', 'quotaAgain'] as const),
  ...(['recreateCluster', 'recreatePool', 'moveWindow', 'moveWindow', 'drainBlocked'] as const),
  ...(['kubernetesUpgrade', 'rollBackAcross', 'rollBackAcross'] as const),
];

function inject(fault: object): Act['happen'] {
  return (simulator) => {
    const world = simulator.world();
    world.notes = [];
    const problem = simulator.inject(fault as Fault);
    return problem ? `${problem.found} is not ${problem.allowed}` : world.notes.join(' ');
  };
}

function onCluster(id: string, change: (world: World, cluster: ClusterState) => void): Act['happen'] {
  return (simulator) => {
    const world = simulator.world();
    const cluster = findCluster(world, id);
    if (!cluster) return 'there is no such cluster now';
    change(world, cluster);
    return 'done';
  };
}

function onPool(
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

function scale(draw: Draw, world: World, cluster: ClusterState, pool: PoolState): void {
  if (world.rolls.some((roll) => roll.pool === pool)) return;
  const count = draw.pick([0, 1, 2, 5, 9]);
  const model = { name: 'node', nodeImageVersion: pool.profile.nodeImageVersion, ready: true };
  pool.nodes = Array.from({ length: count }, (_, index) => pool.nodes[index] ?? { ...model, name: `added${index}` });
  writePool(world, cluster, pool, { count });
}

function setWindow(cluster: ClusterState, maintenanceWindow: unknown): void {
  cluster.maintenanceConfigurations = [
    ...cluster.maintenanceConfigurations.filter(({ name }) => name !== windowName),
    { name: windowName, properties: { maintenanceWindow } },
  ];
}

/** Sets how many disruptions each PodDisruptionBudget of the fleet's allows. */
function allow(cluster: ClusterState, change: (allowed: number, index: number) => number): void {
  const budgets = cluster.kubernetes.podDisruptionBudgets ?? [];
  cluster.kubernetes = {
    ...cluster.kubernetes,
    podDisruptionBudgets: budgets.map((budget, index) => ({
      ...budget,
      disruptionsAllowed: change(budget.disruptionsAllowed, index),
    })),
  };
}

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
    for (const { name } of properties.agentPoolProfiles ?? []) {
      if (!findPool(cluster, name)) simulator.inject({ kind: 'person', does: 'recreate', cluster: id, nodePool: name });
    }
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
