// A planning pass's decisions on 10,000 clusters of five pools, without rings and in four of them, against parsing the same facts
// from JSON.
import { Temporal } from 'temporal-polyfill';
import { planFleet } from '../shared/domain/plan/planFleet.ts';
import type { Policy } from '../shared/domain/policy/policy.ts';
import type { ClusterFacts } from '../shared/domain/rings/clusterFacts.ts';
import { fleetState } from '../shared/domain/rings/ringState.ts';
import { daysOfWeek } from '../shared/domain/window/openingDay.ts';
import { aCluster, aPool, aPoolHead } from '../test/builders.ts';
import { ratio } from './ratio.ts';
import type { Row } from './table.ts';

const now = Temporal.Instant.from('2026-11-03T12:30:00Z');
const running = 'AKSUbuntu-2204gen2containerd-202610.11.0';
const offered = 'AKSUbuntu-2204gen2containerd-202611.01.0';
const clusters = 10_000;
const rounds = 7;

/** Every pool is behind, and may start within its week; the windows of one day in seven are open. */
function factsOf(index: number): ClusterFacts {
  const names = Array.from({ length: 5 }, (_, pool) => `pool${pool}`);
  const nodePools = names.map((name) => aPool({ name, nodeImageVersion: running }));
  const heads = names.map((nodePool) => {
    const since = now.subtract({ hours: 24 * 20 + (index % 240) });
    return aPoolHead({ nodePool, nodeImageVersion: running, runs: [{ nodeImageVersion: running, since }] });
  });
  return {
    cluster: aCluster({ id: `${aCluster().id}${index}`, tags: { ring: `${index % 4}` }, nodePools }),
    window: { value: { readAt: now.subtract({ minutes: index % 1000 }), maintenanceWindow: windowOf(index) } },
    latest: Object.fromEntries(names.map((name) => [name, { value: offered }])),
    heads,
    verdicts: [],
  };
}

/** An object of its own for each cluster, as each is read from a row of its own. */
function windowOf(index: number): object {
  return {
    schedule: { weekly: { intervalWeeks: 1, dayOfWeek: daysOfWeek[index % 7] } },
    durationHours: 4,
    utcOffset: '+05:30',
    startTime: '16:00',
    notAllowedDates: [{ start: '2026-12-23', end: '2027-01-03' }],
  };
}

const rings = ['0', '1', '2', '3'].map((name) => ({ name, selectors: [{ tags: { ring: name } }] }));

export function planAgainstJson(): readonly Row[] {
  const fleet = Array.from({ length: clusters }, (_, index) => factsOf(index));
  const text = JSON.stringify(fleet);
  const rowOf = (what: string, policy: Policy): Row => ({
    what: `Decisions on 50,000 pools, ${what}`,
    against: 'JSON.parse of the same facts',
    ratio: ratio(
      () => planFleet(fleet, fleetState(fleet, { policy }, now), now),
      () => JSON.parse(text),
      rounds,
    ),
    mustReach: 5,
    direction: 'atMost',
  });
  return [rowOf('without rings', { mode: 'enforce' }), rowOf('in four rings', { mode: 'enforce', rings })];
}
