// A planning pass's decisions on 200 clusters of five pools, against parsing the same facts from JSON.
import { Temporal } from 'temporal-polyfill';
import type { ClusterFacts } from '../shared/domain/clusterFacts.ts';
import { plan } from '../shared/domain/plan.ts';
import { aCluster, aPool } from '../test/builders.ts';
import { ratio } from './ratio.ts';

const now = Temporal.Instant.from('2026-11-03T12:30:00Z');
const maintenanceWindow = {
  schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Sunday' } },
  durationHours: 4,
  utcOffset: '+05:30',
  startTime: '01:00',
  notAllowedDates: [{ start: '2026-12-23', end: '2027-01-03' }],
};

function factsOf(index: number): ClusterFacts {
  const nodePools = Array.from({ length: 5 }, (_, pool) => aPool({ name: `pool${pool}` }));
  return {
    cluster: aCluster({ id: `${aCluster().id}${index}`, nodePools }),
    window: { value: { readAt: now.toString(), maintenanceWindow } },
    latest: Object.fromEntries(
      nodePools.map(({ name }) => [name, { value: 'AKSUbuntu-2204gen2containerd-202611.01.0' }]),
    ),
    heads: [],
    verdicts: [],
  };
}

export function planAgainstJson(): string {
  const fleet = Array.from({ length: 200 }, (_, index) => factsOf(index));
  const text = JSON.stringify(fleet);
  const times = ratio(
    () => fleet.map((facts) => plan(facts, { policy: { mode: 'enforce' } }, now)),
    () => JSON.parse(text),
  );
  return `Deciding on 1,000 pools takes ${times.toFixed(1)} times as long as parsing their facts from JSON.`;
}
