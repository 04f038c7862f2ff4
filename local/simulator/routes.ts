// The requests that the simulator knows: path, bucket and answer of each. A table, read by router.ts.
import { type Answer, armError } from './armAnswer.ts';
import { clusterPage } from './clusterPage.ts';
import { onCluster, onOperation, onPool, onResourceGroup, type RoutedRequest } from './onResource.ts';
import { operationBody, operationResult } from './operation.ts';
import {
  clusterBody,
  clusterUpgradeProfileBody,
  maintenanceConfigurationBody,
  poolBody,
  poolUpgradeProfileBody,
  subscriptionBody,
} from './resources.ts';
import type { AksLimit } from './throttling.ts';
import { abortLatestOperation, upgradeNodeImageVersion } from './upgrade.ts';
import type { ClusterState, World } from './world.ts';

/** `path` is compared without regard to case; a `{…}` segment takes any value. ARM's own requests have no limit of AKS. */
export type Route = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly limit?: AksLimit;
  readonly answer: (request: RoutedRequest) => Answer;
};

const provider = '/providers/Microsoft.ContainerService';
const location = `/subscriptions/{subscription}${provider}/locations/{location}`;
const groupClusters = `/subscriptions/{subscription}/resourceGroups/{resourceGroup}${provider}/managedClusters`;
const cluster = `${groupClusters}/{cluster}`;
const pool = `${cluster}/agentPools/{nodePool}`;

export const routes: readonly Route[] = [
  { method: 'GET', path: '/subscriptions', answer: listSubscriptions },
  {
    method: 'GET',
    path: '/subscriptions/{subscription}',
    answer: ({ parameter }) => ok(subscriptionBody(parameter('subscription'))),
  },
  {
    method: 'GET',
    path: `/subscriptions/{subscription}${provider}/managedClusters`,
    limit: 'listClusters',
    answer: listClusters,
  },
  {
    method: 'GET',
    path: groupClusters,
    limit: 'listGroup',
    answer: onResourceGroup(({ url }, clusters) => clusterPage(clusters, url)),
  },
  { method: 'GET', path: cluster, limit: 'getCluster', answer: onCluster((_, cluster) => ok(clusterBody(cluster))) },
  {
    method: 'GET',
    path: `${cluster}/upgradeProfiles/default`,
    limit: 'other',
    answer: onCluster((_, cluster) => ok(clusterUpgradeProfileBody(cluster))),
  },
  {
    method: 'GET',
    path: `${cluster}/agentPools`,
    limit: 'other',
    answer: onCluster((_, cluster) => ok({ value: cluster.pools.map((pool) => poolBody(cluster, pool)) })),
  },
  { method: 'GET', path: pool, limit: 'other', answer: onPool((_, cluster, pool) => ok(poolBody(cluster, pool))) },
  {
    method: 'GET',
    path: `${pool}/upgradeProfiles/default`,
    limit: 'other',
    answer: onPool(({ world }, cluster, pool) => ok(poolUpgradeProfileBody(world, cluster, pool))),
  },
  {
    method: 'POST',
    path: `${pool}/upgradeNodeImageVersion`,
    limit: 'other',
    answer: onPool(({ world, url }, cluster, pool) => upgradeNodeImageVersion(world, cluster, pool, url.origin)),
  },
  {
    method: 'POST',
    path: `${pool}/abort`,
    limit: 'other',
    answer: onPool(({ world, url }, _, pool) => abortLatestOperation(world, pool, url.origin)),
  },
  {
    method: 'GET',
    path: `${cluster}/maintenanceConfigurations`,
    limit: 'other',
    answer: onCluster((_, cluster) =>
      ok({ value: cluster.maintenanceConfigurations.map((one) => maintenanceConfigurationBody(cluster, one)) }),
    ),
  },
  {
    method: 'GET',
    path: `${cluster}/maintenanceConfigurations/{configuration}`,
    limit: 'other',
    answer: onCluster(getMaintenanceConfiguration),
  },
  {
    method: 'GET',
    path: `${location}/operations/{operation}`,
    limit: 'getOperation',
    answer: onOperation((_, operation) => ok(operationBody(operation))),
  },
  {
    method: 'GET',
    path: `${location}/operationresults/{operation}`,
    limit: 'getOperation',
    answer: onOperation(({ url }, operation) => operationResult(operation, url.origin)),
  },
];

/** The subscriptions that have clusters, each once. */
export function subscriptionsOf(world: World): readonly string[] {
  return [...new Map(world.clusters.map(({ name }) => [name.subscription.toLowerCase(), name.subscription])).values()];
}

function ok(body: object): Answer {
  return { status: 200, body };
}

function listSubscriptions({ world }: RoutedRequest): Answer {
  const value = subscriptionsOf(world).map(subscriptionBody);
  return ok({ value, count: { type: 'Total', value: value.length } });
}

function listClusters({ world, parameter, url }: RoutedRequest): Answer {
  const subscription = parameter('subscription').toLowerCase();
  return clusterPage(
    world.clusters.filter(({ name }) => name.subscription.toLowerCase() === subscription),
    url,
  );
}

function getMaintenanceConfiguration({ parameter }: RoutedRequest, cluster: ClusterState): Answer {
  const wanted = parameter('configuration');
  const found = cluster.maintenanceConfigurations.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  return found
    ? ok(maintenanceConfigurationBody(cluster, found))
    : armError(
        404,
        'NotFound',
        `The maintenance configuration '${wanted}' of managed cluster '${cluster.name.cluster}' was not found.`,
      );
}
