// Finds what a path names, or answers 404 as ARM does: one wrapper for each kind of resource. Used by routes.ts.
import { type ClusterName, parseClusterId } from '../../../shared/domain/cluster/clusterId.ts';
import { sameName } from '../world/names.ts';
import { type ClusterState, findPool, type Operation, type PoolState } from '../world/world.ts';
import {
  type Answer,
  armError,
  groupNotFound,
  type Handler,
  type RoutedRequest,
  resourceNotFound,
} from './armAnswer.ts';

/** The clusters of the path's resource group. A group that never had one does not exist here. */
export function onResourceGroup(
  answer: (request: RoutedRequest, clusters: readonly ClusterState[]) => Answer,
): Handler {
  return (request) => {
    const { world, parameter } = request;
    const group = parameter('resourceGroup');
    const isIn = (name: ClusterName | undefined) =>
      name && sameName(name.subscription, parameter('subscription')) && sameName(name.resourceGroup, group);
    if (!world.definitions.some(({ id }) => isIn(parseClusterId(id)))) return groupNotFound(group);
    const clusters = world.clusters.filter(({ name }) => isIn(name));
    return answer(request, clusters);
  };
}

export function onCluster(answer: (request: RoutedRequest, cluster: ClusterState) => Answer): Handler {
  return onResourceGroup((request, clusters) => {
    const wanted = request.parameter('cluster');
    const found = clusters.find(({ name }) => sameName(name.cluster, wanted));
    const what = `Microsoft.ContainerService/managedClusters/${wanted}`;
    return found ? answer(request, found) : resourceNotFound(what, request.parameter('resourceGroup'));
  });
}

export function onPool(answer: (request: RoutedRequest, cluster: ClusterState, pool: PoolState) => Answer): Handler {
  return onCluster((request, cluster) => {
    const name = request.parameter('nodePool');
    const pool = findPool(cluster, name);
    const message = `The agent pool '${name}' of managed cluster '${cluster.name.cluster}' was not found.`;
    return pool ? answer(request, cluster, pool) : armError(404, 'NotFound', message);
  });
}

export function onOperation(answer: (request: RoutedRequest, operation: Operation) => Answer): Handler {
  return (request) => {
    const { world, parameter } = request;
    const operation = world.operations.get(parameter('operation').toLowerCase());
    return operation &&
      sameName(operation.subscription, parameter('subscription')) &&
      sameName(operation.location, parameter('location'))
      ? answer(request, operation)
      : armError(404, 'NotFound', `The operation '${parameter('operation')}' was not found.`);
  };
}
