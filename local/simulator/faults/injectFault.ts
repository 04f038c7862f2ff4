// Lets a fault happen, now or when it is due. Called by simulator.ts.
import { Temporal } from 'temporal-polyfill';
import { addressesIn, coresFor, exhaust, sharesOf } from '../world/capacity.ts';
import { note, pendUntil, replaceConfiguration } from '../world/changeWorld.ts';
import { lastPart } from '../world/names.ts';
import { readTime, timeAllowed, windowFrom } from '../world/relativeTime.ts';
import { addRelease } from '../world/releases.ts';
import { findCluster, findPool, type World } from '../world/world.ts';
import { armFault, type FaultProblem, findTarget } from './armedFaults.ts';
import type { Fault, FaultOf } from './fault.ts';
import { personActs } from './personActs.ts';

export function injectFault(world: World, fault: Fault): FaultProblem | undefined {
  const at = fault.when === undefined ? world.time : readTime(fault.when, world.time);
  if (!at) return { field: 'when', found: fault.when ?? '', allowed: timeAllowed };
  const target = findTarget(world.definitions, fault);
  if (!target.ok) return target.problem;
  const strike = () => note(world, happen(world, fault, target.clusterId ?? '', target.nodePool));
  if (Temporal.Instant.compare(at, world.time) <= 0) strike();
  else pendUntil(world, at, strike);
  return undefined;
}

function happen(world: World, fault: Fault, clusterId: string, nodePool: string | undefined): string {
  const name = [lastPart(clusterId), nodePool].filter(Boolean).join('/');
  if (fault.kind === 'clear') return clear(world, fault);
  if (fault.kind === 'surgeWithoutQuota' || fault.kind === 'subnetFull') return takeAll(world, fault, clusterId, name);
  if (fault.kind === 'release') {
    addRelease(world, fault.nodeImageVersion, world.time, fault.regions);
    return `${fault.nodeImageVersion} is out.`;
  }
  if (fault.kind === 'kubernetesRelease') {
    world.kubernetesVersion = fault.version;
    return `Kubernetes ${fault.version} is out.`;
  }
  if (fault.kind === 'person') {
    const refusal = personActs(world, fault.does, clusterId, nodePool);
    const what = `a person: ${fault.does} ${name}`;
    return refusal ? `${what}, which is not possible: ${refusal}` : `${what}.`;
  }
  if (fault.kind === 'window') return giveWindow(world, fault, clusterId, name);
  armFault(world, fault);
  return `fault ${fault.kind}${name && ` for ${name}`} is in force.`;
}

function takeAll(
  world: World,
  { kind, nodePool }: FaultOf<'surgeWithoutQuota' | 'subnetFull'>,
  clusterId: string,
  name: string,
): string {
  const cluster = findCluster(world, clusterId);
  const pool = cluster && findPool(cluster, nodePool);
  if (!pool) return `fault ${kind} for ${name}: there is no such pool now.`;
  if (kind === 'surgeWithoutQuota') for (const cores of coresFor(world, cluster, pool)) exhaust(world, cores);
  else for (const { subnet } of sharesOf(cluster, pool)) exhaust(world, addressesIn(world, subnet));
  return kind === 'subnetFull' ? `the subnet of ${name} is full.` : `the cores of ${name}'s VM family are used up.`;
}

function giveWindow(
  world: World,
  { opensIn = 'PT0S', durationHours = 4 }: FaultOf<'window'>,
  clusterId: string,
  name: string,
): string {
  const cluster = findCluster(world, clusterId);
  const opensAt = readTime(opensIn, world.time);
  if (!cluster || !opensAt) return `fault window for ${name}: there is no such cluster now.`;
  replaceConfiguration(cluster, {
    name: 'aksManagedNodeOSUpgradeSchedule',
    properties: { maintenanceWindow: windowFrom(opensAt, durationHours) },
  });
  return `a person: the window of ${name} opens at ${opensAt.toString({ smallestUnit: 'minute' })} for ${durationHours} h, and every day.`;
}

function clear(world: World, { of }: FaultOf<'clear'>): string {
  world.faults = world.faults.filter(({ fault }) => of !== undefined && fault.kind !== of);
  for (const key of world.taken.keys()) {
    const kind = key.startsWith('cores|') ? 'surgeWithoutQuota' : 'subnetFull';
    if (of === undefined || of === kind) world.taken.delete(key);
  }
  return `${of === undefined ? 'all faults' : `the faults ${of}`} in force are over.`;
}
