// What Azure Resource Manager answers itself: subscriptions, tenants, resource groups, and the endpoints of this cloud.
import { normalizeRegion, sameName, uniqueBy } from '../world/names.ts';
import { nodeResourceGroupOf, subscriptionsOf, type World } from '../world/world.ts';
import { listActivityLog } from './activityLogRoute.ts';
import { type Answer, groupNotFound, ok, type RoutedRequest, type RouteTable } from './armAnswer.ts';
import { subscriptionBody, tenantId } from './resources.ts';

export const endpointsPath = '/metadata/endpoints';

export const armRoutes: RouteTable = {
  [`GET ${endpointsPath}`]: getEndpoints,
  'GET /tenants': () => ok({ value: [tenant] }),
  'GET /subscriptions': ({ world }) => {
    const value = subscriptionsOf(world).map(subscriptionBody);
    return ok({ value, count: { type: 'Total', value: value.length } });
  },
  'GET /subscriptions/{subscription}': ({ parameter }) => ok(subscriptionBody(parameter('subscription'))),
  'GET /subscriptions/{subscription}/providers/Microsoft.Insights/eventtypes/management/values': listActivityLog,
  'GET /subscriptions/{subscription}/resourceGroups': ({ world, parameter }) =>
    ok({ value: groupsOf(world, parameter('subscription')) }),
  'GET /subscriptions/{subscription}/resourceGroups/{resourceGroup}': ({ world, parameter }) => {
    const wanted = parameter('resourceGroup');
    const found = groupsOf(world, parameter('subscription')).find(({ name }) => sameName(name, wanted));
    return found ? ok(found) : groupNotFound(wanted);
  },
};

const tenant = {
  id: `/tenants/${tenantId}`,
  tenantId,
  countryCode: 'NL',
  displayName: 'Simulated',
  tenantType: 'AAD',
};

function groupsOf(world: World, subscription: string): readonly { readonly name: string }[] {
  const groups = world.clusters
    .filter(({ name }) => sameName(name.subscription, subscription))
    .flatMap((cluster) => [
      { group: cluster.name.resourceGroup, cluster, managedBy: undefined },
      { group: nodeResourceGroupOf(cluster), cluster, managedBy: cluster.resource.id },
    ])
    .map(({ group, cluster, managedBy }) => ({
      id: `/subscriptions/${cluster.name.subscription}/resourceGroups/${group}`,
      name: group,
      type: 'Microsoft.Resources/resourceGroups',
      location: normalizeRegion(cluster.resource.location),
      managedBy,
      properties: { provisioningState: 'Succeeded' },
    }));
  return uniqueBy(groups, ({ id }) => id);
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
  return ok([cloud]);
}
