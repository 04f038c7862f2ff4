// The requests that the simulator knows: path, bucket and answer of each. A table, read by router.ts.
import { userCredentialBody } from '../kubernetes/kubernetesApi.ts';
import { sameName } from '../world/names.ts';
import { operationBody, operationResult } from '../world/operation.ts';
import { abortLatestOperation, unsupported, upgradeNodeImageVersion } from '../world/upgrade.ts';
import type { ClusterState } from '../world/world.ts';
import { type Answer, armError, type Handler, ok, type RouteTable } from './armAnswer.ts';
import { armRoutes } from './armRoutes.ts';
import {
  deleteMaintenanceConfiguration,
  getMaintenanceConfiguration,
  listMaintenanceConfigurations,
  putMaintenanceConfiguration,
} from './maintenanceConfigurations.ts';
import { onCluster, onOperation, onPool, onResourceGroup } from './onResource.ts';
import { resourceRoutes } from './resourceRoutes.ts';
import { clusterBody, clusterUpgradeProfileBody, poolBody, poolUpgradeProfileBody } from './resources.ts';
import type { AksLimit } from './throttling.ts';

const provider = '/providers/Microsoft.ContainerService';
const location = `/subscriptions/{subscription}${provider}/locations/{location}`;
const clusters = `/subscriptions/{subscription}${provider}/managedClusters`;
const groupClusters = `/subscriptions/{subscription}/resourceGroups/{resourceGroup}${provider}/managedClusters`;
const cluster = `${groupClusters}/{cluster}`;
const pool = `${cluster}/agentPools/{nodePool}`;
const configuration = `${cluster}/maintenanceConfigurations/{configuration}`;

const aksRoutes: RouteTable = {
  [`GET ${clusters}`]: ({ world, parameter, url }) =>
    clusterPage(
      world.clusters.filter(({ name }) => sameName(name.subscription, parameter('subscription'))),
      url,
    ),
  [`GET ${groupClusters}`]: onResourceGroup(({ url }, clusters) => clusterPage(clusters, url)),
  [`GET ${cluster}`]: onCluster((_, cluster) => ok(clusterBody(cluster))),
  [`POST ${cluster}/listClusterUserCredential`]: onCluster(({ world, url }, cluster) =>
    ok(userCredentialBody(world, cluster, url.origin)),
  ),
  [`GET ${cluster}/upgradeProfiles/default`]: onCluster((_, cluster) => ok(clusterUpgradeProfileBody(cluster))),
  [`GET ${cluster}/agentPools`]: onCluster((_, cluster) =>
    ok({ value: cluster.pools.map((pool) => poolBody(cluster, pool)) }),
  ),
  [`GET ${pool}`]: onPool((_, cluster, pool) => ok(poolBody(cluster, pool))),
  [`GET ${pool}/upgradeProfiles/default`]: onPool(({ world }, cluster, pool) => {
    const refusal = unsupported(pool);
    return refusal === undefined
      ? ok(poolUpgradeProfileBody(world, cluster, pool))
      : armError(400, 'BadRequest', refusal);
  }),
  [`POST ${pool}/upgradeNodeImageVersion`]: onPool(({ world, url }, cluster, pool) =>
    upgradeNodeImageVersion(world, cluster, pool, url.origin),
  ),
  [`POST ${pool}/abort`]: onPool(({ world, url }, _, pool) => abortLatestOperation(world, pool, url.origin)),
  [`GET ${cluster}/maintenanceConfigurations`]: onCluster(listMaintenanceConfigurations),
  [`GET ${configuration}`]: onCluster(getMaintenanceConfiguration),
  [`PUT ${configuration}`]: onCluster(putMaintenanceConfiguration),
  [`DELETE ${configuration}`]: onCluster(deleteMaintenanceConfiguration),
  [`GET ${location}/operations/{operation}`]: onOperation((_, operation) => ok(operationBody(operation))),
  [`GET ${location}/operationresults/{operation}`]: onOperation(({ url }, operation) =>
    operationResult(operation, url.origin),
  ),
};

/** What each request of AKS is counted for; all that are not listed share one limit. */
const limits: Readonly<Record<string, AksLimit>> = {
  [`GET ${clusters}`]: 'listClusters',
  [`GET ${groupClusters}`]: 'listGroup',
  [`GET ${cluster}`]: 'getCluster',
  [`GET ${location}/operations/{operation}`]: 'getOperation',
  [`GET ${location}/operationresults/{operation}`]: 'getOperation',
};

export type Route = {
  readonly method: string;
  readonly path: string;
  readonly limit: AksLimit | undefined;
  readonly answer: Handler;
};

export const routes: readonly Route[] = Object.entries({ ...armRoutes, ...resourceRoutes, ...aksRoutes }).map(
  ([request, answer]) => {
    const [method = '', path = ''] = request.split(' ');
    return { method, path, limit: request in aksRoutes ? (limits[request] ?? 'other') : undefined, answer };
  },
);

const pageSize = 50;

function clusterPage(clusters: readonly ClusterState[], url: URL): Answer {
  const token = [...url.searchParams].find(([name]) => name.toLowerCase() === '$skiptoken')?.[1] ?? '0';
  if (!/^\d+$/.test(token)) return armError(400, 'InvalidSkipToken', `The skip token '${token}' is not valid.`);
  const end = Number(token) + pageSize;
  const next = new URL(url);
  const version = url.searchParams.get('api-version') ?? '';
  next.search = new URLSearchParams({ 'api-version': version, $skipToken: String(end) }).toString();
  return ok({
    value: clusters.slice(Number(token), end).map(clusterBody),
    nextLink: end < clusters.length ? next.href : undefined,
  });
}
