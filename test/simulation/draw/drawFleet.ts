// The fleet of a run: clusters, pools, windows, images, releases. Used by run.ts.
import type {
  ArmAgentPoolProfile,
  ArmKubernetes,
  ArmMaintenanceConfiguration,
  ArmManagedCluster,
  Fleet,
} from '../../../local/simulator/world/armFleet.ts';
import type { Draw } from '../world/seed.ts';
import { keyOf } from '../world/truth.ts';
import { ringNames } from './drawRings.ts';
import { drawClosedWindow, drawWindow, shiftDay } from './drawWindow.ts';

export const subscription = '5b0c3d1e-2f4a-4c6b-8d7e-9a1b2c3d4e5f';

/** Families with the releases of a run: each comes about a week after the one before, or some days where there are rings. */
const families = [
  { name: 'AKSUbuntu-2204gen2containerd', osType: 'Linux', osSKU: 'Ubuntu' },
  { name: 'AKSAzureLinux-V3gen2', osType: 'Linux', osSKU: 'AzureLinux' },
  { name: 'AKSWindows-2022-containerd-gen2', osType: 'Windows', osSKU: 'Windows2022' },
] as const;
/** No pool is drawn with it: people bring pools to it with a Kubernetes version. */
const nextFamily = { name: 'AKSUbuntu-2404gen2containerd', osType: 'Linux', osSKU: 'Ubuntu' } as const;
const retired = ['AKSUbuntu-1804gen2containerd-2022.10.03', 'AKSCBLMariner-V2gen2-202406.25.0'];

/** AKS refuses every upgrade of a pool of this name, for ever. */
export const refusedPool = 'stone';

type Family = (typeof families)[number] | typeof nextFamily;

export type FleetOptions = {
  /** ISO date of the first day. */
  readonly start: string;
  /** For how long releases come. */
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

/** The version of a family whose image was made on a day. */
function imageOf(family: Family, day: string, patch = 0): string {
  const [year = '', month = '', date = ''] = day.split('-');
  if (family.osType === 'Windows') return `${family.name}-20348.${4000 + patch}.${year.slice(2)}${month}${date}`;
  return `${family.name}-${year}${month}.${date}.${patch}`;
}

function drawReleases(
  draw: Draw,
  family: Family,
  start: string,
  weeks: number,
  until: number | undefined,
): Fleet['releases'] {
  const often = until === undefined ? { days: 7, spread: 6 } : { days: 4, spread: 2 };
  const every = often.days * (family.osType === 'Windows' ? 4 : 1);
  const releases: Fleet['releases'][number][] = [
    { nodeImageVersion: imageOf(family, shiftDay(start, -14), 1), availableAt: `${start}T00:00:00Z` },
  ];
  for (let age = 0; age < weeks * 7; age += every) {
    const day = shiftDay(start, age + draw.whole(0, often.days - 1));
    // A rollout takes up to two weeks, and reaches one region before the other.
    const outs = ['westeurope', 'northeurope'].map((region) => {
      const at = Date.parse(`${day}T00:00:00Z`) + draw.whole(1, often.spread * 24 * 60) * 60_000;
      return { at, region };
    });
    // One that never came to every region would leave rings waiting for each other.
    if (outs.some(({ at }) => at > (until ?? at))) continue;
    for (const { at, region } of outs) {
      releases.push({
        nodeImageVersion: imageOf(family, day, 100 + age),
        availableAt: new Date(at).toISOString(),
        regions: [region],
      });
    }
  }
  return releases;
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
      ...(draw.fork('private').chance(0.15) && { apiServerAccessProfile: { enablePrivateCluster: true } }),
    },
    ...(windows && { maintenanceConfigurations: windows }),
    ...(kubernetes && { kubernetes }),
  };
}

/** Workloads of two pods on a pool each, some with a budget, which people tighten: see people.ts. */
function drawKubernetes(draw: Draw, pools: readonly ArmAgentPoolProfile[]): ArmKubernetes | undefined {
  if (draw.chance(0.5)) return undefined;
  const workloads = ['checkout', 'orders', 'search'].map((name) => ({
    name,
    namespace: draw.pick(['shop', 'stock']),
    nodePool: draw.pick(pools).name,
    allowed: draw.pick([undefined, 0, 1, 1, 1]),
  }));
  return {
    pods: workloads.flatMap(({ name, namespace, nodePool }) =>
      [0, 1].map((index) => ({
        name: `${name}-${index}`,
        namespace,
        nodePool,
        labels: { app: name },
        controller: { kind: 'ReplicaSet', name },
        ...(index === 1 && draw.chance(0.1) && { phase: 'Pending' as const }),
      })),
    ),
    podDisruptionBudgets: workloads.flatMap(({ name, namespace, allowed }) =>
      allowed === undefined ? [] : [{ name, namespace, disruptionsAllowed: allowed, matchLabels: { app: name } }],
    ),
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
  return draw.chance(0.2) ? [other, ours] : [ours];
}

const none = { upgradeChannel: 'none', nodeOSUpgradeChannel: 'None' };

export function drawChannels(draw: Draw): { readonly upgradeChannel: string; readonly nodeOSUpgradeChannel?: string } {
  const kind = draw.next();
  if (kind < 0.84) return { upgradeChannel: 'none', nodeOSUpgradeChannel: draw.pick(['None', 'None', 'Unmanaged']) };
  if (kind < 0.88) return { upgradeChannel: 'patch', nodeOSUpgradeChannel: 'SecurityPatch' };
  if (kind < 0.92) return { upgradeChannel: 'node-image', nodeOSUpgradeChannel: 'NodeImage' };
  if (kind < 0.98) return { upgradeChannel: 'stable', nodeOSUpgradeChannel: 'NodeImage' };
  return { upgradeChannel: 'none' };
}

function drawPool(draw: Draw, index: number, start: string, isInRing: boolean): ArmAgentPoolProfile {
  const [ubuntu, azureLinux, windows] = families;
  // More that are alike where one ring waits for another of their family.
  const family = draw.pick([ubuntu, ubuntu, ...(isInRing ? [ubuntu, ubuntu] : []), azureLinux, windows]);
  const isSystem = index === 0 && draw.chance(0.7);
  const { count, maxSurge } = draw.pick([
    { count: 1, maxSurge: '1' },
    { count: 3, maxSurge: '33%' },
    { count: 4, maxSurge: '1' },
    { count: 8, maxSurge: '25%' },
    { count: 0, maxSurge: '10%' },
    // Too large for a window of four hours.
    { count: 30, maxSurge: '1' },
  ]);
  return {
    name: index === 1 && draw.chance(0.06) ? refusedPool : isSystem ? 'system' : `pool${index}`,
    count,
    mode: isSystem ? 'System' : 'User',
    osType: family.osType,
    osSKU: family.osSKU,
    nodeImageVersion: draw.chance(0.03)
      ? draw.pick(retired)
      : imageOf(family, shiftDay(start, -7 * draw.whole(3, 8)), draw.whole(0, 2)),
    upgradeSettings: { maxSurge },
    ...(draw.chance(0.02) && { mode: 'Machines' }),
    ...(draw.chance(0.02) && { creationData: { sourceResourceId: '/snapshots/pinned' } }),
  };
}
