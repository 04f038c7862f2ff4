// Asynchronous operations: what is started with 202 is followed at two URLs. Started and ended by rolling.ts, shown by
// routes.ts.
import type { Temporal } from 'temporal-polyfill';
import { type Answer, armError } from '../arm/armAnswer.ts';
import { type Initiator, reportEnd } from '../events/whoDidIt.ts';
import { guid } from './random.ts';
import { type ClusterState, normalizeRegion, type World } from './world.ts';

/** An asynchronous operation, as its Azure-AsyncOperation URL shows it. */
export type Operation = {
  readonly id: string;
  readonly subscription: string;
  readonly location: string;
  readonly startTime: Temporal.Instant;
  status: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled';
  endTime?: Temporal.Instant;
  error?: { readonly code: string; readonly message: string };
  /** Who started it, where the subscription is told. */
  initiator?: Initiator;
};

/** An operation that begins at the world's time. */
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
  if (error) operation.error = error;
  if (status === 'Canceled') {
    operation.error = {
      code: 'OperationCanceled',
      message: 'The operation was aborted before all nodes were upgraded.',
    };
  }
  reportEnd(world, operation);
}

/** Where to follow an operation: its status, and its result. */
export function operationHeaders(operation: Operation, origin: string): Record<string, string> {
  const base = `${origin}/subscriptions/${operation.subscription}/providers/Microsoft.ContainerService/locations/${operation.location}`;
  return {
    'azure-asyncoperation': `${base}/operations/${operation.id}?api-version=2016-03-30`,
    location: `${base}/operationresults/${operation.id}?api-version=2016-03-30`,
    'retry-after': '10',
  };
}

/** The answer of an Azure-AsyncOperation URL. */
export function operationBody({ id, status, startTime, endTime, error, ...operation }: Operation): object {
  return {
    id: `/subscriptions/${operation.subscription}/providers/Microsoft.ContainerService/locations/${operation.location}/operations/${id}`,
    name: id,
    status,
    startTime: startTime.toString(),
    ...(endTime && { endTime: endTime.toString() }),
    ...(error && { error }),
  };
}

/** The Location URL: 202 until the operation ends, then 204, or its error. */
export function operationResult(operation: Operation, origin: string): Answer {
  if (operation.status === 'InProgress') return { status: 202, headers: operationHeaders(operation, origin) };
  if (operation.status === 'Succeeded') return { status: 204 };
  const { code = 'OperationNotAllowed', message = operation.status } = operation.error ?? {};
  return armError(409, code, message);
}
