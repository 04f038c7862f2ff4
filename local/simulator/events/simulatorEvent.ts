// Types of the simulator's Event Grid events, in Azure's own shapes, and of who started an operation.
import { poolLabel } from '../../../shared/domain/cluster/cluster.ts';

export type SimulatorEvent = RollingEvent | ResourceEvent | ScheduledEvent;

/** Of a cluster, in the Event Grid schema. It names the pool and nothing else: no images, no operation. */
export type RollingEvent = {
  readonly id: string;
  readonly topic: string;
  readonly subject: string;
  readonly eventType: `Microsoft.ContainerService.NodePoolRolling${'Started' | 'Succeeded' | 'Failed'}`;
  /** UTC with seven fractional digits. */
  readonly eventTime: string;
  readonly data: { readonly nodePoolName: string };
  readonly dataVersion: '1.0';
  readonly metadataVersion: '1';
};

/** Of a subscription, its `topic`; `subject` is an ARM id. */
export type SubscriptionEvent = {
  readonly id: string;
  readonly topic: string;
  readonly subject: string;
  readonly eventTime: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dataVersion: string;
  readonly metadataVersion: '1';
};

export type ResourceEvent = SubscriptionEvent & {
  readonly eventType: `Microsoft.Resources.Resource${'Action' | 'Write' | 'Delete'}${'Success' | 'Failure' | 'Cancel'}`;
};

export type ScheduledEvent = SubscriptionEvent & {
  readonly eventType: 'Microsoft.ResourceNotifications.ContainerServiceEventResources.ScheduledEventEmitted';
};

export type Requested = {
  /** Such as `Microsoft.ContainerService/managedClusters/agentPools/write`. */
  readonly operation: string;
  readonly resource: string;
  readonly claims: Readonly<Record<string, string>>;
  readonly correlationId: string;
};

/** One maintenance of a cluster by AKS, in all its stages. */
export type Maintenance = { readonly cluster: string; readonly eventId: string };

/** Who started an operation, to be told when it ends. */
export type Initiator =
  | { readonly kind: 'request'; readonly requested: Requested }
  | { readonly kind: 'aks'; readonly maintenance: Maintenance };

export function describeEvent({ eventType, subject, data }: SimulatorEvent): string {
  const what = eventType.split('.').at(-1) ?? '';
  const { nodePoolName } = data;
  return `${what} for ${typeof nodePoolName === 'string' ? poolLabel(subject, nodePoolName) : subject.split('/').slice(8).join('/')}`;
}
