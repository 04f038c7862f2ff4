// What other resource providers show of a cluster's nodes: scale sets, quotas, virtual networks. Part of routes.ts.
import { skusBody } from '../world/vmSizes.ts';
import { type ClusterState, nodeResourceGroupOf, type PoolState } from '../world/world.ts';
import { type Answer, armError } from './armAnswer.ts';
import { instanceBodies, scaleSetBody, usagesBody } from './computeResources.ts';
import { findNetwork, networkBody, networksIn, networkUsagesBody, subnetBody } from './networkResources.ts';
import { type Handler, ok, type Route, type RoutedRequest } from './route.ts';

const group = '/subscriptions/{subscription}/resourceGroups/{resourceGroup}';
const scaleSets = `${group}/providers/Microsoft.Compute/virtualMachineScaleSets`;
const networks = `${group}/providers/Microsoft.Network/virtualNetworks`;
const network = `${networks}/{network}`;

export const resourceRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}/usages',
    answer: ({ world, parameter }) => ok(usagesBody(world, parameter('subscription'), parameter('location'))),
  },
  {
    method: 'GET',
    path: '/subscriptions/{subscription}/providers/Microsoft.Compute/skus',
    answer: ({ world, url }) => ok(skusBody(world, url.searchParams.get('$filter'))),
  },
  {
    method: 'GET',
    path: scaleSets,
    answer: (request) =>
      ok({
        value: scaleSetsIn(request).map(({ cluster, pool }) =>
          scaleSetBody(cluster, pool, nodeResourceGroupOf(cluster)),
        ),
      }),
  },
  {
    method: 'GET',
    path: `${scaleSets}/{scaleSet}`,
    answer: onScaleSet((cluster, pool) => ok(scaleSetBody(cluster, pool, nodeResourceGroupOf(cluster)))),
  },
  {
    method: 'GET',
    path: `${scaleSets}/{scaleSet}/virtualMachines`,
    answer: onScaleSet((cluster, pool) => ok({ value: instanceBodies(cluster, pool, nodeResourceGroupOf(cluster)) })),
  },
  { method: 'GET', path: networks, answer: listNetworks },
  { method: 'GET', path: network, answer: onNetwork((_, found) => ok(networkBody(found))) },
  {
    method: 'GET',
    path: `${network}/usages`,
    answer: onNetwork(({ world }, found) => ok(networkUsagesBody(world, found))),
  },
  {
    method: 'GET',
    path: `${network}/subnets`,
    answer: onNetwork((_, { subnets }) => ok({ value: subnets.map(subnetBody) })),
  },
  {
    method: 'GET',
    path: `${network}/subnets/{subnet}`,
    answer: onNetwork(({ parameter }, { subnets }) => {
      const subnet = subnets.find(({ name }) => name.toLowerCase() === parameter('subnet').toLowerCase());
      return subnet ? ok(subnetBody(subnet)) : armError(404, 'NotFound', `Resource ${parameter('subnet')} not found.`);
    }),
  },
];

function listNetworks({ world, parameter }: RoutedRequest): Answer {
  const ids = networksIn(world, parameter('subscription'), parameter('resourceGroup'));
  return ok({
    value: ids.flatMap((id) => {
      const found = findNetwork(world, id);
      return found ? [networkBody(found)] : [];
    }),
  });
}

/** The pools of the cluster whose nodes are in the path's resource group. */
function scaleSetsIn({ world, parameter }: RoutedRequest) {
  return world.clusters
    .filter(
      (cluster) =>
        cluster.name.subscription.toLowerCase() === parameter('subscription').toLowerCase() &&
        nodeResourceGroupOf(cluster).toLowerCase() === parameter('resourceGroup').toLowerCase(),
    )
    .flatMap((cluster) => cluster.pools.map((pool) => ({ cluster, pool })));
}

function onScaleSet(answer: (cluster: ClusterState, pool: PoolState) => Answer): Handler {
  return (request) => {
    const wanted = request.parameter('scaleSet');
    const found = scaleSetsIn(request).find(({ pool }) => pool.scaleSet.toLowerCase() === wanted.toLowerCase());
    return found
      ? answer(found.cluster, found.pool)
      : notFound(`Microsoft.Compute/virtualMachineScaleSets/${wanted}`, request.parameter('resourceGroup'));
  };
}

function onNetwork(
  answer: (request: RoutedRequest, network: NonNullable<ReturnType<typeof findNetwork>>) => Answer,
): Handler {
  return (request) => {
    const { world, parameter } = request;
    const [subscription, group, name] = [parameter('subscription'), parameter('resourceGroup'), parameter('network')];
    const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks/${name}`;
    const found = findNetwork(world, id);
    return found ? answer(request, found) : notFound(`Microsoft.Network/virtualNetworks/${name}`, group);
  };
}

function notFound(resource: string, group: string): Answer {
  return armError(
    404,
    'ResourceNotFound',
    `The Resource '${resource}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}
