// The requests that the simulator knows: path, bucket and answer of each. A table, read by router.ts.
import { userCredentialBody } from '../kubernetes/kubernetesApi.ts';
import { operationBody, operationResult } from '../world/operation.ts';
import { abortLatestOperation, upgradeNodeImageVersion } from '../world/upgrade.ts';
import type { Answer } from './armAnswer.ts';
import { armRoutes } from './armRoutes.ts';
import { clusterPage } from './clusterPage.ts';
import {
  deleteMaintenanceConfiguration,
  getMaintenanceConfiguration,
  putMaintenanceConfiguration,
} from './maintenanceConfigurations.ts';
import { onCluster, onOperation, onPool, onResourceGroup } from './onResource.ts';
import { resourceRoutes } from './resourceRoutes.ts';
import {
  clusterBody,
  clusterUpgradeProfileBody,
  maintenanceConfigurationBody,
  poolBody,
  poolUpgradeProfileBody,
} from './resources.ts';
import { ok, type Route, type RoutedRequest } from './route.ts';

const provider = '/providers/Microsoft.ContainerService';
const location = `/subscriptions/{subscription}${provider}/locations/{location}`;
const groupClusters = `/subscriptions/{subscription}/resourceGroups/{resourceGroup}${provider}/managedClusters`;
const cluster = `${groupClusters}/{cluster}`;
const pool = `${cluster}/agentPools/{nodePool}`;

export const routes: readonly Route[] = [
  ...armRoutes,
  ...resourceRoutes,
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
    method: 'POST',
    path: `${cluster}/listClusterUserCredential`,
    limit: 'other',
    answer: onCluster(({ world, url }, cluster) => ok(userCredentialBody(world, cluster, url.origin))),
  },
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
    method: 'PUT',
    path: `${cluster}/maintenanceConfigurations/{configuration}`,
    limit: 'other',
    answer: onCluster(putMaintenanceConfiguration),
  },
  {
    method: 'DELETE',
    path: `${cluster}/maintenanceConfigurations/{configuration}`,
    limit: 'other',
    answer: onCluster(deleteMaintenanceConfiguration),
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

function listClusters({ world, parameter, url }: RoutedRequest): Answer {
  const subscription = parameter('subscription').toLowerCase();
  return clusterPage(
    world.clusters.filter(({ name }) => name.subscription.toLowerCase() === subscription),
    url,
  );
}
