// Finds what a path names, or answers 404 as ARM does: one wrapper for each kind of resource. Used by routes.ts.
import { parseClusterId } from '../../../shared/domain/cluster/cluster.ts';
import { sameName } from '../world/names.ts';
import { type ClusterState, findCluster, findPool, type Operation, type PoolState } from '../world/world.ts';
import { type Answer, armError, resourceNotFound } from './armAnswer.ts';
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
        name !== undefined &&
        sameName(name.subscription, request.parameter('subscription')) &&
        sameName(name.resourceGroup, group)
      );
    };
    const { world } = request;
    return world.definitions.some(({ id }) => isIn(id))
      ? answer(
          request,
          world.clusters.filter(({ resource }) => isIn(resource.id)),
        )
      : armError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  };
}

export function onCluster(answer: (request: RoutedRequest, cluster: ClusterState) => Answer): Handler {
  return onResourceGroup((request) => {
    const { world, parameter } = request;
    const [group, cluster] = [parameter('resourceGroup'), parameter('cluster')];
    const id = `/subscriptions/${parameter('subscription')}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${cluster}`;
    const found = findCluster(world, id);
    return found
      ? answer(request, found)
      : resourceNotFound(`Microsoft.ContainerService/managedClusters/${cluster}`, group);
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
