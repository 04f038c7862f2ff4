// The fleet that `npm start` shows: three stages, and one cluster for each common reason to leave a pool alone. Its
// windows are set around the moment it is made. Called by main.
import type { Temporal } from 'temporal-polyfill';
import type {
  ArmAgentPoolProfile,
  ArmMaintenanceConfiguration,
  ArmManagedCluster,
  Fleet,
} from './simulator/armFleet.ts';

export const subscriptions = {
  nonProduction: 'aaaaaaaa-0000-4000-8000-000000000001',
  production: 'aaaaaaaa-0000-4000-8000-000000000002',
} as const;

const images = {
  ubuntu: { old: 'AKSUbuntu-2204gen2containerd-202510.19.1', new: 'AKSUbuntu-2204gen2containerd-202511.12.0' },
  azureLinux: { old: 'AKSAzureLinux-V3gen2-202510.19.1', new: 'AKSAzureLinux-V3gen2-202511.12.0' },
  windows: {
    old: 'AKSWindows-2022-containerd-gen2-20348.4171.251014',
    new: 'AKSWindows-2022-containerd-gen2-20348.4294.251112',
  },
} as const;

export function demonstrationFleet(now: Temporal.Instant): Fleet {
  const startedAnHourAgo = daily(now.subtract({ hours: 1 }));
  return {
    clusters: [
      cluster('dev', 'nonProduction', { channel: 'None', window: startedAnHourAgo }, [
        linuxPool('system', 'System', images.ubuntu.old, 3),
        linuxPool('apps', 'User', images.azureLinux.old, 2, 'AzureLinux'),
      ]),
      // Windows are set to the minute, so this one opens in one to two.
      cluster('staging', 'nonProduction', { channel: 'Unmanaged', window: daily(now.add({ minutes: 2 })) }, [
        linuxPool('system', 'System', images.ubuntu.old, 3),
        { ...linuxPool('aksmanagedap', 'Machines', images.ubuntu.old, 1) },
      ]),
      cluster('production', 'production', { channel: 'None', window: weekly(now.subtract({ hours: 24 })) }, [
        linuxPool('system', 'System', images.ubuntu.old, 3),
        windowsPool('win', images.windows.old, 2),
      ]),
      cluster('no-window', 'nonProduction', { channel: 'None' }, [linuxPool('system', 'System', images.ubuntu.old, 3)]),
      cluster('stopped', 'nonProduction', { channel: 'None', window: startedAnHourAgo, powerState: 'Stopped' }, [
        linuxPool('system', 'System', images.ubuntu.old, 3),
      ]),
      cluster('aks-upgrades', 'nonProduction', { channel: 'NodeImage', window: startedAnHourAgo }, [
        linuxPool('system', 'System', images.ubuntu.old, 3),
      ]),
    ],
    releases: Object.values(images).map((image) => ({
      nodeImageVersion: image.new,
      availableAt: '2025-11-14T00:00:00Z',
    })),
    rolling: { secondsPerNode: 8 },
    aksAutoUpgrade: true,
  };
}

type ClusterSettings = {
  readonly channel: string;
  readonly window?: ArmMaintenanceConfiguration;
  readonly powerState?: string;
};

function cluster(
  name: string,
  stage: keyof typeof subscriptions,
  { channel, window, powerState = 'Running' }: ClusterSettings,
  pools: readonly ArmAgentPoolProfile[],
): ArmManagedCluster {
  return {
    id: `/subscriptions/${subscriptions[stage]}/resourceGroups/rg-${name}/providers/Microsoft.ContainerService/managedClusters/${name}`,
    location: 'westeurope',
    tags: { stage: name },
    properties: {
      kubernetesVersion: '1.34.2',
      currentKubernetesVersion: '1.34.2',
      powerState: { code: powerState },
      autoUpgradeProfile: { nodeOSUpgradeChannel: channel },
      agentPoolProfiles: pools,
    },
    ...(window ? { maintenanceConfigurations: [window] } : {}),
  };
}

function linuxPool(name: string, mode: string, image: string, count: number, osSKU = 'Ubuntu'): ArmAgentPoolProfile {
  return { name, mode, count, osType: 'Linux', osSKU, nodeImageVersion: image, upgradeSettings: { maxSurge: '1' } };
}

function windowsPool(name: string, image: string, count: number): ArmAgentPoolProfile {
  return {
    name,
    mode: 'User',
    count,
    osType: 'Windows',
    osSKU: 'Windows2022',
    nodeImageVersion: image,
    upgradeSettings: { maxSurge: '1' },
  };
}

function daily(opensAt: Temporal.Instant): ArmMaintenanceConfiguration {
  return configuration({ daily: { intervalDays: 1 } }, opensAt);
}

function weekly(opensAt: Temporal.Instant): ArmMaintenanceConfiguration {
  const dayOfWeek = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(
    opensAt.epochMilliseconds,
  );
  return configuration({ weekly: { intervalWeeks: 1, dayOfWeek } }, opensAt);
}

function configuration(schedule: unknown, opensAt: Temporal.Instant): ArmMaintenanceConfiguration {
  const maintenanceWindow = {
    schedule,
    durationHours: 4,
    utcOffset: '+00:00',
    startTime: opensAt.toString().slice('YYYY-MM-DDT'.length, 'YYYY-MM-DDTHH:mm'.length),
  };
  return { name: 'aksManagedNodeOSUpgradeSchedule', properties: { maintenanceWindow } };
}
