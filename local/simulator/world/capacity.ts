// What nodes take up: cores of a VM family in a region, and addresses of a subnet. Asked by rolling.ts before nodes surge,
// shown by computeResources.ts and networkResources.ts.
import { extraNodes } from './surge.ts';
import { familyOf, vCpusOf } from './vmSizes.ts';
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

/** The quota that all spot nodes of a region share, whatever their family. */
export const spotQuota = 'lowPriorityCores';

/** The cores that pools of a region have, by VM family, those of spot pools together, each with its quota. */
export function coresIn(world: World, subscription: string, location: string): readonly Capacity[] {
  const region = normalizeRegion(location);
  const families = new Map<string, { standing: number; surging: number }>();
  for (const { pool, standing, surging } of poolsWhere(
    world,
    ({ name, resource }) => same(name.subscription, subscription) && normalizeRegion(resource.location) === region,
  )) {
    const family = quotaOf(pool);
    const before = families.get(family) ?? { standing: 0, surging: 0 };
    const cores = vCpusOf(vmSizeOf(pool));
    families.set(family, { standing: before.standing + standing * cores, surging: before.surging + surging * cores });
  }
  return [...families].map(([name, { standing, surging }]) =>
    withTaken(world, `cores|${subscription}|${region}|${name}`, name, standing + surging, quotaFor(standing)),
  );
}

function quotaOf(pool: PoolState): string {
  return pool.profile['scaleSetPriority'] === 'Spot' ? spotQuota : familyOf(vmSizeOf(pool));
}

/** A subnet that a pool takes addresses of, and how many a node. */
type Share = { readonly subnet: string; readonly perNode: number };

/**
 * The subnet that the pool's nodes stand in, its own or the one that AKS made for the cluster, and that of its pods. Pods
 * take addresses of the nodes' subnet in a flat network, of their own where they have one, else of none.
 */
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

/** The addresses of a subnet. Every simulated subnet is a /16. */
export function addressesIn(world: World, subnet: string): Capacity {
  const used = poolsWhere(world, () => true)
    .flatMap(({ cluster, pool, standing, surging }) =>
      sharesOf(cluster, pool).map((share) => ({ ...share, nodes: standing + surging })),
    )
    .filter((share) => same(share.subnet, subnet))
    .reduce((sum, { nodes, perNode }) => sum + nodes * perNode, 0);
  return withTaken(world, `addresses|${subnet}`, subnet, used, addressesInSlash16);
}

/** The subnets of the fleet, each once. */
export function subnetsOf(world: World): readonly { readonly id: string; readonly location: string }[] {
  const subnets = poolsWhere(world, () => true).flatMap(({ cluster, pool }) =>
    sharesOf(cluster, pool).map(({ subnet }) => ({ id: subnet, location: cluster.resource.location })),
  );
  return [...new Map(subnets.map((subnet) => [subnet.id.toLowerCase(), subnet])).values()];
}

/** The cores of the quota that the pool's nodes count against. */
export function coresFor(world: World, cluster: ClusterState, pool: PoolState): Capacity {
  const family = quotaOf(pool);
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
