// What befalls a fleet in a run: what people do to clusters and to the policy, when, and how they leave it. Called by run.ts.
import type { ArmManagedCluster } from '../../../local/simulator/world/armFleet.ts';
import { createDraw, type Draw } from '../draw/seed.ts';
import { keyOf } from '../record/keyOf.ts';
import type { Invocation } from '../record/record.ts';
import type { World } from '../world/createWorld.ts';
import { actAt, failAt, type Lived, leaveBehind, releaseAt, steerAt } from './befall.ts';
import { damageRows } from './damage.ts';
import { floodEvents } from './flood.ts';
import { forgeEvidence, limitLog } from './forge.ts';
import { makeOdd } from './oddities.ts';
import { repair } from './repair.ts';
import { createSteering } from './steering.ts';
import { wakeForWindows } from './wakeForWindows.ts';

const hour = 3_600_000;
const minute = 60_000;

export type Life = {
  /** Now and then something happens in the very seconds in which a cluster is observed, or a start on it decided. */
  readonly disturb: (invocation: Invocation) => void;
  /** Puts the policy in force; all that people do before the quiet time is to come. */
  readonly begin: () => Promise<void>;
  /** How people leave the fleet, so that what is due from here on can be started. */
  readonly leave: () => void;
};

export function createLife(world: World): Life {
  const { options, truth, fleet, schedule, timers, tables, notes } = world;
  const people = createDraw(options.seed, 'people');
  const draw = createDraw(options.seed, 'openings');
  const lived: Lived = {
    ...world,
    steering: createSteering({ tables, now: schedule.now, base: options.base, fleet }),
    windows: wakeForWindows({ truth, fleet, schedule, draw, wake: timers.wake, doubt: options.skews.largest }),
  };
  return {
    disturb: (invocation) => disturb(lived, people, invocation),
    begin: async () => {
      notes.say(`people: ${await lived.steering.setPolicy(options.base)}`);
      truth.look('aksAutoUpgrade');
      drawLife(lived, people.fork('life'));
      limitLog(lived);
      forgeEvidence(lived);
      damageRows(lived);
      floodEvents(lived);
      makeOdd(lived);
      lived.windows.again(options.startedAt, options.endAt);
    },
    leave: () => leave(lived),
  };
}

function disturb(lived: Lived, people: Draw, { name, message }: Invocation): void {
  const { options, schedule, fleet, steering, isQuiet } = lived;
  const isStart = name === 'startUpgrade';
  if ((!isStart && name !== 'observeCluster') || isQuiet()) return;
  if (!people.chance(isStart ? options.people.disturbance : options.people.disturbance / 10)) return;
  const { clusterId, nodePool = '' } = message as { readonly clusterId: string; readonly nodePool?: string };
  const cluster = fleet.clusters.filter(({ id }) => keyOf(id) === keyOf(clusterId));
  if (cluster.length === 0) return;
  const at = schedule.now() + people.whole(0, 3000);
  const own = people.fork(`act ${schedule.now()}`);
  const kind = isStart ? own.next() : 0;
  if (kind < 0.25) actAt(lived, at, own, cluster);
  else if (kind < 0.45) failAt(lived, at, clusterId, nodePool);
  else if (kind < 0.55) schedule.at(schedule.now(), () => leaveBehind(lived, own, clusterId, nodePool));
  else if (kind < 0.85) steerAt(lived, at, () => steering.meddle(own, clusterId, nodePool));
  else releaseAt(lived, at, keyOf(clusterId), nodePool);
}

function drawLife(lived: Lived, people: Draw): void {
  const { options, steering, windows, fleet } = lived;
  const { startedAt, quietFrom } = options;
  const openings = windows.openings(startedAt, quietFrom);
  const each = (count: number, what: string, happen: (own: Draw, at: number) => void) => {
    for (let index = 0; index < count; index += 1) {
      const own = people.fork(`${what} ${index}`);
      happen(own, drawMoment(own, startedAt, quietFrom, openings));
    }
  };
  const clusters: readonly ArmManagedCluster[] = fleet.clusters;
  each(options.people.acts, 'act', (own, at) => actAt(lived, at, own, clusters));
  each(options.people.changes, 'policy', (own, at) => steerAt(lived, at, () => steering.act(own)));
  for (const by of options.people.approvals) {
    steerAt(lived, people.whole(startedAt, quietFrom), () => steering.approveAll(by));
  }
}

/** Half of what people do falls near the opening of a window, where the keeper is at work too. */
function drawMoment(draw: Draw, from: number, to: number, openings: readonly number[]): number {
  const opening = openings.length > 0 && draw.chance(0.5) ? draw.pick(openings) : undefined;
  return opening === undefined
    ? draw.whole(from, to)
    : Math.min(to - 1, opening + draw.whole(-10 * minute, 90 * minute));
}

function leave(lived: Lived): void {
  const { options, schedule, simulator, motion, notes, steering, windows } = lived;
  const { startedAt, quietFrom, calmFrom, endAt, base, fleet } = options;
  const isClean = quietFrom === startedAt;
  if (!isClean) steerAt(lived, quietFrom, () => steering.setPolicy(base));
  for (const after of isClean ? [0] : [0, 2 * hour, 12 * hour]) {
    schedule.at(quietFrom + after, () => {
      notes.say('people: everything is repaired, and nothing goes wrong from here on');
      motion.move('manual', () => repair(simulator, fleet.clusters));
      windows.again(schedule.now(), endAt);
    });
    steerAt(lived, quietFrom + after + 1000, steering.liftAll);
  }
  // In a clean run releases come to the end of what would be its rough days.
  for (let at = calmFrom; base.rings && at < (isClean ? endAt : calmFrom + 1); at += 24 * hour) {
    steerAt(lived, at, () => steering.approveAll('ann'));
  }
}
