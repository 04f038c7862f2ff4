// Event Grid's events for a whole subscription, in the shapes that Azure documents, messy as they are.
import { tenantId } from '../arm/resources.ts';
import { guid } from '../world/random.ts';
import type { World } from '../world/world.ts';
import type { Maintenance, Requested, ResourceEvent, ScheduledEvent, SubscriptionEvent } from './simulatorEvent.ts';

const statuses = { Success: 'Succeeded', Failure: 'Failed', Cancel: 'Canceled' } as const;

export function resourceEvent(world: World, requested: Requested, how: keyof typeof statuses): ResourceEvent {
  const { operation, resource, claims, correlationId } = requested;
  const verb = operation.endsWith('/action') ? 'Action' : operation.endsWith('/delete') ? 'Delete' : 'Write';
  const subscriptionId = subscriptionOf(resource);
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
      subscriptionId,
      tenantId,
    },
    dataVersion: '2',
  };
}

export function scheduledEvent(
  world: World,
  { cluster, eventId }: Maintenance,
  eventStatus: 'Started' | 'Completed' | 'Canceled' | 'Cancelled' | 'Failed',
  details: string,
): ScheduledEvent {
  const name = guid(world.random);
  const id = `${cluster}/scheduledEvents/${name}`;
  const never = '0001-01-01T00:00:00.0000000Z';
  const time = world.time.toString({ fractionalSecondDigits: 7 });
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
          description: 'ScheduledEvents',
          eventId,
          eventSource: world.random() < 0.5 ? 'AutoUprader' : 'AutoUpgrader',
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

function envelope(world: World, subject: string): Omit<SubscriptionEvent, 'data'> {
  return {
    id: guid(world.random),
    topic: `/subscriptions/${subscriptionOf(subject)}`,
    subject,
    eventTime: world.time.toString({ fractionalSecondDigits: 7 }),
    dataVersion: '1',
    metadataVersion: '1',
  };
}

function subscriptionOf(id: string): string {
  return id.split('/')[2] ?? '';
}
