// Tells the subscription who did what: people and apps by ARM's resource events, AKS by its scheduled events, and the Activity
// Log all of it.
import { jsonIn } from '../../../shared/domain/text/jsonIn.ts';
import type { Answer } from '../arm/armAnswer.ts';
import { guid } from '../world/random.ts';
import type { ClusterState, Operation, PoolState, World } from '../world/world.ts';
import { correlationIdOf, noteActivity } from './activityLog.ts';
import type { Requested } from './activityRecord.ts';
import { endOfLife, resourceEvent, scheduledEvent } from './azureEvents.ts';
import { sendEvent } from './eventFaults.ts';

const person = {
  name: 'Ada Lovelace',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'ada@contoso.com',
  appid: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
};

const provider = 'Microsoft.ContainerService/managedClusters';

export function byPerson(world: World, cluster: ClusterState, pool: PoolState, verb: string): Requested {
  const resource = resourceOf(cluster, pool);
  const caller = 'ada@contoso.com';
  const correlationId = correlationIdOf(world, resource);
  return { operation: `${provider}/agentPools/${verb}`, resource, claims: person, caller, correlationId };
}

function resourceOf(cluster: ClusterState, pool: PoolState): string {
  return `${cluster.resource.id}/agentPools/${pool.profile.name}`;
}

/** @param sent the request's x-ms-correlation-request-id */
export function byRequest(
  world: World,
  {
    method,
    url,
    token,
    sent,
  }: { readonly method: string; readonly url: URL; readonly token: string; readonly sent: string | undefined },
): Requested | undefined {
  const parts = url.pathname.split('/').filter(Boolean);
  const isCluster = parts[6]?.toLowerCase() === 'managedclusters';
  if (method === 'GET' || !isCluster) return undefined;
  const names = parts.slice(8);
  const types = names.filter((_, index) => index % 2 === 0);
  const verb = { POST: 'action', DELETE: 'delete' }[method] ?? 'write';
  const resource = `/${(method === 'POST' ? parts.slice(0, -1) : parts).join('/')}`;
  const claims = claimsOf(token);
  const caller = claims['oid'] ?? claims['appid'] ?? '';
  const correlationId = correlationIdOf(world, resource, sent);
  return { operation: [provider, ...types, verb].join('/'), resource, claims, caller, correlationId };
}

export function report(world: World, requested: Requested | undefined, { status, headers }: Answer): void {
  if (!requested || status === 401 || status === 429) return;
  noteActivity(world, requested, 'Started');
  const send = (how: 'Success' | 'Failure' | 'Cancel') => {
    noteActivity(world, requested, endings[how]);
    if (!world.subscriptionEvents) return;
    const parts = requested.resource.split('/');
    const nodePool = parts[9]?.toLowerCase() === 'agentpools' ? parts[10] : undefined;
    sendEvent(world, resourceEvent(world, requested, how), parts.slice(0, 9).join('/'), nodePool);
  };
  const id = /\/operations\/([^/?]+)/.exec(headers?.['azure-asyncoperation'] ?? '')?.[1];
  const operation = world.operations.get(id ?? '');
  const outcomes = { Succeeded: 'Success', Canceled: 'Cancel', Failed: 'Failure' } as const;
  if (status === 202 && operation) {
    noteActivity(world, requested, 'Accepted');
    operation.onEnd = (how) => send(outcomes[how]);
  } else send(status < 400 ? 'Success' : 'Failure');
}

const endings = { Success: 'Succeeded', Failure: 'Failed', Cancel: 'Canceled' } as const;

type Maintenance = NonNullable<Operation['maintenance']>;

const asked: Readonly<Record<Maintenance, string>> = {
  nodeImage: 'upgradeNodeImageVersion/action',
  kubernetes: 'write',
};

export function beginMaintenance(
  world: World,
  cluster: ClusterState,
  pool: PoolState,
  operation: Operation,
  maintenance: Maintenance,
): void {
  const resource = resourceOf(cluster, pool);
  const requested: Requested = {
    operation: `${provider}/agentPools/${asked[maintenance]}`,
    resource,
    claims: {},
    caller: 'Microsoft.ContainerService',
    correlationId: correlationIdOf(world, resource),
  };
  operation.maintenance = maintenance;
  noteActivity(world, requested, 'Started');
  noteActivity(world, requested, 'Accepted');
  operation.onEnd = (how) => noteActivity(world, requested, how);
  if (world.subscriptionEvents) announce(world, cluster, operation, maintenance);
}

/** The kind stands in the description, or in the sentence, or in both. */
const said: Readonly<Record<Maintenance, readonly { readonly kind: string; readonly what: string }[]>> = {
  nodeImage: [
    { kind: 'ScheduledEvents', what: 'security vhd' },
    { kind: 'NodeOSUpgrade', what: 'your cluster' },
  ],
  kubernetes: [
    { kind: 'ScheduledEvents', what: 'Kubernetes' },
    { kind: 'K8sVersionUpgrade', what: 'your cluster' },
  ],
};

function announce(world: World, cluster: ClusterState, operation: Operation, maintenance: Maintenance): void {
  const { onEnd } = operation;
  const id = cluster.resource.id;
  const { kind, what } = said[maintenance][world.random() < 0.5 ? 0 : 1] ?? { kind: '', what: '' };
  const about = { cluster: id, eventId: guid(world.random), kind };
  const send = (stage: Parameters<typeof scheduledEvent>[2], details: string) =>
    sendEvent(world, scheduledEvent(world, about, stage, details), id, undefined);
  // Of the same cluster at the same time, and no upgrade.
  if (world.random() < 0.2) sendEvent(world, endOfLife(world, id), id, undefined);
  operation.onEnd = (how) => {
    onEnd?.(how);
    const canceled = world.random() < 0.5 ? 'Canceled' : 'Cancelled';
    const stage = { Succeeded: 'Completed', Canceled: canceled, Failed: 'Failed' } as const;
    send(stage[how], `The upgrade of ${what} has ended`);
  };
  send('Started', `Start to upgrade ${what}`);
}

/** The claims of a bearer token, as far as it can be read: the simulator takes any. */
function claimsOf(token: string): Requested['claims'] {
  const payload = jsonIn(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return (payload ?? { appid: '72f98a3e-0000-4000-8000-0000000000c1', idtyp: 'app' }) as Requested['claims'];
}
