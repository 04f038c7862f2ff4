// The Event Grid events that AKS sends when a pool rolls, exactly as Azure documents them. Raised by rolling.ts.
import type { Temporal } from 'temporal-polyfill';
import { hex } from '../world/random.ts';
import type { ClusterState, PoolState, World } from '../world/world.ts';
import { sendEvent } from './eventFaults.ts';
import type { ResourceEvent, ScheduledEvent } from './subscriptionEvent.ts';

/** An event as Event Grid delivers it. */
export type SimulatorEvent = RollingEvent | ResourceEvent | ScheduledEvent;

/** Of a cluster, in the Event Grid schema. It names the pool and nothing else: no images, no operation. */
type RollingEvent = {
  /** 40 hexadecimal digits. */
  readonly id: string;
  /** The cluster's ARM id in lower case. */
  readonly topic: string;
  /** The cluster's name. */
  readonly subject: string;
  readonly eventType: `Microsoft.ContainerService.NodePoolRolling${'Started' | 'Succeeded' | 'Failed'}`;
  /** UTC with seven fractional digits. */
  readonly eventTime: string;
  readonly data: { readonly nodePoolName: string };
  readonly dataVersion: '1.0';
  readonly metadataVersion: '1';
};

/** Sends an event: the next `advance` hands it over, unless a fault strikes it. */
export function raiseRollingEvent(
  world: World,
  what: 'Started' | 'Succeeded' | 'Failed',
  cluster: ClusterState,
  pool: PoolState,
  at: Temporal.Instant,
): void {
  const event: RollingEvent = {
    id: hex(40, world.random),
    topic: cluster.resource.id.toLowerCase(),
    subject: cluster.name.cluster,
    eventType: `Microsoft.ContainerService.NodePoolRolling${what}`,
    eventTime: at.toString({ fractionalSecondDigits: 7 }),
    data: { nodePoolName: pool.profile.name },
    dataVersion: '1.0',
    metadataVersion: '1',
  };
  sendEvent(world, event, cluster.resource.id, pool.profile.name);
}

/** An event in a few words: what, and of what. */
export function describeEvent({ eventType, subject, data }: SimulatorEvent): string {
  const what = eventType.split('.').at(-1) ?? '';
  return `${what} for ${'nodePoolName' in data ? `${subject}/${String(data.nodePoolName)}` : subject.split('/').slice(8).join('/')}`;
}
