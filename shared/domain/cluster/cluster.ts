// What ARM showed of a managed cluster and its node pools, in the field's own terms. Read by the whole domain.
import { globMatches } from '../text/glob.ts';

/** Strings that Azure keeps open (states, modes, SKUs) stay strings. */
export type NodePool = {
  readonly name: string;
  /** The pool's `nodeImageVersion`, verbatim; absent when ARM did not say. */
  readonly nodeImageVersion?: string | undefined;
  /** Terminal: Succeeded, Failed, Canceled. Every other value, known or not, means busy. */
  readonly provisioningState: string;
  readonly powerState: string;
  readonly mode: string;
  readonly type?: string | undefined;
  readonly osType: string;
  readonly osSku?: string | undefined;
  readonly kubernetesVersion?: string | undefined;
  /** Absent where ARM does not show it: never take it for none. */
  readonly count?: number | undefined;
  readonly vmSize?: string | undefined;
  readonly scaleSetPriority?: string | undefined;
  readonly maxPods?: number | undefined;
  readonly vnetSubnetId?: string | undefined;
  readonly podSubnetId?: string | undefined;
  readonly autoscaler?: { readonly min?: number | undefined; readonly max?: number | undefined } | undefined;
  /** `upgradeSettings.maxSurge`: an integer or a percentage; AKS's default is 10%. */
  readonly maxSurge?: string | undefined;
  /** Changes with every write to the pool; ARM may leave it out. */
  readonly eTag?: string | undefined;
  readonly snapshotId?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  /** What ARM shows of it and the keeper can't read; nothing starts on such a pool. */
  readonly problem?: string | undefined;
};

export type Cluster = {
  /** The ARM id as ARM spelled it; compare with {@link clusterKey} only. */
  readonly id: string;
  /** Tells a recreated cluster from the one that had its name before. */
  readonly resourceUid?: string | undefined;
  readonly location?: string | undefined;
  readonly provisioningState: string;
  readonly powerState: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly upgradeChannel?: string | undefined;
  readonly nodeOsUpgradeChannel?: string | undefined;
  readonly sku?: string | undefined;
  readonly nodeResourceGroup?: string | undefined;
  readonly networkPlugin?: string | undefined;
  readonly networkPluginMode?: string | undefined;
  readonly nodePools: readonly NodePool[];
  /** ARM may have more pools than `nodePools`: some could not be read, or none. */
  readonly hasUnreadPools?: true | undefined;
  /** What of it could not be read, without a full stop; nothing starts on such a cluster. */
  readonly problem?: string | undefined;
  /** Why the rest can't be relied on, its rings included: its row could not be read. Without a full stop. */
  readonly unread?: string | undefined;
  /** What of it is too large to keep, without a full stop. */
  readonly tooLarge?: string | undefined;
  /** Some of its tags could not be read or kept, so nobody knows what they say. */
  readonly tagsAreCut?: boolean | undefined;
};

export type ClusterName = {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly cluster: string;
};

const clusterIdPattern =
  /^\/subscriptions\/(?<subscription>[^/]+)\/resourceGroups\/(?<resourceGroup>[^/]+)\/providers\/Microsoft\.ContainerService\/managedClusters\/(?<cluster>[^/]+)$/i;

export function parseClusterId(id: string): ClusterName | undefined {
  const { subscription, resourceGroup, cluster } = clusterIdPattern.exec(id)?.groups ?? {};
  return subscription && resourceGroup && cluster ? { subscription, resourceGroup, cluster } : undefined;
}

/** @throws when `id` is not the ARM id of a managed cluster */
export function clusterNameOf(id: string): ClusterName {
  const name = parseClusterId(id);
  if (!name) throw new Error(`"${id}" is not the ARM id of a managed cluster.`);
  return name;
}

/** A cluster's identity: `subscription|resourceGroup|cluster` in lower case, which Table Storage takes as a key. */
export type ClusterKey = string;

/** ARM ids compare case-insensitively, and events often carry them in lower case. */
export function clusterKey(id: string): ClusterKey {
  const { subscription, resourceGroup, cluster } = clusterNameOf(id);
  return `${subscription}|${resourceGroup}|${cluster}`.toLowerCase();
}

export function idOfKey(key: ClusterKey): string | undefined {
  const [subscription, resourceGroup, cluster, ...more] = key.split('|');
  if (!subscription || !resourceGroup || !cluster || more.length > 0) return undefined;
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${cluster}`;
}

/** True when `wanted`, an ARM id or a name with `*` and `?`, means the cluster of this id. */
export function isCluster(id: string, wanted: string): boolean {
  if (parseClusterId(wanted)) return clusterKey(id) === clusterKey(wanted);
  return globMatches(wanted, parseClusterId(id)?.cluster ?? '');
}

/** A pool as logs and sentences name it. @param id the cluster's ARM id */
export function poolLabel(id: string, nodePool: string): string {
  return `${id.slice(id.lastIndexOf('/') + 1)}/${nodePool}`;
}

export function subscriptionOf(key: ClusterKey): string {
  return key.slice(0, key.indexOf('|'));
}

/** Azure compares the names of tags in any case, and their values exactly. */
export function tagOf(tags: Readonly<Record<string, string>>, tag: string): string | undefined {
  return Object.entries(tags).find(([name]) => name.toLowerCase() === tag.toLowerCase())?.[1];
}

const terminalStates = new Set(['succeeded', 'failed', 'canceled']);

/** True when no operation is under way. provisioningState is an open string: anything unknown is busy. */
export function isTerminal(provisioningState: string): boolean {
  return terminalStates.has(provisioningState.toLowerCase());
}

/** Agent pool names are lower case in ARM; events and people write them as they like. */
export function samePool(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** ARM may leave a resourceUID out: only two that differ tell clusters apart. */
export function sameResourceUid(a: string | undefined, b: string | undefined): boolean {
  return !a || !b || a.toLowerCase() === b.toLowerCase();
}

export function poolKey(cluster: string, nodePool: string): string {
  return `${clusterKey(cluster)}|${nodePool.toLowerCase()}`;
}
