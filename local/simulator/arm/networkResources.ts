// Microsoft.Network as far as AKS nodes go: the virtual networks of their subnets, and how full those are.
import { addressesIn, subnetsOf } from '../world/capacity.ts';
import { normalizeRegion } from '../world/names.ts';
import type { World } from '../world/world.ts';
import { resourceBody } from './resources.ts';

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
