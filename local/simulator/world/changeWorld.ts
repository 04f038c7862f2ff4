// Writes to the simulated world, now or later. Used by whatever happens in it.
import type { Temporal } from 'temporal-polyfill';
import type { ArmMaintenanceConfiguration, ArmManagedCluster } from './armFleet.ts';
import { sameName } from './names.ts';
import { guid } from './random.ts';
import type { Change, ClusterState, PoolState, World } from './world.ts';

/** Writes a pool: its eTag and its cluster's change with every write. */
export function writePool(world: World, cluster: ClusterState, pool: PoolState, fields: Partial<PoolState['profile']>) {
  pool.profile = { ...pool.profile, ...fields, eTag: guid(world.random) };
  cluster.resource = { ...cluster.resource, eTag: guid(world.random) };
}

export function writeCluster(
  world: World,
  cluster: ClusterState,
  fields: Partial<ArmManagedCluster['properties']>,
): void {
  const { resource } = cluster;
  cluster.resource = { ...resource, eTag: guid(world.random), properties: { ...resource.properties, ...fields } };
}

export function writeResource(
  world: World,
  cluster: ClusterState,
  pool: PoolState | undefined,
  state: { readonly provisioningState: string; readonly powerState?: { readonly code: string } },
): void {
  if (pool) writePool(world, cluster, pool, state);
  else writeCluster(world, cluster, state);
}

/** In place of the one of that name, if there is one. */
export function replaceConfiguration(cluster: ClusterState, configuration: ArmMaintenanceConfiguration): void {
  const others = cluster.maintenanceConfigurations.filter(({ name }) => !sameName(name, configuration.name));
  cluster.maintenanceConfigurations = [...others, configuration];
}

export function provisioningStateOf({ resource }: ClusterState, pool: PoolState | undefined): string | undefined {
  return (pool?.profile ?? resource.properties).provisioningState;
}

export function pend(world: World, seconds: number, happen: () => void): void {
  pendUntil(world, world.time.add({ milliseconds: Math.round(seconds * 1000) }), happen);
}

export function pendUntil(world: World, at: Temporal.Instant, happen: () => void): void {
  const change: Change = {
    at,
    apply: () => {
      world.pending = world.pending.filter((other) => other !== change);
      happen();
    },
  };
  world.pending = [...world.pending, change];
}

export function note(world: World, line: string): void {
  world.notes = [...world.notes, line];
}
