// The Event Grid events that AKS sends when a pool rolls, exactly as Azure documents them. Raised by rolling.ts.
import { hex } from '../world/random.ts';
import type { Roll, World } from '../world/world.ts';
import { sendEvent } from './eventFaults.ts';
import type { RollingEvent } from './simulatorEvent.ts';

/** Sends an event: the next `advance` hands it over, unless a fault strikes it. */
export function raiseRollingEvent(
  world: World,
  what: 'Started' | 'Succeeded' | 'Failed',
  { cluster, pool }: Roll,
): void {
  const event: RollingEvent = {
    id: hex(40, world.random),
    topic: cluster.resource.id.toLowerCase(),
    subject: cluster.name.cluster,
    eventType: `Microsoft.ContainerService.NodePoolRolling${what}`,
    eventTime: world.time.toString({ fractionalSecondDigits: 7 }),
    data: { nodePoolName: pool.profile.name },
    dataVersion: '1.0',
    metadataVersion: '1',
  };
  sendEvent(world, event, cluster.resource.id, pool.profile.name);
}
