// Somebody sends hundreds of events within seconds: of one cluster, of clusters that nobody knows, or such as nobody can read.
// Called by life.ts.

import { subscription } from '../draw/drawFleet.ts';
import type { Flood } from '../draw/drawHarm.ts';
import { createDraw, type Draw } from '../draw/seed.ts';
import { keyOf } from '../record/keyOf.ts';
import type { Lived } from './befall.ts';

const day = 86_400_000;

export function floodEvents(lived: Lived): void {
  const { schedule, windows, options } = lived;
  for (const [index, flood] of options.harm.floods.entries()) {
    const own = createDraw(options.seed, `flood ${index}`);
    schedule.at(flood.from, () => {
      const [opening] = windows.openings(flood.from, Math.min(flood.from + 14 * day, options.endAt - day));
      const at = flood.isAtOpening && opening !== undefined ? opening - own.whole(0, 60_000) : flood.from;
      schedule.at(at, () => send(lived, flood, own));
    });
  }
}

function send({ schedule, host, notes, fleet, timers }: Lived, { of, events }: Flood, own: Draw): void {
  const at = schedule.now();
  const { id } = own.pick(fleet.clusters);
  notes.floods.push({ at, clusterKey: of === 'cluster' ? keyOf(id) : undefined });
  notes.say(`somebody floods: ${events} events, ${of}`);
  timers.wake(at, at + 15 * 60_000);
  for (let index = 0; index < events; index += 1) {
    const event = eventOf(of, id, `flood-${at}-${index}`, own);
    // The time of the event is that of its sending.
    schedule.at(at + own.whole(0, 8000), () => host.deliver(event(new Date(schedule.now()).toISOString())));
  }
}

function eventOf(of: Flood['of'], clusterId: string, id: string, own: Draw): (time: string) => unknown {
  const unknown = clusterId.replace(/[^/]+$/, `stranger-${own.whole(1, 400)}`);
  const topic = of === 'strangers' ? unknown : clusterId;
  const type = own.pick(['NewKubernetesVersionAvailable', 'ClusterSupportEnding', 'NodePoolRollingStarted']);
  // A pool that there is would date its rolls.
  const data = type.startsWith('NodePool') ? { nodePoolName: own.pick(['nopool', 'nosuch', 'x']) } : {};
  const event = {
    id,
    topic,
    subject: topic,
    eventType: `Microsoft.ContainerService.${type}`,
    data,
    dataVersion: '1',
    metadataVersion: '1',
  };
  if (of !== 'malformed') return (eventTime) => ({ ...event, eventTime });
  const broken = own.pick<(time: string) => unknown>([
    () => null,
    () => 'no event',
    () => [[]],
    () => ({}),
    (eventTime) => ({ ...event, eventTime, topic: 7 }),
    (eventTime) => ({ ...event, eventTime, topic: `/subscriptions/${subscription}/a#b` }),
    (eventTime) => ({ ...event, eventTime, topic: clusterId.replace(/[^/]+$/, 'z'.repeat(600)) }),
    (eventTime) => ({ ...event, eventTime, eventType: 'x'.repeat(5000) }),
    (eventTime) => ({
      ...event,
      eventTime,
      eventType: 'Microsoft.ContainerService.NodePoolRollingStarted',
      data: null,
    }),
    () => ({ ...event, eventTime: 'never' }),
    () => ({ ...event, eventTime: '2999-01-01T00:00:00Z' }),
  ]);
  return broken;
}
