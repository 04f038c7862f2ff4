// What was drawn of a run, in lines for people. Printed first by `npm run simulate -- --seed S --trace`.
import type { ArmManagedCluster, Fleet } from '../../../local/simulator/world/armFleet.ts';
import type { Beside } from './drawBeside.ts';
import { describeEvidence } from './drawEvidence.ts';
import type { FaultRates } from './drawFaults.ts';
import { describeHarm } from './drawHarm.ts';
import type { RunOptions } from './drawOptions.ts';

export function describeOptions(options: RunOptions): readonly string[] {
  const { seed, startedAt, quietFrom, endAt, base, fleet, skews, factsMinutes, gapMinutes, topic, people } = options;
  const isClean = quietFrom === startedAt;
  const until = isClean ? 'nothing goes wrong in it' : `anything goes wrong until ${time(quietFrom)}`;
  return [
    line('seed', `${seed}: ${time(startedAt)} to ${time(endAt)}, ${until}`),
    line('settings', `facts are read every ${factsMinutes} minutes; a pause above ${gapMinutes} minutes is a gap`),
    line('clocks', skews.usual.map((skew, instance) => `instance ${instance} ${skew} ms ahead`).join(', ')),
    ...skews.spells.map(({ instance, from, to, skew }) =>
      line('', `instance ${instance} ${skew} ms ahead from ${time(from)} to ${time(to)}`),
    ),
    line('faults', rates(options.faults)),
    line('topic', topic.exists ? `down from ${time(topic.downFrom)} to ${time(topic.downTo)}` : 'none'),
    line('topic faults', rates(topic.faults)),
    line('people', `${people.acts} acts on clusters, ${people.changes} on the policy`),
    line('', `one in the seconds of a start with probability ${people.disturbance}`),
    line('', `everything is approved once by each of: ${people.approvals.join(', ') || 'nobody'}`),
    line('evidence', describeEvidence(options.evidence)),
    ...describeHarm(options.harm).map((what) => line('harm', what)),
    line('policy', JSON.stringify({ ...base, rings: undefined })),
    ...(base.rings ?? []).map((ring) => line('  ring', JSON.stringify(ring))),
    ...(options.beside ? describeBeside(options.beside) : []),
    ...describeFleet(fleet),
  ];
}

function describeBeside({ path, kind, spans }: Beside): readonly string[] {
  const when = ({ instance, from, to }: Beside['spans'][number]) =>
    line('', `instance ${instance} runs it from ${time(from)} to ${time(to)}`);
  return [line('beside', `${path}: ${kind}`), ...spans.map(when)];
}

function describeFleet({ clusters, releases, rolling, aksAutoUpgrade, subscriptionEvents }: Fleet): readonly string[] {
  const does = aksAutoUpgrade ? 'upgrades by itself' : 'upgrades nothing by itself';
  const tells = subscriptionEvents ? 'are sent' : 'are not sent';
  return [
    line('fleet', `${clusters.length} clusters; a batch of nodes takes ${rolling.secondsPerNode} s`),
    line('', `AKS ${does}; events of the subscription ${tells}`),
    ...clusters.flatMap(describeCluster),
    ...releases.map(({ nodeImageVersion, availableAt, regions }) =>
      line('  release', `${nodeImageVersion} at ${availableAt} in ${regions?.join() ?? 'all regions'}`),
    ),
  ];
}

function describeCluster(cluster: ArmManagedCluster): readonly string[] {
  const { id, location, tags, sku, properties, maintenanceConfigurations = [], kubernetes } = cluster;
  const { autoUpgradeProfile, agentPoolProfiles = [], apiServerAccessProfile } = properties;
  const kind = [sku?.name, apiServerAccessProfile && 'private'].filter(Boolean).join(' ');
  return [
    line('  cluster', `${id.slice(id.lastIndexOf('/') + 1)} in ${location} ${kind} ${JSON.stringify(tags)}`),
    line('    channels', JSON.stringify(autoUpgradeProfile)),
    ...maintenanceConfigurations.map(({ name, properties: { maintenanceWindow } }) =>
      line('    window', `${name} ${JSON.stringify(maintenanceWindow)}`),
    ),
    ...agentPoolProfiles.map((pool) => line('    pool', JSON.stringify(pool))),
    ...(kubernetes?.podDisruptionBudgets ?? []).map((budget) => line('    budget', JSON.stringify(budget))),
  ];
}

function rates(of: FaultRates): string {
  const some = [...of].filter(([, rate]) => rate > 0).sort(([, a], [, b]) => b - a);
  return some.map(([kind, rate]) => `${kind} ${Math.min(100, rate * 100).toFixed(1)} %`).join(', ') || 'none';
}

function line(name: string, what: string): string {
  return `${name.padEnd(14)} ${what}`;
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}
