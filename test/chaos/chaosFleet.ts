// The fleet of a chaos run: ten clusters of six pools in five subscriptions, most of them in their window. Called by stage.ts.
import type { Temporal } from 'temporal-polyfill';
import { parseFleetFile } from '../../local/fleet/fleetFile.ts';
import type { Fleet } from '../../local/simulator/world/armFleet.ts';
import type { OpenTime } from './judge.ts';

/** When each cluster's window opens, so long from the start, and for how many hours; undefined: it has none. */
const windows: readonly ({ readonly opensIn: string; readonly durationHours: number } | undefined)[] = [
  { opensIn: '-PT1H', durationHours: 8 },
  { opensIn: '-PT1H', durationHours: 8 },
  { opensIn: '-PT1H', durationHours: 8 },
  { opensIn: '-PT2H', durationHours: 8 },
  { opensIn: '-PT2H', durationHours: 8 },
  { opensIn: '-PT2H', durationHours: 8 },
  { opensIn: 'PT2M', durationHours: 4 },
  { opensIn: '-PT3H55M', durationHours: 4 },
  { opensIn: 'PT10H', durationHours: 4 },
  undefined,
];

const nodePools = ['system', 'apps', 'jobs', 'web', 'data', 'batch'] as const;
const family = 'AKSUbuntu-2204gen2containerd';

/** Out while the run is half over: what the keeper upgraded before is for people to upgrade again. */
export const laterRelease = `${family}-{-P5D}.0`;

export type ChaosFleet = {
  readonly fleet: Fleet;
  readonly pools: readonly { readonly cluster: string; readonly nodePool: string }[];
  /** By the cluster's id; one without an entry is never open. */
  readonly open: ReadonlyMap<string, OpenTime>;
};

export function chaosFleet(now: Temporal.Instant): ChaosFleet {
  const document = {
    clusters: windows.map((window, index) => cluster(index, window)),
    releases: [{ nodeImageVersion: `${family}-{-P12D}.0`, availableAt: '-P10D' }],
    rolling: { secondsPerNode: 8 },
    subscriptionEvents: true,
  };
  const parsed = parseFleetFile(JSON.stringify(document), now);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  const open = windows.flatMap((window, index) => {
    if (!window) return [];
    // A schedule knows whole minutes.
    const opensAt = now.add(window.opensIn).round({ smallestUnit: 'minute', roundingMode: 'floor' });
    return [[idOf(index), { opensAt, closesAt: opensAt.add({ hours: window.durationHours }) }] as const];
  });
  const pools = windows.flatMap((_, index) => nodePools.map((nodePool) => ({ cluster: idOf(index), nodePool })));
  return { fleet: parsed.fleet, pools, open: new Map(open) };
}

function idOf(index: number): string {
  const subscription = `cccccccc-0000-4000-8000-00000000000${Math.floor(index / 2)}`;
  return `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/c${index}`;
}

function cluster(index: number, maintenanceWindow: (typeof windows)[number]) {
  return {
    id: idOf(index),
    location: 'westeurope',
    properties: {
      kubernetesVersion: '1.34.2',
      powerState: { code: 'Running' },
      autoUpgradeProfile: { nodeOSUpgradeChannel: 'None' },
      agentPoolProfiles: nodePools.map((name) => ({
        name,
        mode: name === 'system' ? 'System' : 'User',
        count: 3,
        vmSize: 'Standard_D4s_v5',
        osType: 'Linux',
        osSKU: 'Ubuntu',
        nodeImageVersion: `${family}-{-P33D}.1`,
        upgradeSettings: { maxSurge: '1' },
      })),
    },
    ...(maintenanceWindow && {
      maintenanceConfigurations: [{ name: 'aksManagedNodeOSUpgradeSchedule', properties: { maintenanceWindow } }],
    }),
  };
}
