// Judges a request by the state in which its invocation had read the cluster and the pool. Called by judgePosts.ts.
import { isManaged } from '../../draw/drawPools.ts';
import type { Post, RunRecord, Wrong } from '../../record/record.ts';
import type { SizedPool } from '../own/batches.ts';

/** What is read of ARM's answers. */
export type ClusterJson = {
  readonly tags?: Record<string, string>;
  readonly sku?: { readonly name?: string };
  readonly properties: {
    readonly provisioningState: string;
    readonly powerState: { readonly code: string };
    readonly autoUpgradeProfile?: { readonly upgradeChannel?: string; readonly nodeOSUpgradeChannel?: string };
    readonly agentPoolProfiles: readonly PoolJson[];
  };
};
export type PoolJson = SizedPool & {
  readonly name: string;
  readonly mode: string;
  readonly osType: string;
  readonly provisioningState: string;
  readonly powerState: { readonly code: string };
  readonly nodeImageVersion?: string;
  readonly creationData?: unknown;
};

/** A pool that failed in the keeper's own roll may be tried again; the rest of a failed pool's life is not the keeper's. */
export function isOwnFailure({ ledgers }: RunRecord, { clusterKey, nodePool, at, skew }: Post): boolean {
  const last = ledgers
    .get(clusterKey)
    ?.entries.findLast(
      (entry) => entry.nodePool?.toLowerCase() === nodePool && Date.parse(entry.recordedAt) <= at + skew + 1000,
    );
  return last !== undefined && 'attempt' in last && last.outcome === 'failed';
}

export function judgeState(cluster: ClusterJson, pool: PoolJson, isOwnFailure: boolean, wrong: Wrong): void {
  const { provisioningState, powerState, agentPoolProfiles } = cluster.properties;
  if (provisioningState !== 'Succeeded') wrong('cluster state', `it is ${provisioningState}`);
  if (powerState.code !== 'Running') wrong('cluster power', `it is ${powerState.code}`);
  const mayStart = pool.provisioningState === 'Succeeded' || (pool.provisioningState === 'Failed' && isOwnFailure);
  if (!mayStart) wrong('pool state', `it is ${pool.provisioningState}`);
  if (pool.powerState.code !== 'Running') wrong('pool power', `it is ${pool.powerState.code}`);
  if (isManaged(pool.mode) || pool.creationData) wrong('pool kind', `mode ${pool.mode}, or pinned`);
  const busy = agentPoolProfiles.find((other) => !/^(Succeeded|Failed|Canceled)$/.test(other.provisioningState));
  if (busy && busy !== pool) wrong('one at a time', `pool ${busy.name} is ${busy.provisioningState}`);
}

export function judgeChannel(cluster: ClusterJson, pool: PoolJson, wrong: Wrong): void {
  const { upgradeChannel = 'none', nodeOSUpgradeChannel } = cluster.properties.autoUpgradeProfile ?? {};
  const isOurs =
    nodeOSUpgradeChannel === 'None' ||
    nodeOSUpgradeChannel === 'Unmanaged' ||
    (nodeOSUpgradeChannel === 'SecurityPatch' && pool.osType === 'Windows');
  if (!isOurs || upgradeChannel === 'node-image' || cluster.sku?.name === 'Automatic') {
    wrong('channel', `AKS upgrades this pool: ${upgradeChannel}, ${nodeOSUpgradeChannel}, ${cluster.sku?.name}`);
  }
}
