// Reads a fleet file: the fleet that the simulator starts from, the policy, and the faults to come.
import { readFile } from 'node:fs/promises';
import { Temporal } from 'temporal-polyfill';
import { type Policy, parsePolicy } from '../../shared/domain/policy/policy.ts';
import { refuse } from '../commandLine.ts';
import type { Fault } from '../simulator/faults/fault.ts';
import type { ArmManagedCluster, Fleet } from '../simulator/world/armFleet.ts';
import { readTime, timeAllowed, windowFrom, withDays } from '../simulator/world/relativeTime.ts';
import { type DocumentProblem, readDocument } from './documentProblem.ts';
import { meaningProblems } from './fleetProblems.ts';
import { FleetFile, type WrittenCluster, type WrittenConfiguration } from './fleetSchema.ts';

type ParsedFleetFile =
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
  const { $schema: _, policy: written, faults = [], clusters, releases, ...options } = read.value;
  const policy = written && parsePolicy(written);
  return {
    ok: true,
    fleet: {
      ...options,
      clusters: clusters.map((cluster) => readCluster(cluster, now)),
      releases: releases.map((release) => ({ ...release, availableAt: toIso(release.availableAt, now) })),
    },
    ...(policy?.ok && { policy: policy.policy }),
    faults: faults.map((fault) => ({ ...fault, ...(fault.when && { when: toIso(fault.when, now) }) })),
  };
}

export async function readFleetFile(file: string | undefined, now: Temporal.Instant, usage: string) {
  const path = file ?? new URL('demonstrationFleet.json', import.meta.url);
  const text = await readFile(path, 'utf8').catch((error: Error) => refuse(`--fleet: ${error.message}.\n\n${usage}`));
  const parsed = parseFleetFile(text, now);
  if (parsed.ok) return parsed;
  return refuse(['The fleet file is not valid:', ...parsed.problems.map(({ message }) => `  ${message}`)].join('\n'));
}

export function subscriptionsIn({ clusters }: Fleet): readonly string[] {
  return [...new Set(clusters.map(({ id }) => id.split('/')[2]?.toLowerCase() ?? ''))];
}

function readCluster(cluster: WrittenCluster, now: Temporal.Instant): ArmManagedCluster {
  const configurations = cluster.maintenanceConfigurations?.map((one) => readConfiguration(one, now));
  return configurations ? { ...cluster, maintenanceConfigurations: configurations } : cluster;
}

function readConfiguration(configuration: WrittenConfiguration, now: Temporal.Instant): WrittenConfiguration {
  const { maintenanceWindow: window } = configuration.properties;
  if (window?.opensIn === undefined) return configuration;
  const opensAt = Temporal.Instant.from(toIso(window.opensIn, now));
  const maintenanceWindow = windowFrom(opensAt, window.durationHours, window.every);
  return { ...configuration, properties: { ...configuration.properties, maintenanceWindow } };
}

function toIso(time: string, now: Temporal.Instant): string {
  const read = readTime(time, now);
  if (!read) throw new Error(`"${time}" is not ${timeAllowed}.`);
  return read.toString();
}
