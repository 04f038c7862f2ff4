// Microsoft.Compute and Microsoft.Network as far as AKS nodes go: scale sets, instances, cores, subnets and how full they are.
import { type NodeImageVersion, parseNodeImageVersion } from '../../../shared/domain/image/nodeImageVersion.ts';
import { addressesIn, coresIn, spotQuota, subnetsOf } from '../world/capacity.ts';
import { normalizeRegion } from '../world/names.ts';
import { type ClusterState, nodeResourceGroupOf, type PoolState, type World } from '../world/world.ts';
import { resourceBody } from './resources.ts';

/** The subscription that AKS publishes its images from. */
const imageSubscription = '109a5e88-712a-48ae-9078-9ca8b3c81345';

export function usagesBody(world: World, subscription: string, location: string): object {
  const quotas = coresIn(world, subscription, location);
  const families = quotas.filter(({ name }) => name !== spotQuota);
  const spot = quotas.find(({ name }) => name === spotQuota);
  const sum = (of: 'used' | 'limit') => families.reduce((total, family) => total + family[of], 0);
  return {
    value: [
      usage('cores', 'Total Regional vCPUs', sum('used'), Math.max(sum('limit'), 100)),
      ...families.map(({ name, used, limit }) =>
        usage(name, name.replace(/^standard(.*)Family$/, 'Standard $1 Family vCPUs'), used, limit),
      ),
      usage(spotQuota, 'Total Regional Low-priority vCPUs', spot?.used ?? 0, spot?.limit ?? 100),
    ],
  };
}

function usage(value: string, localizedValue: string, currentValue: number, limit: number): object {
  return { limit, unit: 'Count', currentValue, name: { value, localizedValue } };
}

export function scaleSetBody(cluster: ClusterState, pool: PoolState): object {
  const properties = { provisioningState: 'Succeeded', orchestrationMode: 'Uniform' };
  return {
    ...resourceBody(scaleSetId(cluster, pool), 'Microsoft.Compute/virtualMachineScaleSets', properties),
    location: normalizeRegion(cluster.resource.location),
    tags: tagsOf(pool),
    sku: { name: pool.profile.vmSize, tier: 'Standard', capacity: pool.nodes.length + pool.deallocated.length },
  };
}

/** The instances of a pool's scale set. Power states are in the view alone, which must be asked for. */
export function instanceBodies(cluster: ClusterState, pool: PoolState, expand: string | null): readonly object[] {
  return [...pool.nodes, ...pool.deallocated].map((node, index) => {
    const id = `${scaleSetId(cluster, pool)}/virtualMachines/${index}`;
    const type = 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines';
    const properties = {
      latestModelApplied: node.nodeImageVersion === pool.profile.nodeImageVersion,
      ...(expand?.toLowerCase() === 'instanceview' && { instanceView: viewOf(pool, index < pool.nodes.length) }),
    };
    return {
      ...nodeBody(cluster, pool, node, { id, type, properties }),
      name: `${pool.scaleSet}_${index}`,
      instanceId: String(index),
    };
  });
}

/** The nodes of a pool of type VirtualMachines: resources of their own. */
export function machineBodies(cluster: ClusterState, pool: PoolState): readonly object[] {
  return pool.nodes.map((node) => {
    const id = `${computeIn(cluster)}/virtualMachines/${node.name}`;
    const properties = { hardwareProfile: { vmSize: node.size } };
    const tags = tagsOf(pool);
    return { ...nodeBody(cluster, pool, node, { id, type: 'Microsoft.Compute/virtualMachines', properties }), tags };
  });
}

type Resource = { readonly id: string; readonly type: string; readonly properties: object };

/** An image that has no known name has no reference. */
function nodeBody(
  cluster: ClusterState,
  pool: PoolState,
  node: PoolState['nodes'][number],
  { id, type, properties }: Resource,
) {
  const image = parseNodeImageVersion(node.nodeImageVersion ?? '');
  const shown = {
    provisioningState: 'Succeeded',
    ...properties,
    osProfile: { computerName: node.name },
    storageProfile: {
      ...(image && { imageReference: { id: imageId(image) } }),
      osDisk: { osType: pool.profile.osType, createOption: 'FromImage' },
    },
  };
  return { ...resourceBody(id, type, shown), location: normalizeRegion(cluster.resource.location) };
}

function tagsOf({ profile }: PoolState): object {
  return { 'aks-managed-poolName': profile.name };
}

function viewOf({ profile }: PoolState, isNode: boolean): object {
  const isOn = isNode && profile.powerState?.code.toLowerCase() !== 'stopped';
  const power = isOn ? 'running' : 'deallocated';
  return {
    statuses: [
      { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded' },
      { code: `PowerState/${power}`, level: 'Info', displayStatus: `VM ${power}` },
    ],
  };
}

function imageId({ gallery, definition, release }: NodeImageVersion): string {
  return `/subscriptions/${imageSubscription}/resourceGroups/AKS-${gallery.replace(/^AKS/, '')}/providers/Microsoft.Compute/galleries/${gallery}/images/${definition}/versions/${release}`;
}

function scaleSetId(cluster: ClusterState, pool: PoolState): string {
  return `${computeIn(cluster)}/virtualMachineScaleSets/${pool.scaleSet}`;
}

function computeIn(cluster: ClusterState): string {
  return `/subscriptions/${cluster.name.subscription}/resourceGroups/${nodeResourceGroupOf(cluster)}/providers/Microsoft.Compute`;
}

type Subnet = { readonly id: string; readonly addressPrefix: string };
export type Network = { readonly id: string; readonly location: string; readonly subnets: readonly Subnet[] };

const networkPattern = /^\/subscriptions\/.+\/virtualNetworks\/[^/]+(?=\/subnets\/[^/]+$)/i;

export function networksIn(world: World, subscription: string, group: string): readonly Network[] {
  const prefix = `/subscriptions/${subscription}/resourceGroups/${group}/`.toLowerCase();
  const inGroup = subnetsOf(world).filter(({ id }) => networkPattern.test(id) && id.toLowerCase().startsWith(prefix));
  const networks = Map.groupBy(inGroup, ({ id }) => networkIdOf(id).toLowerCase());
  return [...networks.values()].map((subnets) => ({
    id: networkIdOf(subnets[0]?.id ?? ''),
    location: normalizeRegion(subnets[0]?.location ?? ''),
    subnets: subnets.map(({ id }, index) => ({ id, addressPrefix: `10.${224 + index}.0.0/16` })),
  }));
}

function networkIdOf(subnet: string): string {
  return networkPattern.exec(subnet)?.[0] ?? '';
}

export function networkBody({ id, location, subnets }: Network): object {
  const properties = {
    provisioningState: 'Succeeded',
    addressSpace: { addressPrefixes: ['10.224.0.0/12'] },
    subnets: subnets.map(subnetBody),
  };
  return { ...resourceBody(id, 'Microsoft.Network/virtualNetworks', properties), location };
}

export function subnetBody({ id, addressPrefix }: Subnet): object {
  const properties = { provisioningState: 'Succeeded', addressPrefix, delegations: [] };
  return resourceBody(id, 'Microsoft.Network/virtualNetworks/subnets', properties);
}

export function networkUsagesBody(world: World, { subnets }: Network): object {
  const name = { value: 'SubnetSpace', localizedValue: 'Subnet size and usage' };
  return {
    value: subnets.map(({ id }) => {
      const { used, limit } = addressesIn(world, id);
      return { id, currentValue: used, limit, unit: 'Count', name };
    }),
  };
}
