// Microsoft.Network as far as AKS nodes go: the virtual networks of their subnets, and how full those are. Used by
// resourceRoutes.ts.
import { addressesIn, subnetsOf } from '../world/capacity.ts';
import { normalizeRegion, type World } from '../world/world.ts';

const subnetPattern = /^(?<network>\/subscriptions\/.+\/virtualNetworks\/[^/]+)\/subnets\/(?<name>[^/]+)$/i;

type Subnet = { readonly id: string; readonly name: string; readonly addressPrefix: string };
type Network = { readonly id: string; readonly location: string; readonly subnets: readonly Subnet[] };

/** The virtual network with an ARM id, or undefined when no pool stands in it. */
export function findNetwork(world: World, id: string): Network | undefined {
  const inNetwork = subnetsOf(world).flatMap((subnet) => {
    const parts = subnetPattern.exec(subnet.id)?.groups;
    return parts?.['network']?.toLowerCase() === id.toLowerCase() ? [{ ...subnet, ...parts }] : [];
  });
  const [first] = inNetwork;
  return (
    first && {
      id: first.id.slice(0, first.id.toLowerCase().lastIndexOf('/subnets/')),
      location: normalizeRegion(first.location),
      subnets: inNetwork.map((subnet, index) => ({
        id: subnet.id,
        name: subnet.id.slice(subnet.id.lastIndexOf('/') + 1),
        addressPrefix: `10.${224 + index}.0.0/16`,
      })),
    }
  );
}

/** The ids of the virtual networks in a resource group that pools stand in. */
export function networksIn(world: World, subscription: string, group: string): readonly string[] {
  const prefix = `/subscriptions/${subscription}/resourceGroups/${group}/`.toLowerCase();
  const networks = subnetsOf(world).map(({ id }) => subnetPattern.exec(id)?.groups?.['network'] ?? '');
  const inGroup = networks.filter((id) => id.toLowerCase().startsWith(prefix));
  return [...new Map(inGroup.map((id) => [id.toLowerCase(), id])).values()];
}

export function networkBody({ id, location, subnets }: Network): object {
  return {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: 'Microsoft.Network/virtualNetworks',
    location,
    properties: {
      provisioningState: 'Succeeded',
      addressSpace: { addressPrefixes: ['10.224.0.0/12'] },
      subnets: subnets.map(subnetBody),
    },
  };
}

export function subnetBody({ id, name, addressPrefix }: Subnet): object {
  return {
    id,
    name,
    type: 'Microsoft.Network/virtualNetworks/subnets',
    properties: { provisioningState: 'Succeeded', addressPrefix, delegations: [] },
  };
}

/** How many addresses of each subnet are in use. */
export function networkUsagesBody(world: World, { subnets }: Network): object {
  return {
    value: subnets.map(({ id }) => {
      const { used, limit } = addressesIn(world, id);
      return {
        id,
        currentValue: used,
        limit,
        unit: 'Count',
        name: { value: 'SubnetSpace', localizedValue: 'Subnet size and usage' },
      };
    }),
  };
}
