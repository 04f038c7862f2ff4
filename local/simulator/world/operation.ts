// Asynchronous operations: what is started with 202 is followed at two URLs.
import { type Answer, armError } from '../arm/armAnswer.ts';
import { normalizeRegion } from './names.ts';
import { guid } from './random.ts';
import type { ClusterState, Operation, World } from './world.ts';

export function startOperation(world: World, cluster: ClusterState): Operation {
  const operation: Operation = {
    id: guid(world.random),
    subscription: cluster.name.subscription,
    location: normalizeRegion(cluster.resource.location),
    startTime: world.time,
    status: 'InProgress',
  };
  world.operations.set(operation.id, operation);
  return operation;
}

export function endOperation(
  world: World,
  operation: Operation,
  status: Exclude<Operation['status'], 'InProgress'>,
  error?: Operation['error'],
): void {
  operation.status = status;
  operation.endTime = world.time;
  const message = 'The operation was aborted before all nodes were upgraded.';
  operation.error = status === 'Canceled' ? { code: 'OperationCanceled', message } : error;
  operation.onEnd?.(status);
}

export function operationHeaders(operation: Operation, origin: string): Record<string, string> {
  const base = `${origin}/subscriptions/${operation.subscription}/providers/Microsoft.ContainerService/locations/${operation.location}`;
  return {
    'azure-asyncoperation': `${base}/operations/${operation.id}?api-version=2016-03-30`,
    location: `${base}/operationresults/${operation.id}?api-version=2016-03-30`,
    'retry-after': '10',
  };
}

export function operationBody({ id, status, startTime, endTime, error, ...operation }: Operation): object {
  return {
    id: `/subscriptions/${operation.subscription}/providers/Microsoft.ContainerService/locations/${operation.location}/operations/${id}`,
    name: id,
    status,
    startTime,
    endTime,
    error,
  };
}

export function operationResult(operation: Operation, origin: string): Answer {
  if (operation.status === 'InProgress') return { status: 202, headers: operationHeaders(operation, origin) };
  if (operation.status === 'Succeeded') return { status: 204 };
  const { code = 'OperationNotAllowed', message = operation.status } = operation.error ?? {};
  return armError(409, code, message);
}
