// What no schema can say of a fleet file: names that stand twice, windows, targets of faults, the policy, misspellings.
import { Temporal } from 'temporal-polyfill';
import { parsePolicy } from '../../shared/domain/policy/policy.ts';
import { parseMaintenanceWindow } from '../../shared/domain/window/parseMaintenanceWindow.ts';
import { Fault } from '../simulator/faults/fault.ts';
import { findTarget } from '../simulator/faults/target.ts';
import { readTime } from '../simulator/world/relativeTime.ts';
import { type DocumentProblem, problem } from './documentProblem.ts';
import { ManagedCluster, type WrittenCluster, type WrittenConfiguration } from './fleetSchema.ts';
import { misspelledFields } from './misspelledFields.ts';

/** Checks the parts whose shape is right; the schema reports the others. */
export function meaningProblems(document: unknown): readonly DocumentProblem[] {
  const { clusters: written, faults, policy } = (document ?? {}) as Readonly<Record<string, unknown>>;
  const clusters = listOf(written).map((cluster) => ManagedCluster.safeParse(cluster).data);
  const known = clusters.filter((cluster) => cluster !== undefined);
  return [
    ...misspelledFields(written),
    ...clusters.flatMap((cluster, index) => (cluster ? clusterProblems(clusters, cluster, index) : [])),
    // A fault may name the cluster that can't be read.
    ...(known.length === clusters.length ? listOf(faults) : []).flatMap((fault, index) => {
      const read = Fault.safeParse(fault);
      return read.success ? faultProblems(known, read.data, `faults[${index}]`) : [];
    }),
    ...policyProblems(policy),
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function policyProblems(policy: unknown): readonly DocumentProblem[] {
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) return [];
  const parsed = parsePolicy(policy);
  if (parsed.ok) return [];
  return parsed.problems.map(({ path, found, allowed }) => ({
    path: `policy.${path}`,
    message: `policy.${path} is ${found}; allowed is ${allowed}.`,
  }));
}

function clusterProblems(
  clusters: readonly (WrittenCluster | undefined)[],
  cluster: WrittenCluster,
  index: number,
): readonly DocumentProblem[] {
  const at = `clusters[${index}]`;
  const pools = cluster.properties.agentPoolProfiles ?? [];
  const isSecond = clusters.findIndex((other) => other?.id.toLowerCase() === cluster.id.toLowerCase()) < index;
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

function faultProblems(clusters: readonly WrittenCluster[], fault: Fault, at: string): readonly DocumentProblem[] {
  const target = findTarget(clusters, fault);
  if (target.ok) return [];
  const { field, found, allowed } = target.problem;
  return [problem(`${at}.${field}`, found, allowed)];
}
