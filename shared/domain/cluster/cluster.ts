// What ARM showed of a managed cluster and its node pools, in the field's own terms. Read by the whole domain.
import { globMatches } from '../text/glob.ts';

/** An agent pool as ARM showed it. Strings that Azure keeps open (states, modes, SKUs) stay strings. */
export type NodePool = {
  readonly name: string;
  /** The pool's `nodeImageVersion`, verbatim; absent when ARM did not say. */
  readonly nodeImageVersion?: string | undefined;
  /** Terminal: Succeeded, Failed, Canceled. Every other value, known or not, means busy. */
  readonly provisioningState: string;
  readonly powerState: string;
  /** System, User, Gateway or Machines. */
  readonly mode: string;
  /** VirtualMachineScaleSets, AvailabilitySet or VirtualMachines. */
  readonly type?: string | undefined;
  readonly osType: string;
  readonly osSku?: string | undefined;
  readonly kubernetesVersion?: string | undefined;
  /** How many nodes it has; absent where ARM does not show it: never to be taken for none. */
  readonly count?: number | undefined;
  /** The VM size of its nodes; pools of type VirtualMachines have none of their own. */
  readonly vmSize?: string | undefined;
  /** Regular or Spot; Regular where ARM names none. */
  readonly scaleSetPriority?: string | undefined;
  readonly maxPods?: number | undefined;
  /** The subnet of its nodes, as an ARM id; without one AKS made a virtual network in the node resource group. */
  readonly vnetSubnetId?: string | undefined;
  /** The subnet of its pods, where they have one of their own. */
  readonly podSubnetId?: string | undefined;
  readonly autoscaler?: { readonly min?: number | undefined; readonly max?: number | undefined } | undefined;
  /** `upgradeSettings.maxSurge`: an integer or a percentage; AKS's default is 10%. */
  readonly maxSurge?: string | undefined;
  /** Changes with every write to the pool; ARM may leave it out. */
  readonly eTag?: string | undefined;
  /** The snapshot that pins this pool's image (`creationData.sourceResourceId`). */
  readonly snapshotId?: string | undefined;
  /** `status.provisioningError` of the last operation. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  /** What ARM shows of it and the keeper can't read; nothing is started on such a pool. */
  readonly problem?: string | undefined;
};

/** A managed cluster as ARM showed it. */
export type Cluster = {
  /** The ARM id as ARM spelled it; compare with {@link clusterKey} only. */
  readonly id: string;
  /** Tells a recreated cluster from the one that had its name before. */
  readonly resourceUid?: string | undefined;
  readonly location?: string | undefined;
  readonly provisioningState: string;
  readonly powerState: string;
  readonly tags: Readonly<Record<string, string>>;
  /** `autoUpgradeProfile.upgradeChannel` (Kubernetes version). */
  readonly upgradeChannel?: string | undefined;
  /** `autoUpgradeProfile.nodeOSUpgradeChannel`. */
  readonly nodeOsUpgradeChannel?: string | undefined;
  /** `sku.name`: Base or Automatic (which is always on channel NodeImage). */
  readonly sku?: string | undefined;
  /** The resource group that AKS made for the nodes. */
  readonly nodeResourceGroup?: string | undefined;
  /** `networkProfile.networkPlugin`: azure, kubenet or none. */
  readonly networkPlugin?: string | undefined;
  /** `networkProfile.networkPluginMode`: overlay, or absent. */
  readonly networkPluginMode?: string | undefined;
  readonly nodePools: readonly NodePool[];
  /** ARM may have more pools than `nodePools`: some could not be read, or none. */
  readonly hasUnreadPools?: true;
  /** What of it could not be read, as a sentence without its full stop; nothing is started on such a cluster. */
  readonly problem?: string | undefined;
  /** Why the rest can't be relied on, its rings included: what told of it could not be read. As a sentence, without its full stop. */
  readonly unread?: string | undefined;
  /** What of it is too large to be kept, as a sentence without its full stop. */
  readonly tooLarge?: string | undefined;
  /** Some of its tags could not be read, or were too large to be kept, so that nobody knows what they say. */
  readonly tagsAreCut?: boolean | undefined;
};

/** The parts of a managed cluster's ARM id. */
export type ClusterName = {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly cluster: string;
};

const clusterIdPattern =
  /^\/subscriptions\/(?<subscription>[^/]+)\/resourceGroups\/(?<resourceGroup>[^/]+)\/providers\/Microsoft\.ContainerService\/managedClusters\/(?<cluster>[^/]+)$/i;

/** The parts of a managed cluster's ARM id, in its spelling, or undefined when it is no such id. */
export function parseClusterId(id: string): ClusterName | undefined {
  const parts = clusterIdPattern.exec(id)?.groups;
  if (!parts) return undefined;
  return {
    subscription: parts['subscription'] ?? '',
    resourceGroup: parts['resourceGroup'] ?? '',
    cluster: parts['cluster'] ?? '',
  };
}

/** A cluster's identity: `subscription|resourceGroup|cluster` in lower case, which Table Storage takes as a key. */
export type ClusterKey = string;

/**
 * The key of a cluster's ARM id. ARM ids compare case-insensitively, and events often carry them in lower case.
 * @throws when `id` is not the ARM id of a managed cluster
 */
export function clusterKey(id: string): ClusterKey {
  const name = parseClusterId(id);
  if (!name) throw new Error(`"${id}" is not the ARM id of a managed cluster.`);
  return `${name.subscription}|${name.resourceGroup}|${name.cluster}`.toLowerCase();
}

/** The ARM id that a key was made of, in lower case; undefined when it is no such key. */
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

/** A pool as logs and sentences name it: the cluster's name and its own. @param id the cluster's ARM id */
export function poolLabel(id: string, nodePool: string): string {
  return `${id.slice(id.lastIndexOf('/') + 1)}/${nodePool}`;
}

/** The subscription of a cluster key, in lower case. */
export function subscriptionOf(key: ClusterKey): string {
  return key.slice(0, key.indexOf('|'));
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

/** Names a pool among all, for maps and row keys. @param cluster its ARM id */
export function poolKey(cluster: string, nodePool: string): string {
  return `${clusterKey(cluster)}|${nodePool.toLowerCase()}`;
}
