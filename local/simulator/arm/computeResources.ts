// Microsoft.Compute as far as AKS nodes go: the scale sets of node resource groups, their instances with the image that
// each really runs, and the cores of a region. Used by resourceRoutes.ts.
import { parseNodeImageVersion } from '../../../shared/domain/image/nodeImageVersion.ts';
import { coresIn, spotQuota } from '../world/capacity.ts';
import { type ClusterState, normalizeRegion, type PoolState, type World } from '../world/world.ts';

/** The subscription that AKS publishes its images from. */
const imageSubscription = '109a5e88-712a-48ae-9078-9ca8b3c81345';

/** The quotas of a region: all cores, each family, and spot nodes of every family together. */
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

export function scaleSetBody(cluster: ClusterState, pool: PoolState, group: string): object {
  return {
    id: scaleSetId(cluster, pool, group),
    name: pool.scaleSet,
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    location: normalizeRegion(cluster.resource.location),
    tags: { 'aks-managed-poolName': pool.profile.name },
    sku: { name: pool.profile['vmSize'], tier: 'Standard', capacity: pool.nodes.length },
    properties: { provisioningState: 'Succeeded', orchestrationMode: 'Uniform' },
  };
}

/** The instances of a pool. An image that has no known name has no reference. */
export function instanceBodies(cluster: ClusterState, pool: PoolState, group: string): readonly object[] {
  return pool.nodes.map(({ name, nodeImageVersion }, index) => {
    const image = parseNodeImageVersion(nodeImageVersion ?? '');
    return {
      id: `${scaleSetId(cluster, pool, group)}/virtualMachines/${index}`,
      name: `${pool.scaleSet}_${index}`,
      type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
      instanceId: String(index),
      location: normalizeRegion(cluster.resource.location),
      properties: {
        provisioningState: 'Succeeded',
        latestModelApplied: nodeImageVersion === pool.profile.nodeImageVersion,
        osProfile: { computerName: name },
        storageProfile: {
          ...(image && {
            imageReference: {
              id: `/subscriptions/${imageSubscription}/resourceGroups/AKS-${image.gallery.replace(/^AKS/, '')}/providers/Microsoft.Compute/galleries/${image.gallery}/images/${image.definition}/versions/${image.release}`,
            },
          }),
          osDisk: { osType: pool.profile.osType, createOption: 'FromImage' },
        },
      },
    };
  });
}

function scaleSetId({ name }: ClusterState, pool: PoolState, group: string): string {
  return `/subscriptions/${name.subscription}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/${pool.scaleSet}`;
}
