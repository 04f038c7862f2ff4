// Reads a cluster's windows and its pools' latest images from ARM. Called by a pass, and by the starter before a request.
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { whyNotUpgradable } from '../../domain/cluster/poolKind.ts';
import { windowNames } from '../../domain/ledger/entryParts.ts';
import { type Read, valueIn } from '../../domain/text/read.ts';
import type { ArmError, MaintenanceConfiguration, UpgradeProfile } from '../../ports/arm.ts';
import type { StoredFacts } from '../../stores/factsStore.ts';
import { upgradesOf } from '../../stores/starts/budgetStore.ts';
import { closeThrottled } from '../closeThrottled.ts';
import type { Dependencies } from '../dependencies.ts';
import { orProblem } from '../orProblem.ts';

/** One request for the windows, and one for each of `pools`; what can't be read is a problem. */
export async function readClusterFacts(
  dependencies: Pick<Dependencies, 'arm' | 'clock' | 'tables' | 'shareForOthers'>,
  cluster: Pick<Cluster, 'id' | 'location'>,
  pools: readonly string[],
): Promise<StoredFacts> {
  const { arm, clock, shareForOthers } = dependencies;
  const clusterId = cluster.id;
  const readAt = clock.now();
  const budget = upgradesOf(cluster, shareForOthers);
  const closeOn429 = (error: ArmError) => closeThrottled(dependencies, budget.subscription, budget, error);
  const attempt = <T>(read: () => Promise<T>) => orProblem(read, closeOn429);
  const [configurations, ...profiles] = await Promise.all([
    attempt(() => arm.listMaintenanceConfigurations(clusterId)),
    ...pools.map((pool) => attempt(() => arm.getUpgradeProfile(clusterId, pool))),
  ]);
  return {
    readAt,
    ...('problem' in configurations ? { window: configurations } : windowsIn(configurations.value ?? [], readAt)),
    latest: Object.fromEntries(pools.map((pool, index) => [pool.toLowerCase(), latestIn(profiles[index])])),
    ranBefore: Object.fromEntries(
      pools.map((pool, index) => [pool.toLowerCase(), valueIn(profiles[index] ?? {})?.ranBefore ?? []]),
    ),
  };
}

function latestIn(profile: Read<UpgradeProfile> | undefined): Read<string> {
  if (!profile || 'problem' in profile) return profile ?? { problem: 'not read' };
  return { value: profile.value?.latest };
}

function windowsIn(configurations: readonly MaintenanceConfiguration[], readAt: StoredFacts['readAt']) {
  const windowOf = (wanted: string) =>
    configurations.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())?.maintenanceWindow;
  const maintenanceWindow = windowOf(windowNames.nodeOs);
  const window = { value: { readAt, maintenanceWindow, kubernetesWindow: windowOf(windowNames.kubernetes) } };
  // What else there is helps the owner of a cluster that nothing may be started on.
  const others = { value: configurations.map(({ name }) => name) };
  return { window, ...(maintenanceWindow === undefined && { otherConfigurations: others }) };
}

/** The pools whose upgrade profile is worth a request: ARM refuses those of pools that nobody may upgrade. */
export function poolsToRead(cluster: Cluster): readonly string[] {
  return cluster.nodePools.filter((pool) => whyNotUpgradable(pool) === undefined).map((pool) => pool.name);
}
