// What nodes take up: cores of a VM family in a region, and addresses of a subnet. Asked by rolling.ts before nodes surge,
// shown by computeResources.ts and networkResources.ts.
import { extraNodes } from './surge.ts';
import { type ClusterState, nodeResourceGroupOf, normalizeRegion, type PoolState, type World } from './world.ts';

/** So much of something that is limited. */
export type Capacity = {
  /** Tells it from others, in lower case. */
  readonly key: string;
  readonly name: string;
  readonly used: number;
  readonly limit: number;
};

/** Azure keeps five addresses of every subnet. */
const addressesInSlash16 = 2 ** 16 - 5;

/** The cores that pools of a region have, by VM family, each with its quota. */
export function coresIn(world: World, subscription: string, location: string): readonly Capacity[] {
  const region = normalizeRegion(location);
  const families = new Map<string, { standing: number; surging: number }>();
  for (const { pool, standing, surging } of poolsWhere(
    world,
    ({ name, resource }) => same(name.subscription, subscription) && normalizeRegion(resource.location) === region,
  )) {
    const family = familyOf(pool);
    const before = families.get(family) ?? { standing: 0, surging: 0 };
    const cores = coresOf(pool);
    families.set(family, { standing: before.standing + standing * cores, surging: before.surging + surging * cores });
  }
  return [...families].map(([name, { standing, surging }]) =>
    withTaken(world, `cores|${subscription}|${region}|${name}`, name, standing + surging, quotaFor(standing)),
  );
}

/** The cores that a node of this pool takes up. */
function coresOf(pool: PoolState): number {
  return Number(/^\D*_\D*(\d+)/.exec(vmSizeOf(pool))?.[1] ?? 2);
}

/** Azure's name of the pool's VM family: Standard_D4s_v5 is of standardDSv5Family. */
function familyOf(pool: PoolState): string {
  const parts = /^Standard_(?<letters>[A-Z]+)\d+(?:-\d+)?(?<features>[a-z]*)(?:_(?<version>v\d+))?$/.exec(
    vmSizeOf(pool),
  )?.groups;
  return parts
    ? `standard${parts['letters']}${parts['features']?.toUpperCase()}${parts['version'] ?? ''}Family`
    : 'standardDSv5Family';
}

/** The ARM id of the subnet that the pool's nodes stand in: its own, or the one that AKS made for the cluster. */
export function subnetOf(cluster: ClusterState, pool: PoolState): string {
  const vnetSubnetID = pool.profile['vnetSubnetID'];
  if (typeof vnetSubnetID === 'string' && vnetSubnetID !== '') return vnetSubnetID;
  return `/subscriptions/${cluster.name.subscription}/resourceGroups/${nodeResourceGroupOf(cluster)}/providers/Microsoft.Network/virtualNetworks/aks-vnet/subnets/aks-subnet`;
}

/** The addresses of a subnet. Every simulated subnet is a /16. */
export function addressesIn(world: World, subnet: string): Capacity {
  const used = poolsWhere(world, () => true)
    .filter(({ cluster, pool }) => same(subnetOf(cluster, pool), subnet))
    .reduce((sum, { cluster, pool, standing, surging }) => sum + (standing + surging) * addressesOf(cluster, pool), 0);
  return withTaken(world, `addresses|${subnet}`, subnet, used, addressesInSlash16);
}

/** The addresses that a node of this pool takes up: its pods' too, where they stand in the same subnet. */
function addressesOf(cluster: ClusterState, pool: PoolState): number {
  const network = cluster.resource.properties['networkProfile'] as
    | { readonly networkPlugin?: string; readonly networkPluginMode?: string }
    | undefined;
  const maxPods = pool.profile['maxPods'];
  const isFlat =
    network?.networkPlugin === 'azure' && network.networkPluginMode !== 'overlay' && !pool.profile['podSubnetID'];
  return isFlat ? 1 + (typeof maxPods === 'number' ? maxPods : 110) : 1;
}

/** The subnets of the fleet, each once. */
export function subnetsOf(world: World): readonly { readonly id: string; readonly location: string }[] {
  const subnets = poolsWhere(world, () => true).map(({ cluster, pool }) => ({
    id: subnetOf(cluster, pool),
    location: cluster.resource.location,
  }));
  return [...new Map(subnets.map((subnet) => [subnet.id.toLowerCase(), subnet])).values()];
}

/** The cores of the pool's VM family in its region. */
export function coresFor(world: World, cluster: ClusterState, pool: PoolState): Capacity {
  const family = familyOf(pool);
  const found = coresIn(world, cluster.name.subscription, cluster.resource.location).find(
    ({ name }) => name === family,
  );
  if (!found) throw new Error(`No pool of the region has cores of ${family}.`);
  return found;
}

/** Others take all that is left. */
export function exhaust(world: World, { key, used, limit }: Capacity): void {
  world.taken.set(key, (world.taken.get(key) ?? 0) + Math.max(0, limit - used));
}

function withTaken(world: World, key: string, name: string, used: number, limit: number): Capacity {
  const lower = key.toLowerCase();
  return { key: lower, name, used: used + (world.taken.get(lower) ?? 0), limit };
}

/** Room for as much again, so that no surge fails by itself. */
function quotaFor(used: number): number {
  return Math.max(100, Math.ceil((used * 2) / 100) * 100);
}

/** Pools with the nodes that stand in them, none where the power is off, and with those that surge. */
function poolsWhere(world: World, matches: (cluster: ClusterState) => boolean) {
  return world.clusters.filter(matches).flatMap((cluster) =>
    cluster.pools.map((pool) => {
      const isOff = [cluster.resource.properties.powerState, pool.profile.powerState].some(
        (state) => state?.code.toLowerCase() === 'stopped',
      );
      const surging = world.rolls.some((roll) => roll.pool === pool) ? extraNodes(pool) : 0;
      return { cluster, pool, standing: isOff ? 0 : pool.nodes.length, surging };
    }),
  );
}

function vmSizeOf({ profile }: PoolState): string {
  return typeof profile['vmSize'] === 'string' ? profile['vmSize'] : 'Standard_D2s_v5';
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
