// Event Grid's events, in the shapes that Azure documents, messy as they are. Sent by rolling.ts and whoDidIt.ts.
import { tenantId } from '../arm/resources.ts';
import { guid, hex } from '../world/random.ts';
import type { Roll, World } from '../world/world.ts';
import type { Requested } from './activityRecord.ts';
import { sendEvent } from './eventFaults.ts';
import type { SimulatorEvent } from './simulatorEvent.ts';

/** Of the cluster: it names the pool and nothing else, no images and no operation. */
export function raiseRollingEvent(
  world: World,
  what: 'Started' | 'Succeeded' | 'Failed',
  { cluster, pool }: Roll,
): void {
  const event = {
    id: hex(40, world.random),
    topic: cluster.resource.id.toLowerCase(),
    subject: cluster.name.cluster,
    eventType: `Microsoft.ContainerService.NodePoolRolling${what}`,
    eventTime: timeOf(world),
    data: { nodePoolName: pool.profile.name },
    dataVersion: '1.0',
    metadataVersion: '1',
  } as const;
  sendEvent(world, event, cluster.resource.id, pool.profile.name);
}

const statuses = { Success: 'Succeeded', Failure: 'Failed', Cancel: 'Canceled' } as const;

export function resourceEvent(world: World, requested: Requested, how: keyof typeof statuses): SimulatorEvent {
  const { operation, resource, claims, correlationId } = requested;
  const verb = operation.endsWith('/action') ? 'Action' : operation.endsWith('/delete') ? 'Delete' : 'Write';
  return {
    ...envelope(world, resource),
    eventType: `Microsoft.Resources.Resource${verb}${how}`,
    data: {
      authorization: { scope: resource, action: operation, evidence: { role: 'Subscription Admin' } },
      // Azure sends an object, and has been seen to send its JSON.
      claims: world.random() < 0.5 ? claims : JSON.stringify(claims),
      correlationId,
      resourceProvider: 'Microsoft.ContainerService',
      resourceUri: resource,
      operationName: operation,
      status: statuses[how],
      subscriptionId: subscriptionOf(resource),
      tenantId,
    },
    dataVersion: '2',
  };
}

/** A stage of one maintenance by AKS. `eventId` is the same in all of them. */
export function scheduledEvent(
  world: World,
  {
    cluster,
    eventId,
    kind,
    source,
  }: { readonly cluster: string; readonly eventId: string; readonly kind: string; readonly source?: string },
  eventStatus: 'Started' | 'Completed' | 'Canceled' | 'Cancelled' | 'Failed',
  details: string,
): SimulatorEvent {
  const name = guid(world.random);
  const id = `${cluster}/scheduledEvents/${name}`;
  const never = '0001-01-01T00:00:00.0000000Z';
  const time = timeOf(world);
  return {
    ...envelope(world, id),
    eventType: 'Microsoft.ResourceNotifications.ContainerServiceEventResources.ScheduledEventEmitted',
    data: {
      resourceInfo: {
        id,
        name,
        type: 'Microsoft.ContainerService/managedClusters/scheduledEvents',
        location: 'westeurope',
        properties: {
          description: kind,
          eventId,
          eventSource: source ?? (world.random() < 0.5 ? 'AutoUprader' : 'AutoUpgrader'),
          eventStatus,
          eventDetails: world.random() < 0.5 ? details : { message: details },
          scheduledTime: time,
          startTime: never,
          lastUpdateTime: never,
          resources: [cluster.toLowerCase()],
          resourceType: 'ManagedCluster',
        },
      },
      // Without the zone, as AKS writes it.
      operationalInfo: { resourceEventTime: time.replace(/Z$/, '') },
      apiVersion: '2023-11-02-preview',
    },
    dataVersion: '1',
  };
}

/** A warning about Kubernetes versions, and no maintenance, however much it talks of upgrades. */
export function endOfLife(world: World, cluster: string): SimulatorEvent {
  const about = { cluster, eventId: guid(world.random), kind: 'EOLNotification', source: 'EOLNotification' };
  return scheduledEvent(world, about, 'Started', 'Upgrade Kubernetes and the node images before support ends');
}

function envelope(world: World, subject: string) {
  const topic = `/subscriptions/${subscriptionOf(subject)}`;
  return { id: guid(world.random), topic, subject, eventTime: timeOf(world), metadataVersion: '1' as const };
}

function timeOf({ time }: World): string {
  return time.toString({ fractionalSecondDigits: 7 });
}

function subscriptionOf(id: string): string {
  return id.split('/')[2] ?? '';
}
