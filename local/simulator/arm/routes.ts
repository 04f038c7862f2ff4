// The requests that the simulator knows: path, bucket and answer of each. A table, read by router.ts.
import { userCredentialBody } from '../kubernetes/kubernetesApi.ts';
import { sameName } from '../world/names.ts';
import { operationBody, operationResult } from '../world/operation.ts';
import { abortLatestOperation, upgradeNodeImageVersion } from '../world/upgrade.ts';
import type { Answer } from './armAnswer.ts';
import { armRoutes } from './armRoutes.ts';
import { clusterPage } from './clusterPage.ts';
import {
  deleteMaintenanceConfiguration,
  getMaintenanceConfiguration,
  listMaintenanceConfigurations,
  putMaintenanceConfiguration,
} from './maintenanceConfigurations.ts';
import { onCluster, onOperation, onPool, onResourceGroup } from './onResource.ts';
import { resourceRoutes } from './resourceRoutes.ts';
import { clusterBody, clusterUpgradeProfileBody, poolBody, poolUpgradeProfileBody } from './resources.ts';
import { aks, ok, type Route, type RoutedRequest } from './route.ts';

const provider = '/providers/Microsoft.ContainerService';
const location = `/subscriptions/{subscription}${provider}/locations/{location}`;
const groupClusters = `/subscriptions/{subscription}/resourceGroups/{resourceGroup}${provider}/managedClusters`;
const cluster = `${groupClusters}/{cluster}`;
const pool = `${cluster}/agentPools/{nodePool}`;
const configurations = `${cluster}/maintenanceConfigurations`;

export const routes: readonly Route[] = [
  ...armRoutes,
  ...resourceRoutes,
  aks('GET', `/subscriptions/{subscription}${provider}/managedClusters`, listClusters, 'listClusters'),
  aks(
    'GET',
    groupClusters,
    onResourceGroup(({ url }, clusters) => clusterPage(clusters, url)),
    'listGroup',
  ),
  aks(
    'GET',
    cluster,
    onCluster((_, cluster) => ok(clusterBody(cluster))),
    'getCluster',
  ),
  aks(
    'POST',
    `${cluster}/listClusterUserCredential`,
    onCluster(({ world, url }, cluster) => ok(userCredentialBody(world, cluster, url.origin))),
  ),
  aks(
    'GET',
    `${cluster}/upgradeProfiles/default`,
    onCluster((_, cluster) => ok(clusterUpgradeProfileBody(cluster))),
  ),
  aks(
    'GET',
    `${cluster}/agentPools`,
    onCluster((_, cluster) => ok({ value: cluster.pools.map((pool) => poolBody(cluster, pool)) })),
  ),
  aks(
    'GET',
    pool,
    onPool((_, cluster, pool) => ok(poolBody(cluster, pool))),
  ),
  aks(
    'GET',
    `${pool}/upgradeProfiles/default`,
    onPool(({ world }, cluster, pool) => ok(poolUpgradeProfileBody(world, cluster, pool))),
  ),
  aks(
    'POST',
    `${pool}/upgradeNodeImageVersion`,
    onPool(({ world, url }, cluster, pool) => upgradeNodeImageVersion(world, cluster, pool, url.origin)),
  ),
  aks(
    'POST',
    `${pool}/abort`,
    onPool(({ world, url }, _, pool) => abortLatestOperation(world, pool, url.origin)),
  ),
  aks('GET', configurations, onCluster(listMaintenanceConfigurations)),
  aks('GET', `${configurations}/{configuration}`, onCluster(getMaintenanceConfiguration)),
  aks('PUT', `${configurations}/{configuration}`, onCluster(putMaintenanceConfiguration)),
  aks('DELETE', `${configurations}/{configuration}`, onCluster(deleteMaintenanceConfiguration)),
  aks(
    'GET',
    `${location}/operations/{operation}`,
    onOperation((_, operation) => ok(operationBody(operation))),
    'getOperation',
  ),
  aks(
    'GET',
    `${location}/operationresults/{operation}`,
    onOperation(({ url }, operation) => operationResult(operation, url.origin)),
    'getOperation',
  ),
];

function listClusters({ world, parameter, url }: RoutedRequest): Answer {
  const subscription = parameter('subscription');
  return clusterPage(
    world.clusters.filter(({ name }) => sameName(name.subscription, subscription)),
    url,
  );
}
