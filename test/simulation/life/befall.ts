// Single things that happen to a fleet at a time, each with the pass that it deserves. Called by life.ts.
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import type { Draw } from '../draw/seed.ts';
import { newestImage } from '../judge/own/due.ts';
import { keyOf } from '../record/keyOf.ts';
import type { World } from '../world/createWorld.ts';
import { drawAct } from './people.ts';
import type { Steering } from './steering.ts';
import type { Windows } from './wakeForWindows.ts';

const hour = 3_600_000;

/** The world with those who live in it. */
export type Lived = World & { readonly steering: Steering; readonly windows: Windows };

export function actAt(lived: Lived, at: number, own: Draw, clusters: Fleet['clusters']): void {
  const { schedule, simulator, motion, notes, windows, options } = lived;
  schedule.at(at, () => {
    const act = drawAct(own, clusters, new Date(at).toISOString().slice(0, 10));
    motion.move(act.cause, () => notes.say(`people: ${act.what}: ${act.happen(simulator)}`));
    windows.again(schedule.now(), options.endAt);
    wakeSoon(lived);
  });
}

export function steerAt(lived: Lived, at: number, act: () => Promise<string>): void {
  lived.schedule.at(at, () => {
    void act().then((what) => lived.notes.say(`people: ${what}`));
    wakeSoon(lived);
  });
}

function wakeSoon({ schedule, timers }: Lived): void {
  timers.wake(schedule.now(), schedule.now() + 12 * 60_000);
}

export function failAt({ schedule, simulator, motion, notes }: Lived, at: number, cluster: string, nodePool: string) {
  schedule.at(at, () => {
    const podDisruptionBudget = 'shop/checkout';
    const fault = { kind: 'drainBlocked', cluster, nodePool, podDisruptionBudget, seconds: 600 } as const;
    motion.move('manual', () => simulator.inject(fault));
    notes.say(`people: drainBlocked ${nameOf(cluster)}/${nodePool}`);
  });
}

/** Nodes stay behind in the pool's next roll, and the next image comes out while they do. */
export function leaveBehind(lived: Lived, own: Draw, cluster: string, nodePool: string): void {
  const { schedule, simulator, motion, notes, options } = lived;
  const nodes = own.whole(1, 3);
  const seconds = (own.whole(24, 96) * hour) / 1000;
  motion.move('manual', () => simulator.inject({ kind: 'nodesBehind', cluster, nodePool, nodes, seconds }));
  notes.say(`people: nodesBehind ${nameOf(cluster)}/${nodePool} for ${seconds} s`);
  const at = schedule.now() + own.whole(1, 12) * hour;
  if (at < options.quietFrom) releaseAt(lived, at, keyOf(cluster), nodePool);
}

/** A patch of the newest image of a pool's family, out in all regions at this very moment. */
export function releaseAt(lived: Lived, at: number, clusterKey: string, nodePool: string): void {
  const { schedule, simulator, motion, notes, truth, fleet, releases } = lived;
  schedule.at(at, () => {
    const pool = truth.pools.findLast((one) => one.clusterKey === clusterKey && one.name === nodePool);
    const image = pool?.moments.at(-1)?.image;
    const newest = newestImage(fleet, clusterKey, image ?? '', at)?.image ?? image;
    if (!newest) return;
    const nodeImageVersion = newest.replace(
      /\.(\d+)(\.\d{6})?$/,
      (_, patch, day = '') => `.${Number(patch) + 1}${day}`,
    );
    if (releases.some((release) => release.nodeImageVersion === nodeImageVersion)) return;
    releases.push({ nodeImageVersion, availableAt: new Date(at).toISOString() });
    motion.move('manual', () => simulator.inject({ kind: 'release', nodeImageVersion }));
    notes.say(`people: releasePatch ${nodeImageVersion}`);
  });
}

function nameOf(clusterId: string): string {
  return clusterId.slice(clusterId.lastIndexOf('/') + 1);
}
