// Reads a fleet file: the fleet that the simulator starts from, the policy, and the faults to come. Called by main.ts,
// simulatorMain.ts and tests.
import { Temporal } from 'temporal-polyfill';
import { parseMaintenanceWindow } from '../shared/domain/maintenanceWindowParse.ts';
import { type Policy, parsePolicy } from '../shared/domain/policy.ts';
import { type DocumentProblem, problem, readDocument } from './documentProblem.ts';
import { FleetFile } from './fleetSchema.ts';
import type { ArmManagedCluster, Fleet } from './simulator/armFleet.ts';
import type { Fault } from './simulator/fault.ts';
import { readTime, timeAllowed } from './simulator/relativeTime.ts';
import { findTarget } from './simulator/target.ts';

export type ParsedFleetFile =
  | { readonly ok: true; readonly fleet: Fleet; readonly policy?: Policy; readonly faults: readonly Fault[] }
  | { readonly ok: false; readonly problems: readonly DocumentProblem[] };

type WrittenCluster = FleetFile['clusters'][number];
type WrittenConfiguration = NonNullable<WrittenCluster['maintenanceConfigurations']>[number];

/** Reads a fleet file; times in it that are relative count from `now`. Every problem is named, with its path. */
export function parseFleetFile(text: string, now: Temporal.Instant): ParsedFleetFile {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { ok: false, problems: [{ path: '', message: `The file is no JSON: ${(error as Error).message}.` }] };
  }
  const read = readDocument(FleetFile, document);
  if (!read.ok) return read;
  const file = read.value;
  const policy = file.policy && parsePolicy(file.policy);
  const problems = [
    ...file.clusters.flatMap((cluster, index) => clusterProblems(file, cluster, index)),
    ...(file.faults ?? []).flatMap((fault, index) => faultProblems(file, fault, `faults[${index}]`)),
    ...(policy && !policy.ok
      ? policy.problems.map(({ path, found, allowed }) => ({
          path: `policy.${path}`,
          message: `policy.${path} is ${found}; allowed is ${allowed}.`,
        }))
      : []),
  ];
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    fleet: {
      clusters: file.clusters.map((cluster) => readCluster(cluster, now)),
      releases: file.releases.map((release) => ({ ...release, availableAt: toIso(release.availableAt, now) })),
      rolling: file.rolling,
      ...(file.aksAutoUpgrade !== undefined && { aksAutoUpgrade: file.aksAutoUpgrade }),
    },
    ...(policy?.ok && { policy: policy.policy }),
    faults: (file.faults ?? []).map((fault) => ({ ...fault, ...(fault.when && { when: toIso(fault.when, now) }) })),
  };
}

/** The subscriptions of a fleet, in lower case, each once. */
export function subscriptionsIn({ clusters }: Fleet): readonly string[] {
  return [...new Set(clusters.map(({ id }) => id.split('/')[2]?.toLowerCase() ?? ''))];
}

/** What no schema can say: ids and pools that are there twice, and windows. */
function clusterProblems({ clusters }: FleetFile, cluster: WrittenCluster, index: number): readonly DocumentProblem[] {
  const at = `clusters[${index}]`;
  const pools = cluster.properties.agentPoolProfiles ?? [];
  const isSecond = clusters.findIndex(({ id }) => id.toLowerCase() === cluster.id.toLowerCase()) < index;
  return [
    ...(isSecond ? [problem(`${at}.id`, cluster.id, 'an id that no other cluster has')] : []),
    ...pools
      .map(({ name }, index) => ({ name, index }))
      .filter(({ name, index }) => pools.findIndex((pool) => pool.name === name) < index)
      .map(({ name, index }) =>
        problem(
          `${at}.properties.agentPoolProfiles[${index}].name`,
          name,
          'a name that no other pool of the cluster has',
        ),
      ),
    ...(cluster.kubernetes?.pods ?? []).flatMap(({ nodePool }, index) =>
      pools.some(({ name }) => name === nodePool)
        ? []
        : [problem(`${at}.kubernetes.pods[${index}].nodePool`, nodePool, 'the name of a pool of the cluster')],
    ),
    ...(cluster.maintenanceConfigurations ?? []).flatMap((configuration, index) =>
      windowProblems(configuration, `${at}.maintenanceConfigurations[${index}].properties.maintenanceWindow`),
    ),
  ];
}

function windowProblems({ properties }: WrittenConfiguration, at: string): readonly DocumentProblem[] {
  const { maintenanceWindow: window } = properties;
  if (!window) return [];
  if (window.opensIn === undefined) {
    const parsed = parseMaintenanceWindow(window);
    if (parsed.ok) return [];
    // An interval that nothing anchors is a window that ARM takes.
    return parsed.problems
      .filter(({ notAnchored }) => !notAnchored)
      .map(({ path, message }) => ({ path: `${at}.${path}`, message: `${at}.${message}` }));
  }
  const known = ['opensIn', 'every', 'durationHours'];
  return [
    ...(/^-?P/.test(window.opensIn) && readTime(window.opensIn, Temporal.Instant.fromEpochMilliseconds(0))
      ? []
      : [problem(`${at}.opensIn`, window.opensIn, 'a duration from the start such as PT2M or -PT1H')]),
    ...Object.keys(window)
      .filter((field) => !known.includes(field))
      .map((field) => ({
        path: `${at}.${field}`,
        message: `${at}.${field} can't stand beside opensIn; beside it stand durationHours and every.`,
      })),
  ];
}

function faultProblems({ clusters }: FleetFile, fault: Fault, at: string): readonly DocumentProblem[] {
  const target = findTarget(
    clusters.map(({ id, properties }) => ({ id, pools: (properties.agentPoolProfiles ?? []).map(({ name }) => name) })),
    fault,
  );
  return target.ok ? [] : [problem(`${at}.${target.field}`, target.found, target.allowed)];
}

function readCluster(
  { maintenanceConfigurations, ...cluster }: WrittenCluster,
  now: Temporal.Instant,
): ArmManagedCluster {
  return {
    ...cluster,
    ...(maintenanceConfigurations && {
      maintenanceConfigurations: maintenanceConfigurations.map((configuration) =>
        readConfiguration(configuration, now),
      ),
    }),
  };
}

/** A window that opens so long from now becomes one in ARM's shape. ARM's windows are set to the minute. */
function readConfiguration(configuration: WrittenConfiguration, now: Temporal.Instant): WrittenConfiguration {
  const { maintenanceWindow: window } = configuration.properties;
  if (window?.opensIn === undefined) return configuration;
  const opensAt = Temporal.Instant.from(toIso(window.opensIn, now)).toZonedDateTimeISO('UTC');
  const dayOfWeek = opensAt.toLocaleString('en', { weekday: 'long' });
  const maintenanceWindow = {
    schedule: window.every === 'week' ? { weekly: { intervalWeeks: 1, dayOfWeek } } : { daily: { intervalDays: 1 } },
    durationHours: window.durationHours,
    utcOffset: '+00:00',
    startDate: opensAt.toPlainDate().toString(),
    startTime: opensAt.toPlainTime().toString({ smallestUnit: 'minute' }),
  };
  return { ...configuration, properties: { ...configuration.properties, maintenanceWindow } };
}

function toIso(time: string, now: Temporal.Instant): string {
  const read = readTime(time, now);
  if (!read) throw new Error(`"${time}" is not ${timeAllowed}.`);
  return read.toString();
}
