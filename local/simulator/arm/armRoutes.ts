// What Azure Resource Manager answers itself: subscriptions, tenants, resource groups, and the endpoints of this cloud.
// Part of routes.ts.
import { nodeResourceGroupOf, normalizeRegion, subscriptionsOf, type World } from '../world/world.ts';
import { type Answer, armError } from './armAnswer.ts';
import { subscriptionBody, tenantId } from './resources.ts';
import { ok, type Route, type RoutedRequest } from './route.ts';

export const armRoutes: readonly Route[] = [
  { method: 'GET', path: '/metadata/endpoints', anonymous: true, answer: getEndpoints },
  { method: 'GET', path: '/tenants', answer: listTenants },
  { method: 'GET', path: '/subscriptions', answer: listSubscriptions },
  {
    method: 'GET',
    path: '/subscriptions/{subscription}',
    answer: ({ parameter }) => ok(subscriptionBody(parameter('subscription'))),
  },
  {
    method: 'GET',
    path: '/subscriptions/{subscription}/resourceGroups',
    answer: ({ world, parameter }) => ok({ value: groupsOf(world, parameter('subscription')) }),
  },
  { method: 'GET', path: '/subscriptions/{subscription}/resourceGroups/{resourceGroup}', answer: getGroup },
];

function listTenants(): Answer {
  const tenant = {
    id: `/tenants/${tenantId}`,
    tenantId,
    countryCode: 'NL',
    displayName: 'Simulated',
    tenantType: 'AAD',
  };
  return ok({ value: [tenant] });
}

function listSubscriptions({ world }: RoutedRequest): Answer {
  const value = subscriptionsOf(world).map(subscriptionBody);
  return ok({ value, count: { type: 'Total', value: value.length } });
}

function getGroup({ world, parameter }: RoutedRequest): Answer {
  const wanted = parameter('resourceGroup');
  const found = groupsOf(world, parameter('subscription')).find(
    ({ name }) => name.toLowerCase() === wanted.toLowerCase(),
  );
  return found ? ok(found) : armError(404, 'ResourceGroupNotFound', `Resource group '${wanted}' could not be found.`);
}

/** The groups that clusters are in, and those that AKS made for their nodes. */
function groupsOf(world: World, subscription: string): readonly { readonly name: string }[] {
  const groups = world.clusters
    .filter(({ name }) => name.subscription.toLowerCase() === subscription.toLowerCase())
    .flatMap((cluster) => [
      { group: cluster.name.resourceGroup, cluster },
      { group: nodeResourceGroupOf(cluster), cluster, managedBy: cluster.resource.id },
    ])
    .map(({ group, cluster, ...managed }) => ({
      id: `/subscriptions/${cluster.name.subscription}/resourceGroups/${group}`,
      name: group,
      type: 'Microsoft.Resources/resourceGroups',
      location: normalizeRegion(cluster.resource.location),
      ...managed,
      properties: { provisioningState: 'Succeeded' },
    }));
  return [...new Map(groups.map((group) => [group.id.toLowerCase(), group])).values()];
}

/** Where this cloud's services are: everything here. Versions from 2019 on list clouds, those before show one. */
function getEndpoints({ url }: RoutedRequest): Answer {
  const { origin } = url;
  const authentication = {
    loginEndpoint: origin,
    audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
  };
  if ((url.searchParams.get('api-version') ?? '') < '2019') {
    return ok({ galleryEndpoint: origin, graphEndpoint: origin, portalEndpoint: origin, authentication });
  }
  const cloud = {
    name: 'AksSimulator',
    resourceManager: origin,
    portal: origin,
    gallery: origin,
    graph: origin,
    graphAudience: origin,
    microsoftGraphResourceId: origin,
    authentication: { ...authentication, tenant: 'common', identityProvider: 'AAD' },
    suffixes: {},
  };
  return { status: 200, body: [cloud] };
}
