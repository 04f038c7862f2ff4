// What happens to events on their way: lost, doubled, late, after the one that follows.
import { isNamed, takeFault } from '../faults/armedFaults.ts';
import type { FaultOf } from '../faults/fault.ts';
import { note, pend } from '../world/changeWorld.ts';
import { lastPart } from '../world/names.ts';
import type { World } from '../world/world.ts';
import type { SimulatorEvent } from './simulatorEvent.ts';

type EventFault = 'eventLost' | 'eventDoubled' | 'eventLate' | 'eventReordered';

const heldSeconds = 60;

export function sendEvent(world: World, event: SimulatorEvent, clusterId: string, about: string | undefined): void {
  const take = <Kind extends EventFault>(kind: Kind): FaultOf<Kind> | undefined =>
    takeFault(world, kind, ({ cluster, nodePool }: FaultOf<EventFault>) => {
      const isCluster = cluster === undefined || isNamed(cluster, clusterId);
      return isCluster && (nodePool === undefined || (about !== undefined && isNamed(nodePool, about)));
    });
  const name = [lastPart(clusterId).toLowerCase(), about].filter(Boolean).join('/');
  const what = `the ${event.eventType.split('.').at(-1)} event of ${name}`;
  if (take('eventLost')) {
    note(world, `${what} is lost.`);
    return;
  }
  if (take('eventReordered')) {
    note(world, `${what} waits for the next one.`);
    world.heldEvents = [...world.heldEvents, event];
    pend(world, heldSeconds, () => {
      if (!world.heldEvents.includes(event)) return;
      world.heldEvents = world.heldEvents.filter((held) => held !== event);
      world.events = [...world.events, event];
    });
    return;
  }
  const late = take('eventLate');
  if (late) {
    note(world, `${what} comes ${late.seconds} s late.`);
    pend(world, late.seconds, () => handOver(world, event));
    return;
  }
  handOver(world, event);
  if (!take('eventDoubled')) return;
  note(world, `${what} comes twice.`);
  handOver(world, event);
}

function handOver(world: World, event: SimulatorEvent): void {
  world.events = [...world.events, event, ...world.heldEvents];
  world.heldEvents = [];
}
