// The fleet of a run: clusters, pools, windows, images, releases. Used by drawOptions.ts.
import type { ArmMaintenanceConfiguration, ArmManagedCluster, Fleet } from '../../../local/simulator/world/armFleet.ts';
import { keyOf } from '../record/keyOf.ts';
import { drawKubernetes, drawPool } from './drawPools.ts';
import { drawReleases, families, nextFamily } from './drawReleases.ts';
import { ringNames } from './drawRings.ts';
import { drawClosedWindow, drawWindow } from './drawWindow.ts';
import type { Draw } from './seed.ts';

export const subscription = '5b0c3d1e-2f4a-4c6b-8d7e-9a1b2c3d4e5f';

export type FleetOptions = {
  /** ISO date of the first day. */
  readonly start: string;
  readonly weeks: number;
  /** Many small clusters that are told apart by their tag `ring`; no release comes after this time. */
  readonly rings?: { readonly releasesUntil: number } | undefined;
};

/** Nobody reaches the Kubernetes API of the cluster, however often it is made again. */
export function isPrivate({ clusters }: Fleet, key: string): boolean {
  const drawn = clusters.find(({ id }) => keyOf(id) === key);
  return drawn?.properties['apiServerAccessProfile'] !== undefined;
}

export function drawFleet(draw: Draw, { start, weeks, rings }: FleetOptions): Fleet {
  const releases = [...families, nextFamily].flatMap((family) =>
    drawReleases(draw.fork(`releases ${family.name}`), family, start, weeks, rings?.releasesUntil),
  );
  const count = rings ? draw.pick([3, 4, 4, 5, 6]) : draw.pick([1, 1, 2, 2, 3]);
  // One window for all, so that many are started at once.
  const shared = rings && draw.chance(0.4) ? drawWindow(draw.fork('window'), start) : undefined;
  const clusters = Array.from({ length: count }, (_, index) => {
    const ring = rings && ringNames[Math.floor((index * ringNames.length) / count)];
    return drawCluster(draw.fork(`cluster ${index}`), `c${index + 1}`, start, ring, shared);
  });
  return {
    clusters,
    releases,
    rolling: { secondsPerNode: draw.pick([60, 150, 300, 600, 900]) },
    aksAutoUpgrade: draw.chance(0.5),
    subscriptionEvents: draw.fork('subscription events').chance(0.5),
  };
}

function drawCluster(
  draw: Draw,
  name: string,
  start: string,
  ring: string | undefined,
  shared: object | undefined,
): ArmManagedCluster {
  const spelled = draw.pick(['rg-shop', 'RG-Shop']);
  const windows = drawConfigurations(draw, start, ring !== undefined, shared);
  const pools = Array.from({ length: ring ? draw.pick([1, 1, 1, 2, 3]) : draw.pick([1, 2, 2, 3, 4]) }, (_, index) =>
    drawPool(draw.fork(`pool ${index}`), index, start, ring !== undefined),
  );
  const kubernetes = drawKubernetes(draw.fork('kubernetes'), pools);
  return {
    id: `/subscriptions/${subscription}/resourceGroups/${spelled}/providers/Microsoft.ContainerService/managedClusters/${name}`,
    location: draw.pick(['westeurope', 'northeurope']),
    tags: { stage: draw.pick(['test', 'production']), ...(ring && { ring }) },
    ...(draw.chance(ring ? 0.02 : 0.05) && { sku: { name: 'Automatic' } }),
    properties: {
      autoUpgradeProfile: ring && draw.chance(0.6) ? none : drawChannels(draw),
      agentPoolProfiles: pools,
      // As AKS leaves a cluster whose last operation somebody aborted.
      ...(draw.fork('canceled').chance(0.05) && { provisioningState: 'Canceled' }),
      ...(draw.fork('private').chance(0.15) && { apiServerAccessProfile: { enablePrivateCluster: true } }),
    },
    ...(windows && { maintenanceConfigurations: windows }),
    ...(kubernetes && { kubernetes }),
  };
}

/** @param isOften rather a window that opens daily, so that a ring comes after the other within the run */
function drawConfigurations(
  draw: Draw,
  start: string,
  isOften: boolean,
  shared: object | undefined,
): readonly ArmMaintenanceConfiguration[] | undefined {
  const other = { name: 'aksManagedAutoUpgradeSchedule', properties: { maintenanceWindow: drawWindow(draw, start) } };
  const kind = draw.next() * (isOften ? 2 : 1);
  if (kind < 0.03) return [other];
  const daily = { schedule: { daily: { intervalDays: 1 } } };
  const maintenanceWindow =
    kind < 0.09
      ? drawClosedWindow(draw, start)
      : { ...(shared ?? drawWindow(draw, start)), ...(isOften && draw.chance(0.85) && daily) };
  const ours = { name: 'aksManagedNodeOSUpgradeSchedule', properties: { maintenanceWindow } };
  return draw.chance(0.4) ? [other, ours] : [ours];
}

const none = { upgradeChannel: 'none', nodeOSUpgradeChannel: 'None' };

export function drawChannels(draw: Draw): { readonly upgradeChannel: string; readonly nodeOSUpgradeChannel?: string } {
  const kind = draw.next();
  // Of Kubernetes AKS may see to, and of node images the keeper.
  const upgradeChannel = draw.fork('kubernetes').pick(['none', 'none', 'stable', 'rapid']);
  if (kind < 0.84) return { upgradeChannel, nodeOSUpgradeChannel: draw.pick(['None', 'None', 'Unmanaged']) };
  if (kind < 0.88) return { upgradeChannel: 'patch', nodeOSUpgradeChannel: 'SecurityPatch' };
  if (kind < 0.92) return { upgradeChannel: 'node-image', nodeOSUpgradeChannel: 'NodeImage' };
  if (kind < 0.98) return { upgradeChannel: 'stable', nodeOSUpgradeChannel: 'NodeImage' };
  return { upgradeChannel: 'none' };
}
