// AKS's own upgrades: on channel NodeImage it rolls each outdated pool in the cluster's window, one after the other.
import { Temporal } from 'temporal-polyfill';
import { nextOpening, windowAt } from '../../../shared/domain/window/maintenanceWindow.ts';
import { parseMaintenanceWindow } from '../../../shared/domain/window/parseMaintenanceWindow.ts';
import { beginMaintenance } from '../events/whoDidIt.ts';
import { newerNodeImage } from './releases.ts';
import { startRoll } from './rolling.ts';
import { refusalOf } from './upgrade.ts';
import type { Change, ClusterState, PoolState, World } from './world.ts';

const delay = { seconds: 20 };

export function automaticStarts(world: World): readonly Change[] {
  if (!world.aksAutoUpgrade) return [];
  return world.clusters.filter(isOnNodeImageChannel).flatMap((cluster) => {
    const due = outdatedPool(world, cluster) && nextStart(world, cluster);
    return due ? [{ at: due, apply: () => start(world, cluster) }] : [];
  });
}

function start(world: World, cluster: ClusterState): void {
  const outdated = outdatedPool(world, cluster);
  if (!outdated) return;
  const { operation } = startRoll(world, cluster, outdated.pool, outdated.to);
  beginMaintenance(world, cluster, operation);
}

function nextStart(world: World, cluster: ClusterState): Temporal.Instant | undefined {
  const configuration = cluster.maintenanceConfigurations.find(
    ({ name }) => name.toLowerCase() === 'aksmanagednodeosupgradeschedule',
  );
  const parsed = parseMaintenanceWindow(configuration?.properties.maintenanceWindow);
  if (!parsed.ok) return undefined;
  const state = windowAt(parsed.window, world.time);
  if (state.state === 'open') {
    const prompt = state.occurrence.opensAt.add(delay);
    return Temporal.Instant.compare(prompt, world.time) > 0 ? prompt : world.time;
  }
  return nextOpening(parsed.window, world.time)?.add(delay);
}

function outdatedPool(
  world: World,
  cluster: ClusterState,
): { readonly pool: PoolState; readonly to: string } | undefined {
  if (world.rolls.some((roll) => roll.cluster === cluster)) return undefined;
  for (const pool of cluster.pools) {
    const to = newerNodeImage(world, cluster, pool);
    if (to && refusalOf(cluster, pool) === undefined) return { pool, to };
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
