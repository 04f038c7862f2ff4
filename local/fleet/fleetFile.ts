// Reads a fleet file: the fleet that the simulator starts from, the policy, and the faults to come. Called by main.ts,
// simulatorMain.ts and tests.
import { Temporal } from 'temporal-polyfill';
import { type Policy, parsePolicy } from '../../shared/domain/policy/policy.ts';
import type { Fault } from '../simulator/faults/fault.ts';
import type { ArmManagedCluster, Fleet } from '../simulator/world/armFleet.ts';
import { readTime, timeAllowed, withDays } from '../simulator/world/relativeTime.ts';
import { type DocumentProblem, readDocument } from './documentProblem.ts';
import { meaningProblems } from './fleetProblems.ts';
import { FleetFile, type WrittenCluster, type WrittenConfiguration } from './fleetSchema.ts';

export type ParsedFleetFile =
  | { readonly ok: true; readonly fleet: Fleet; readonly policy?: Policy; readonly faults: readonly Fault[] }
  | { readonly ok: false; readonly problems: readonly DocumentProblem[] };

/** Reads a fleet file; times in it that are relative count from `now`. Every problem is named, with its path. */
export function parseFleetFile(text: string, now: Temporal.Instant): ParsedFleetFile {
  let document: unknown;
  try {
    document = JSON.parse(text, (key, value: unknown) =>
      key === 'nodeImageVersion' && typeof value === 'string' ? withDays(value, now) : value,
    );
  } catch (error) {
    return { ok: false, problems: [{ path: '', message: `The file is no JSON: ${(error as Error).message}.` }] };
  }
  const read = readDocument(FleetFile, document);
  const problems = [...(read.ok ? [] : read.problems), ...meaningProblems(document)];
  if (!read.ok || problems.length > 0) return { ok: false, problems };
  const file = read.value;
  const policy = file.policy && parsePolicy(file.policy);
  return {
    ok: true,
    fleet: {
      clusters: file.clusters.map((cluster) => readCluster(cluster, now)),
      releases: file.releases.map((release) => ({ ...release, availableAt: toIso(release.availableAt, now) })),
      rolling: file.rolling,
      ...(file.aksAutoUpgrade !== undefined && { aksAutoUpgrade: file.aksAutoUpgrade }),
      ...(file.subscriptionEvents !== undefined && { subscriptionEvents: file.subscriptionEvents }),
    },
    ...(policy?.ok && { policy: policy.policy }),
    faults: (file.faults ?? []).map((fault) => ({ ...fault, ...(fault.when && { when: toIso(fault.when, now) }) })),
  };
}

/** The subscriptions of a fleet, in lower case, each once. */
export function subscriptionsIn({ clusters }: Fleet): readonly string[] {
  return [...new Set(clusters.map(({ id }) => id.split('/')[2]?.toLowerCase() ?? ''))];
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
