// A fleet of equal clusters that share one window, as ARM has them. Called by runFleet.
import { Temporal } from 'temporal-polyfill';
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import type { FleetOptions } from './fleetOptions.ts';

/** When the window of every cluster opens. */
export const opening = Temporal.Instant.from('2026-11-03T20:00:00Z');
const oldImage = 'AKSUbuntu-2204gen2containerd-202610.05.0';
const newImage = 'AKSUbuntu-2204gen2containerd-202610.26.0';
const regionNames = ['westeurope', 'northeurope', 'eastus', 'westus2', 'uksouth', 'swedencentral'];

export const subscriptionOf = (index: number) => `11111111-2222-4333-8444-${String(index).padStart(12, '0')}`;

export function makeFleet(options: FleetOptions): Fleet {
  const { subscriptions, regions } = options;
  return {
    clusters: Array.from({ length: options.clusters }, (_, index) => {
      const subscription = subscriptionOf(index % subscriptions);
      const name = `aks-${String(index).padStart(5, '0')}`;
      return {
        id: `/subscriptions/${subscription}/resourceGroups/rg-${index % 20}/providers/Microsoft.ContainerService/managedClusters/${name}`,
        location: regionNames[Math.floor(index / subscriptions) % regions] ?? `region${index % regions}`,
        properties: {
          autoUpgradeProfile: { nodeOSUpgradeChannel: 'None' },
          agentPoolProfiles: Array.from({ length: options.pools }, (__, pool) => poolOf(options, pool)),
        },
        maintenanceConfigurations: [windowOf(options)],
      };
    }),
    releases: [{ nodeImageVersion: newImage, availableAt: opening.subtract(hours(options.releaseHours)).toString() }],
    rolling: { secondsPerNode: options.secondsPerNode },
  };
}

function poolOf({ nodes, surge }: FleetOptions, index: number) {
  return {
    name: index === 0 ? 'system' : `apps${index}`,
    count: nodes,
    mode: index === 0 ? 'System' : 'User',
    osType: 'Linux',
    osSKU: 'Ubuntu',
    nodeImageVersion: oldImage,
    upgradeSettings: { maxSurge: surge },
  };
}

function windowOf({ hours: durationHours }: FleetOptions) {
  const maintenanceWindow = {
    schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Tuesday' } },
    durationHours,
    utcOffset: '+00:00',
    startTime: '20:00',
  };
  return { name: 'aksManagedNodeOSUpgradeSchedule', properties: { maintenanceWindow } };
}

/** Hours with a fraction as a duration of whole seconds. */
export const hours = (value: number) => ({ seconds: Math.round(value * 3600) });
