// Finds what a path names, or answers 404 as ARM does: one wrapper for each kind of resource. Used by routes.ts.
import { parseClusterId } from '../../../shared/domain/cluster/cluster.ts';
import type { Operation } from '../world/operation.ts';
import { type ClusterState, findCluster, findPool, type PoolState } from '../world/world.ts';
import { type Answer, armError } from './armAnswer.ts';
import type { Handler, RoutedRequest } from './route.ts';

/** The clusters of the path's resource group. A group that never had one does not exist here. */
export function onResourceGroup(
  answer: (request: RoutedRequest, clusters: readonly ClusterState[]) => Answer,
): Handler {
  return (request) => {
    const group = request.parameter('resourceGroup');
    const isIn = (id: string): boolean => {
      const name = parseClusterId(id);
      return (
        name?.subscription.toLowerCase() === request.parameter('subscription').toLowerCase() &&
        name.resourceGroup.toLowerCase() === group.toLowerCase()
      );
    };
    return request.world.definitions.some(({ id }) => isIn(id))
      ? answer(
          request,
          request.world.clusters.filter(({ resource }) => isIn(resource.id)),
        )
      : armError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  };
}

/** The path's cluster. */
export function onCluster(answer: (request: RoutedRequest, cluster: ClusterState) => Answer): Handler {
  return onResourceGroup((request) => {
    const { world, parameter } = request;
    const [group, cluster] = [parameter('resourceGroup'), parameter('cluster')];
    const id = `/subscriptions/${parameter('subscription')}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${cluster}`;
    const found = findCluster(world, id);
    return found
      ? answer(request, found)
      : armError(
          404,
          'ResourceNotFound',
          `The Resource 'Microsoft.ContainerService/managedClusters/${cluster}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
        );
  });
}

/** The path's agent pool. */
export function onPool(answer: (request: RoutedRequest, cluster: ClusterState, pool: PoolState) => Answer): Handler {
  return onCluster((request, cluster) => {
    const name = request.parameter('nodePool');
    const pool = findPool(cluster, name);
    return pool
      ? answer(request, cluster, pool)
      : armError(
          404,
          'NotFound',
          `The agent pool '${name}' of managed cluster '${cluster.name.cluster}' was not found.`,
        );
  });
}

/** The path's operation, in its own subscription and location. */
export function onOperation(answer: (request: RoutedRequest, operation: Operation) => Answer): Handler {
  return (request) => {
    const { world, parameter } = request;
    const operation = world.operations.get(parameter('operation').toLowerCase());
    return operation?.subscription.toLowerCase() === parameter('subscription').toLowerCase() &&
      operation.location === parameter('location').toLowerCase()
      ? answer(request, operation)
      : armError(404, 'NotFound', `The operation '${parameter('operation')}' was not found.`);
  };
}
