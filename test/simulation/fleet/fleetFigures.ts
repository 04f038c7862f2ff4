// The figures of a run of the fleet ruler, and their lines. Called by main.ts and the test.
import type { InvocationName, Took } from './invocations.ts';
import { opening } from './makeFleet.ts';
import type { FleetRun } from './runFleet.ts';

const minute = 60_000;

export function figuresOf(run: FleetRun) {
  const { options, startedAt, finishedAt, begunAt, closesAt, meter, invocations, poisoned, waiting, cpuSeconds } = run;
  const opensAt = opening.epochMilliseconds;
  const waits = startedAt.map((at) => (at - opensAt) / minute).toSorted((a, b) => a - b);
  const passes = ofName(invocations.took, 'pass');
  return {
    options,
    due: options.clusters * options.pools,
    started: startedAt.length,
    finished: finishedAt.length,
    outsideWindow: startedAt.filter((at) => at < opensAt || at >= closesAt).length,
    /** Minutes from the opening. */
    waits: { p50: at(waits, 0.5), p99: at(waits, 0.99), worst: at(waits, 1) },
    startsByMinute: byMinute(startedAt, opensAt),
    finishesByMinute: byMinute(finishedAt, opensAt),
    buckets: meter.uses((closesAt - begunAt) / 1000),
    throttled: meter.throttled(),
    poisoned,
    waiting,
    failed: invocations.took.filter(({ failed }) => failed).length,
    pass: {
      count: passes.length,
      tableRequests: spread(passes.map((one) => one.tableRequests)),
      seconds: spread(passes.map((one) => one.milliseconds / 1000)),
      cpuSeconds: spread(
        passes.flatMap((one) => (one.cpuMilliseconds === undefined ? [] : one.cpuMilliseconds / 1000)),
      ),
    },
    start: { tableRequests: spread(ofName(invocations.took, 'start-upgrade').map((one) => one.tableRequests)) },
    follow: { seconds: spread(ofName(invocations.took, 'follow').map((one) => one.milliseconds / 1000)) },
    cpuSeconds,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}

export type FleetFigures = ReturnType<typeof figuresOf>;

export function linesOf(figures: FleetFigures): readonly string[] {
  const { options, waits, pass, start, follow } = figures;
  const [startsByHour, finishesByHour] = [byHour(figures.startsByMinute), byHour(figures.finishesByMinute)];
  return [
    `${options.clusters} clusters of ${options.pools} pools, a window of ${options.hours} h, ${options.subscriptions} subscriptions, ${options.regions} regions each`,
    `started            ${figures.started} of ${figures.due}; ${figures.finished} finished; ${figures.outsideWindow} outside the window`,
    `from the opening   p50 ${shown(waits.p50)}, p99 ${shown(waits.p99)}, worst ${shown(waits.worst)} minutes`,
    `starts by hour     ${startsByHour.join(', ')}`,
    `finishes by hour   ${finishesByHour.join(', ')}`,
    ...figures.buckets.map(
      ({ bucket, requests, share }) =>
        `requests           ${bucket}: ${requests}, ${shown(share * 100)} % of the busiest`,
    ),
    `429s               ${figures.throttled}`,
    `poisoned           ${figures.poisoned}; ${figures.failed} invocations failed, ${figures.waiting} messages waited at the end`,
    `a pass             ${spoken(pass.tableRequests)} table requests, ${spoken(pass.seconds)} s of time, ${spoken(pass.cpuSeconds)} s of CPU (${pass.count} passes)`,
    `a start            ${spoken(start.tableRequests)} table requests`,
    `a look at attempts ${spoken(follow.seconds)} s`,
    `all of it          ${shown(figures.cpuSeconds)} s of CPU, ${Math.round(figures.peakMegabytes)} MB at most`,
  ];
}

type Spread = { readonly p50: number; readonly worst: number };

const ofName = (took: readonly Took[], name: InvocationName) => took.filter((one) => one.name === name);

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: at(sorted, 0.5), worst: at(sorted, 1) };
}

/** NaN of none. */
function at(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** How many in each minute from the opening; those before it are in none. */
function byMinute(times: readonly number[], from: number): readonly number[] {
  const counts: number[] = [];
  for (const time of times) {
    const index = Math.floor((time - from) / minute);
    if (index < 0) continue;
    while (counts.length <= index) counts.push(0);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

function byHour(minutes: readonly number[]): readonly number[] {
  const counts: number[] = [];
  for (let from = 0; from < minutes.length; from += 60) {
    counts.push(minutes.slice(from, from + 60).reduce((sum, one) => sum + one, 0));
  }
  return counts;
}

const shown = (value: number) => (Number.isNaN(value) ? 'none' : value.toFixed(1));
const spoken = ({ p50, worst }: Spread) => `${shown(p50)} (worst ${shown(worst)})`;
