// What other resource providers show of a cluster's nodes: scale sets, quotas, virtual networks. Part of routes.ts.
import { lastPart, sameName } from '../world/names.ts';
import { isOfMachines } from '../world/poolNodes.ts';
import { skusBody } from '../world/vmSizes.ts';
import { type ClusterState, nodeResourceGroupOf, type PoolState } from '../world/world.ts';
import {
  type Answer,
  armError,
  type Handler,
  ok,
  type RoutedRequest,
  type RouteTable,
  resourceNotFound,
} from './armAnswer.ts';
import {
  instanceBodies,
  machineBodies,
  type Network,
  networkBody,
  networksIn,
  networkUsagesBody,
  scaleSetBody,
  subnetBody,
  usagesBody,
} from './computeResources.ts';

const compute = '/subscriptions/{subscription}/providers/Microsoft.Compute';
const group = '/subscriptions/{subscription}/resourceGroups/{resourceGroup}';
const scaleSets = `${group}/providers/Microsoft.Compute/virtualMachineScaleSets`;
const networks = `${group}/providers/Microsoft.Network/virtualNetworks`;
const network = `${networks}/{network}`;

export const resourceRoutes: RouteTable = {
  [`GET ${compute}/locations/{location}/usages`]: ({ world, parameter }) =>
    ok(usagesBody(world, parameter('subscription'), parameter('location'))),
  [`GET ${compute}/skus`]: ({ world, url }) => ok(skusBody(world, url.searchParams.get('$filter'))),
  [`GET ${scaleSets}`]: (request) =>
    ok({ value: scaleSetsIn(request).map(({ cluster, pool }) => scaleSetBody(cluster, pool)) }),
  [`GET ${scaleSets}/{scaleSet}`]: onScaleSet((cluster, pool) => ok(scaleSetBody(cluster, pool))),
  [`GET ${scaleSets}/{scaleSet}/virtualMachines`]: onScaleSet((cluster, pool, { url }) =>
    ok({ value: instanceBodies(cluster, pool, url.searchParams.get('$expand')) }),
  ),
  [`GET ${group}/providers/Microsoft.Compute/virtualMachines`]: (request) => {
    const machines = poolsIn(request).filter(({ pool }) => isOfMachines(pool.profile));
    return ok({ value: machines.flatMap(({ cluster, pool }) => machineBodies(cluster, pool)) });
  },
  [`GET ${networks}`]: ({ world, parameter }) =>
    ok({ value: networksIn(world, parameter('subscription'), parameter('resourceGroup')).map(networkBody) }),
  [`GET ${network}`]: onNetwork((_, found) => ok(networkBody(found))),
  [`GET ${network}/usages`]: onNetwork(({ world }, found) => ok(networkUsagesBody(world, found))),
  [`GET ${network}/subnets`]: onNetwork((_, { subnets }) => ok({ value: subnets.map(subnetBody) })),
  [`GET ${network}/subnets/{subnet}`]: onNetwork(({ parameter }, { subnets }) => {
    const subnet = subnets.find(({ id }) => sameName(lastPart(id), parameter('subnet')));
    return subnet ? ok(subnetBody(subnet)) : armError(404, 'NotFound', `Resource ${parameter('subnet')} not found.`);
  }),
};

function scaleSetsIn(request: RoutedRequest) {
  return poolsIn(request).filter(({ pool }) => !isOfMachines(pool.profile));
}

/** The pools of the cluster whose nodes are in the path's resource group. */
function poolsIn({ world, parameter }: RoutedRequest) {
  return world.clusters
    .filter(
      (cluster) =>
        sameName(cluster.name.subscription, parameter('subscription')) &&
        sameName(nodeResourceGroupOf(cluster), parameter('resourceGroup')),
    )
    .flatMap((cluster) => cluster.pools.map((pool) => ({ cluster, pool })));
}

function onScaleSet(answer: (cluster: ClusterState, pool: PoolState, request: RoutedRequest) => Answer): Handler {
  return (request) => {
    const wanted = request.parameter('scaleSet');
    const found = scaleSetsIn(request).find(({ pool }) => sameName(pool.scaleSet, wanted));
    return found
      ? answer(found.cluster, found.pool, request)
      : resourceNotFound(`Microsoft.Compute/virtualMachineScaleSets/${wanted}`, request.parameter('resourceGroup'));
  };
}

function onNetwork(answer: (request: RoutedRequest, network: Network) => Answer): Handler {
  return (request) => {
    const { world, parameter } = request;
    const [group, name] = [parameter('resourceGroup'), parameter('network')];
    const found = networksIn(world, parameter('subscription'), group).find(({ id }) => sameName(lastPart(id), name));
    return found ? answer(request, found) : resourceNotFound(`Microsoft.Network/virtualNetworks/${name}`, group);
  };
}
