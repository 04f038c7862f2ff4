// What befalls a fleet in a run: what people do to clusters and to the policy, when, and how they leave it. Used by run.ts.
import type { Simulator } from '../../../local/simulator/simulator.ts';
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import type { PolicyDocument } from '../draw/drawPolicy.ts';
import type { Invocation } from '../record/record.ts';
import type { Schedule } from '../world/schedule.ts';
import type { Draw } from '../world/seed.ts';
import type { Timers } from '../world/timers.ts';
import { keyOf, type TrueCause, type Truth } from '../world/truth.ts';
import { newestImage } from './due.ts';
import { drawAct, repair } from './people.ts';
import type { Steering } from './steering.ts';
import type { wakeForWindows } from './wakeForWindows.ts';

const hour = 3_600_000;
const minute = 60_000;

export type LifeOptions = {
  readonly schedule: Schedule;
  readonly people: Draw;
  readonly fleet: Fleet;
  /** The fleet's own list, for one that comes by surprise. */
  readonly releases: Fleet['releases'][number][];
  readonly simulator: Simulator;
  readonly truth: Truth;
  readonly steering: Steering;
  readonly base: PolicyDocument;
  readonly timers: () => Timers;
  readonly windows: () => ReturnType<typeof wakeForWindows>;
  readonly move: (cause: TrueCause, happen: () => void) => void;
  readonly say: (line: string) => void;
  readonly from: number;
  readonly quietFrom: number;
  readonly endAt: number;
  /** How often somebody acts while the keeper decides. */
  readonly disturbance: number;
};

export function createLife(options: LifeOptions) {
  const { schedule, people, fleet, steering, truth, simulator, say, move, quietFrom, endAt } = options;

  const wake = (minutes: number) => options.timers().wake(schedule.now(), schedule.now() + minutes * minute);

  function actAt(at: number, own: Draw, clusters: Fleet['clusters']): void {
    schedule.at(at, () => {
      const act = drawAct(own, clusters, new Date(at).toISOString().slice(0, 10));
      move(act.cause, () => say(`people: ${act.what}: ${act.happen(simulator)}`));
      options.windows().again(schedule.now(), endAt);
      wake(12);
    });
  }

  function steerAt(at: number, act: () => Promise<string>): void {
    schedule.at(at, () => {
      void act().then((what) => say(`people: ${what}`));
      wake(12);
    });
  }

  /** The pool's next roll fails. */
  function failAt(at: number, cluster: string, nodePool: string): void {
    schedule.at(at, () => {
      const podDisruptionBudget = 'shop/checkout';
      move('manual', () =>
        simulator.inject({ kind: 'drainBlocked', cluster, nodePool, podDisruptionBudget, seconds: 600 }),
      );
      say(`people: drainBlocked ${cluster.slice(cluster.lastIndexOf('/') + 1)}/${nodePool}`);
    });
  }

  /** Nodes stay behind in the pool's next roll, and the next image comes out while they do. */
  function leaveBehind(own: Draw, cluster: string, nodePool: string): void {
    const nodes = own.whole(1, 3);
    const seconds = (own.whole(24, 96) * hour) / 1000;
    move('manual', () => simulator.inject({ kind: 'nodesBehind', cluster, nodePool, nodes, seconds }));
    say(`people: nodesBehind ${cluster.slice(cluster.lastIndexOf('/') + 1)}/${nodePool} for ${seconds} s`);
    const at = schedule.now() + own.whole(1, 12) * hour;
    if (at < quietFrom) releaseAt(at, keyOf(cluster), nodePool);
  }

  /** A patch of the newest image of a pool's family, out in all regions at this very moment. */
  function releaseAt(at: number, clusterKey: string, nodePool: string): void {
    schedule.at(at, () => {
      const pool = truth.pools.findLast((one) => one.clusterKey === clusterKey && one.name === nodePool);
      const image = pool?.moments.at(-1)?.image;
      const newest = newestImage(fleet, clusterKey, image ?? '', at)?.image ?? image;
      if (!newest) return;
      const nodeImageVersion = newest.replace(
        /\.(\d+)(\.\d{6})?$/,
        (_, patch, day = '') => `.${Number(patch) + 1}${day}`,
      );
      if (options.releases.some((release) => release.nodeImageVersion === nodeImageVersion)) return;
      options.releases.push({ nodeImageVersion, availableAt: new Date(at).toISOString() });
      move('manual', () => simulator.inject({ kind: 'release', nodeImageVersion }));
      say(`people: releasePatch ${nodeImageVersion}`);
    });
  }

  return {
    /** Now and then something happens in the very seconds in which a cluster is observed, or a start on it decided. */
    disturb: ({ name, message }: Invocation): void => {
      const isStart = name === 'startUpgrade';
      if (!isStart && name !== 'observeCluster') return;
      if (schedule.now() >= quietFrom || !people.chance(isStart ? options.disturbance : options.disturbance / 10))
        return;
      const { clusterId, nodePool = '' } = message as { readonly clusterId: string; readonly nodePool?: string };
      const cluster = fleet.clusters.filter(({ id }) => keyOf(id) === keyOf(clusterId));
      const at = schedule.now() + people.whole(0, 3000);
      const own = people.fork(`act ${schedule.now()}`);
      const kind = isStart ? own.next() : 0;
      if (kind < 0.25) actAt(at, own, cluster);
      else if (kind < 0.45) failAt(at, clusterId, nodePool);
      else if (kind < 0.55) schedule.at(schedule.now(), () => leaveBehind(own, clusterId, nodePool));
      else if (kind < 0.85) steerAt(at, () => steering.meddle(own, clusterId, nodePool));
      else releaseAt(at, keyOf(clusterId), nodePool);
    },

    /** All that people do before the quiet time, and how they leave the fleet. */
    begin: (): void => {
      const moment = (own: Draw) =>
        drawMoment(own, options.from, quietFrom, options.windows().openings(options.from, quietFrom));
      const days = (quietFrom - options.from) / (24 * hour);
      const acts = people.whole(0, Math.round(days) * 4);
      for (let index = 0; index < acts; index += 1) {
        const own = people.fork(`act ${index}`);
        actAt(moment(own), own, fleet.clusters);
      }
      const changes = people.pick(options.base.rings ? [0, 0, 4, 8, 16, 24] : [0, 0, 0, 2, 4, 8]);
      for (let index = 0; index < changes; index += 1) {
        const own = people.fork(`policy ${index}`);
        steerAt(moment(own), () => steering.act(own));
      }
      for (const by of options.base.rings ? ['pat', 'pat', 'ann'] : []) {
        if (people.chance(0.5)) steerAt(people.whole(options.from, quietFrom), () => steering.approveAll(by));
      }
      for (const after of [0, 2 * hour, 12 * hour]) {
        schedule.at(quietFrom + after, () => {
          say('people: everything is repaired, and nothing goes wrong from here on');
          move('manual', () => repair(simulator, fleet.clusters));
          options.windows().again(schedule.now(), endAt);
        });
        if (after === 0) steerAt(quietFrom, () => steering.setPolicy(options.base));
        steerAt(quietFrom + after + 1000, steering.liftAll);
      }
      if (options.base.rings) steerAt(quietFrom + 12 * hour, () => steering.approveAll('ann'));
    },
  };
}

/** Half of what people do falls near the opening of a window, where the keeper is at work too. */
function drawMoment(draw: Draw, from: number, to: number, openings: readonly number[]): number {
  const opening = openings.length > 0 && draw.chance(0.5) ? draw.pick(openings) : undefined;
  return opening === undefined
    ? draw.whole(from, to)
    : Math.min(to - 1, opening + draw.whole(-10 * minute, 90 * minute));
}
