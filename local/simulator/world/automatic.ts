// What AKS upgrades by itself, each in its window: node images, and Kubernetes on channels that follow its versions. Called by
// simulator.ts.
import { Temporal } from 'temporal-polyfill';
import { nextOpening, windowAt } from '../../../shared/domain/window/maintenanceWindow.ts';
import { parseMaintenanceWindow } from '../../../shared/domain/window/parseMaintenanceWindow.ts';
import { beginMaintenance } from '../events/whoDidIt.ts';
import { latestNodeImage, newerNodeImage } from './releases.ts';
import { startRoll } from './rolling.ts';
import { refusalOf } from './upgrade.ts';
import type { Change, ClusterState, Operation, PoolState, World } from './world.ts';

const delay = { seconds: 20 };

type Kind = {
  readonly maintenance: NonNullable<Operation['maintenance']>;
  readonly window: string;
  /** Undefined: the pool has nothing to upgrade to. */
  readonly begin: (world: World, cluster: ClusterState, pool: PoolState) => (() => Operation) | undefined;
};

const nodeImages: Kind = {
  maintenance: 'nodeImage',
  window: 'aksmanagednodeosupgradeschedule',
  begin: (world, cluster, pool) => {
    const to = isOnNodeImageChannel(cluster) ? newerNodeImage(world, cluster, pool) : undefined;
    return to === undefined ? undefined : () => startRoll(world, cluster, pool, to).operation;
  },
};

/** An upgrade of Kubernetes takes the newest image with it. */
const kubernetes: Kind = {
  maintenance: 'kubernetes',
  window: 'aksmanagedautoupgradeschedule',
  begin: (world, cluster, pool) => {
    const version = newerKubernetes(world, cluster, pool);
    if (version === undefined) return undefined;
    const to = latestNodeImage(world, cluster, pool) ?? pool.profile.nodeImageVersion ?? '';
    return () => startRoll(world, cluster, pool, to, 'Upgrading', version).operation;
  },
};

export function automaticStarts(world: World): readonly Change[] {
  if (!world.aksAutoUpgrade) return [];
  return world.clusters.flatMap((cluster) =>
    [kubernetes, nodeImages].flatMap((kind) => {
      const found = outdated(world, cluster, kind);
      const due = found && nextStart(world, cluster, kind);
      return due ? [{ at: due, apply: () => start(world, cluster, kind) }] : [];
    }),
  );
}

function start(world: World, cluster: ClusterState, kind: Kind): void {
  const found = outdated(world, cluster, kind);
  if (found) beginMaintenance(world, cluster, found.pool, found.begin(), kind.maintenance);
}

function nextStart(world: World, cluster: ClusterState, { window }: Kind): Temporal.Instant | undefined {
  const configuration = cluster.maintenanceConfigurations.find(({ name }) => name.toLowerCase() === window);
  const parsed = parseMaintenanceWindow(configuration?.properties.maintenanceWindow);
  if (!parsed.ok) return undefined;
  const state = windowAt(parsed.window, world.time);
  if (state.state === 'open') {
    const prompt = state.occurrence.opensAt.add(delay);
    return Temporal.Instant.compare(prompt, world.time) > 0 ? prompt : world.time;
  }
  return nextOpening(parsed.window, world.time)?.add(delay);
}

function outdated(world: World, cluster: ClusterState, kind: Kind) {
  if (world.rolls.some((roll) => roll.cluster === cluster)) return undefined;
  for (const pool of cluster.pools) {
    const begin = kind.begin(world, cluster, pool);
    if (begin && refusalOf(cluster, pool) === undefined) return { pool, begin };
  }
  return undefined;
}

/** Automatic clusters always are on it; the cluster channel node-image forces it. */
function isOnNodeImageChannel({ resource }: ClusterState): boolean {
  const { upgradeChannel, nodeOSUpgradeChannel } = resource.properties.autoUpgradeProfile ?? {};
  return (
    resource.sku?.name?.toLowerCase() === 'automatic' ||
    upgradeChannel?.toLowerCase() === 'node-image' ||
    nodeOSUpgradeChannel?.toLowerCase() === 'nodeimage'
  );
}

/** Channel patch stays in its minor version. */
function newerKubernetes({ kubernetesVersion }: World, { resource }: ClusterState, { profile }: PoolState) {
  const channel = resource.properties.autoUpgradeProfile?.upgradeChannel?.toLowerCase() ?? 'none';
  if (kubernetesVersion === undefined || !['patch', 'stable', 'rapid'].includes(channel)) return undefined;
  const [newest = [], own = []] = [kubernetesVersion, profile.orchestratorVersion ?? ''].map((version) =>
    version.split('.').map(Number),
  );
  const [major = 0, minor = 0, patch = 0] = newest.map((number, index) => number - (own[index] ?? 0));
  const isSameMinor = major === 0 && minor === 0;
  const isNewer = major > 0 || (major === 0 && minor > 0) || (isSameMinor && patch > 0);
  return isNewer && (isSameMinor || channel !== 'patch') ? kubernetesVersion : undefined;
}
