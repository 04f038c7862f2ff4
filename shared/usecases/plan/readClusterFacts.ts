// Reads a cluster's window and its pools' latest images from ARM. Called by a pass, and by the starter before a request.
import { waitOf } from '../../domain/attempt/requestBudget.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { clusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { whyNotUpgradable } from '../../domain/cluster/poolKind.ts';
import type { ArmError } from '../../ports/arm.ts';
import { closeBudget } from '../../stores/budgetStore.ts';
import type { StoredFacts } from '../../stores/factsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { orProblem } from '../orProblem.ts';

const throttledSeconds = 60;

export function hasNoWindow(window: StoredFacts['window']): boolean {
  return !('problem' in window) && window.value?.maintenanceWindow === undefined;
}

/** One request for the window, or two where there is none, and one for each of `pools`; what can't be read is a problem. */
export async function readClusterFacts(
  { arm, clock, tables }: Pick<Dependencies, 'arm' | 'clock' | 'tables'>,
  clusterId: string,
  pools: readonly string[],
): Promise<StoredFacts> {
  const readAt = clock.now();
  const closeOn429 = async (error: ArmError) => {
    if (error.status !== 429) return;
    const subscription = subscriptionOf(clusterKey(clusterId));
    const seconds = waitOf(error.retryAfterSeconds, throttledSeconds);
    await closeBudget(tables, subscription, seconds, clock.now(), error.date);
  };
  const attempt = <T>(read: () => Promise<T>) => orProblem(read, closeOn429);
  const [window, ...latest] = await Promise.all([
    attempt(async () => ({ readAt, maintenanceWindow: await arm.getMaintenanceWindow(clusterId) })),
    ...pools.map((pool) => attempt(() => arm.getLatestNodeImage(clusterId, pool))),
  ]);
  const others = hasNoWindow(window)
    ? { otherConfigurations: await attempt(() => arm.listMaintenanceConfigurations(clusterId)) }
    : {};
  return {
    readAt,
    window,
    ...others,
    latest: Object.fromEntries(
      pools.map((pool, index) => [pool.toLowerCase(), latest[index] ?? { problem: 'not read' }]),
    ),
  };
}

/** The pools whose upgrade profile is worth a request: ARM refuses those of pools that nobody may upgrade. */
export function poolsToRead(cluster: Cluster): readonly string[] {
  return cluster.nodePools.filter((pool) => whyNotUpgradable(pool) === undefined).map((pool) => pool.name);
}
