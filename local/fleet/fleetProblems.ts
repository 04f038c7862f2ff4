// What no schema can say of a fleet file: names that stand twice, windows, targets of faults, the policy, misspellings.
import { Temporal } from 'temporal-polyfill';
import { parsePolicy } from '../../shared/domain/policy/policy.ts';
import { isObject } from '../../shared/domain/text/anyValue.ts';
import { parseMaintenanceWindow } from '../../shared/domain/window/parseMaintenanceWindow.ts';
import { findTarget } from '../simulator/faults/armedFaults.ts';
import { Fault } from '../simulator/faults/fault.ts';
import { durationAllowed, readDuration } from '../simulator/world/relativeTime.ts';
import { type DocumentProblem, problem } from './documentProblem.ts';
import { ManagedCluster, type WrittenCluster, type WrittenConfiguration } from './fleetSchema.ts';
import { misspelledFields } from './misspelledFields.ts';

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
  if (!isObject(policy)) return [];
  const parsed = parsePolicy(policy);
  return (parsed.ok ? [] : parsed.problems).map(({ path, found, allowed }) => ({
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
    ...pools.flatMap(({ name }, index) => {
      if (pools.findIndex((pool) => pool.name === name) === index) return [];
      const path = `${at}.properties.agentPoolProfiles[${index}].name`;
      return [problem(path, name, 'a name that no other pool of the cluster has')];
    }),
    ...pools.flatMap(({ name, type, count }, index) => {
      if (count !== null || type?.toLowerCase() === 'virtualmachines') return [];
      const path = `${at}.properties.agentPoolProfiles[${index}].count`;
      return [problem(path, `null in pool ${name}`, 'a number of nodes; only a pool of type VirtualMachines has none')];
    }),
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
    // An interval that nothing anchors is a window that ARM takes.
    return (parsed.ok ? [] : parsed.problems)
      .filter(({ notAnchored }) => !notAnchored)
      .map(({ path, message }) => ({ path: `${at}.${path}`, message: `${at}.${message}` }));
  }
  const known = ['opensIn', 'every', 'durationHours'];
  return [
    ...(readDuration(window.opensIn, Temporal.Instant.fromEpochMilliseconds(0))
      ? []
      : [problem(`${at}.opensIn`, window.opensIn, durationAllowed)]),
    ...Object.keys(window).flatMap((field) => {
      if (known.includes(field)) return [];
      const path = `${at}.${field}`;
      return [{ path, message: `${path} can't stand beside opensIn; beside it stand durationHours and every.` }];
    }),
  ];
}

function faultProblems(clusters: readonly WrittenCluster[], fault: Fault, at: string): readonly DocumentProblem[] {
  const target = findTarget(clusters, fault);
  if (target.ok) return [];
  const { field, found, allowed } = target.problem;
  return [problem(`${at}.${field}`, found, allowed)];
}
