// What nodes take up: cores of a VM family in a region, and addresses of a subnet.
import { normalizeRegion, sameName, uniqueBy } from './names.ts';
import { sizesOf } from './poolNodes.ts';
import { familyOf, vCpusOf } from './vmSizes.ts';
import { type ClusterState, nodeResourceGroupOf, type PoolState, type World } from './world.ts';

export type Capacity = {
  readonly key: string;
  readonly name: string;
  readonly used: number;
  readonly limit: number;
};

/** Azure keeps five addresses of every subnet. */
const addressesInSlash16 = 2 ** 16 - 5;

/** The quota that all spot nodes of a region share, whatever their family. */
export const spotQuota = 'lowPriorityCores';

/** The cores that pools of a region have, by VM family, those of spot pools together, each with its quota. */
export function coresIn(world: World, subscription: string, location: string): readonly Capacity[] {
  const region = normalizeRegion(location);
  const isThere = ({ name, resource }: ClusterState) =>
    sameName(name.subscription, subscription) && normalizeRegion(resource.location) === region;
  const cores = poolsWhere(world, isThere).flatMap(({ pool, standing, surging }) => [
    ...sizesOf(pool.profile).map((size) => ({ name: quotaOf(pool, size), standing: 0, surging: 0 })),
    ...standing.map(({ size }) => ({ name: quotaOf(pool, size), standing: vCpusOf(size), surging: 0 })),
    ...surging.map(({ size }) => ({ name: quotaOf(pool, size), standing: 0, surging: vCpusOf(size) })),
  ]);
  return [...Map.groupBy(cores, ({ name }) => name)].map(([name, members]) => {
    const sum = (of: 'standing' | 'surging') => members.reduce((total, member) => total + member[of], 0);
    const standing = sum('standing');
    // Room for as much again, so that no surge fails by itself.
    const limit = Math.max(100, Math.ceil((standing * 2) / 100) * 100);
    return withTaken(world, `cores|${subscription}|${region}|${name}`, name, standing + sum('surging'), limit);
  });
}

function quotaOf(pool: PoolState, size: string): string {
  return pool.profile['scaleSetPriority'] === 'Spot' ? spotQuota : familyOf(size);
}

type Share = { readonly subnet: string; readonly perNode: number };

/** Pods take addresses of the nodes' subnet in a flat network, of their own where they have one, else of none. */
export function sharesOf(cluster: ClusterState, { profile }: PoolState): readonly Share[] {
  const { networkPlugin, networkPluginMode } = (cluster.resource.properties['networkProfile'] ?? {}) as {
    readonly networkPlugin?: string;
    readonly networkPluginMode?: string;
  };
  const { vnetSubnetID, podSubnetID } = profile;
  const maxPods = typeof profile['maxPods'] === 'number' ? profile['maxPods'] : 110;
  const made = `/subscriptions/${cluster.name.subscription}/resourceGroups/${nodeResourceGroupOf(cluster)}/providers/Microsoft.Network/virtualNetworks/aks-vnet/subnets/aks-subnet`;
  const subnet = typeof vnetSubnetID === 'string' && vnetSubnetID !== '' ? vnetSubnetID : made;
  if (typeof podSubnetID === 'string' && podSubnetID !== '') {
    return [
      { subnet, perNode: 1 },
      { subnet: podSubnetID, perNode: maxPods },
    ];
  }
  const isFlat = networkPlugin === 'azure' && networkPluginMode !== 'overlay';
  return [{ subnet, perNode: isFlat ? 1 + maxPods : 1 }];
}

export function addressesIn(world: World, subnet: string): Capacity {
  const used = poolsWhere(world, () => true)
    .flatMap(({ cluster, pool, standing, surging }) =>
      sharesOf(cluster, pool).map((share) =>
        sameName(share.subnet, subnet) ? (standing.length + surging.length) * share.perNode : 0,
      ),
    )
    .reduce((sum, addresses) => sum + addresses, 0);
  return withTaken(world, `addresses|${subnet}`, subnet, used, addressesInSlash16);
}

export function subnetsOf(world: World): readonly { readonly id: string; readonly location: string }[] {
  const subnets = poolsWhere(world, () => true).flatMap(({ cluster, pool }) =>
    sharesOf(cluster, pool).map(({ subnet }) => ({ id: subnet, location: cluster.resource.location })),
  );
  return uniqueBy(subnets, ({ id }) => id);
}

/** Of each family that the pool has VM sizes of. */
export function coresFor(world: World, cluster: ClusterState, pool: PoolState): readonly Capacity[] {
  const families = new Set(sizesOf(pool.profile).map((size) => quotaOf(pool, size)));
  return coresIn(world, cluster.name.subscription, cluster.resource.location).filter(({ name }) => families.has(name));
}

export function exhaust(world: World, { key, used, limit }: Capacity): void {
  world.taken.set(key, (world.taken.get(key) ?? 0) + Math.max(0, limit - used));
}

function withTaken(world: World, key: string, name: string, used: number, limit: number): Capacity {
  const lower = key.toLowerCase();
  return { key: lower, name, used: used + (world.taken.get(lower) ?? 0), limit };
}

/** Pools with the nodes that stand in them, none where the power is off, and with those that surge. */
function poolsWhere(world: World, matches: (cluster: ClusterState) => boolean) {
  return world.clusters.filter(matches).flatMap((cluster) =>
    cluster.pools.map((pool) => {
      const isOff = [cluster.resource.properties.powerState, pool.profile.powerState].some(
        (state) => state?.code.toLowerCase() === 'stopped',
      );
      const surging = world.rolls.some((roll) => roll.pool === pool) ? extraNodes(pool) : [];
      return { cluster, pool, standing: isOff ? [] : pool.nodes, surging };
    }),
  );
}

/** The nodes that a pool replaces at a time: its `maxSurge` (10% by default), else its `maxUnavailable`. */
export function batchNodes({ profile, nodes }: PoolState): number {
  const { maxSurge, maxUnavailable } = profile.upgradeSettings ?? {};
  return Math.max(1, nodesIn(maxSurge ?? '10%', nodes.length) || nodesIn(maxUnavailable ?? '0', nodes.length));
}

/** Those that it gets others beside meanwhile, of the same size: none where it rolls with `maxUnavailable`. */
function extraNodes({ profile, nodes }: PoolState): PoolState['nodes'] {
  return nodes.slice(0, nodesIn(profile.upgradeSettings?.maxSurge ?? '10%', nodes.length));
}

/** Of a percentage AKS rounds fractions of a node up. */
function nodesIn(setting: string, count: number): number {
  const value = Number.parseInt(setting, 10);
  return setting.endsWith('%') ? Math.ceil((count * value) / 100) : value;
}
