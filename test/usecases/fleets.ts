// Small fleets in ARM's shapes for the use case tests: one cluster, a daily window from 12:00 to 16:00 UTC.
import type { ArmAgentPoolProfile, ArmManagedCluster, Fleet } from '../../local/simulator/world/armFleet.ts';

export const subscription = '11111111-2222-4333-8444-555555555555';
export const oldImage = 'AKSUbuntu-2204gen2containerd-202610.05.0';
export const newImage = 'AKSUbuntu-2204gen2containerd-202610.26.0';
export const clusterId = clusterIdOf('shop');

export function clusterIdOf(name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/${name}`;
}

export function poolProfile(name: string, fields: Partial<ArmAgentPoolProfile> = {}): ArmAgentPoolProfile {
  return {
    name,
    count: 2,
    mode: 'User',
    osType: 'Linux',
    osSKU: 'Ubuntu',
    nodeImageVersion: oldImage,
    upgradeSettings: { maxSurge: '1' },
    ...fields,
  };
}

/** A cluster on channel None. `window` null: it has none. */
export function managedCluster(
  pools: readonly ArmAgentPoolProfile[] = [poolProfile('apps')],
  { name = 'shop', window = {}, properties = {} }: { name?: string; window?: object | null; properties?: object } = {},
): ArmManagedCluster {
  const maintenanceWindow = {
    schedule: { daily: { intervalDays: 1 } },
    durationHours: 4,
    utcOffset: '+00:00',
    startTime: '12:00',
    ...window,
  };
  return {
    id: clusterIdOf(name),
    location: 'westeurope',
    properties: { autoUpgradeProfile: { nodeOSUpgradeChannel: 'None' }, agentPoolProfiles: pools, ...properties },
    ...(window && {
      maintenanceConfigurations: [{ name: 'aksManagedNodeOSUpgradeSchedule', properties: { maintenanceWindow } }],
    }),
  };
}

/** The new image is out, and a node takes five minutes. */
export function fleetOf(...clusters: readonly ArmManagedCluster[]): Fleet {
  return {
    clusters,
    releases: [{ nodeImageVersion: newImage, availableAt: '2026-10-27T00:00:00Z' }],
    rolling: { secondsPerNode: 300 },
  };
}

/** The next roll of pool apps fails: a fault of the simulator. */
export const blockDrain = {
  kind: 'drainBlocked',
  cluster: 'shop',
  nodePool: 'apps',
  podDisruptionBudget: 'shop/checkout',
} as const;
