// What ARM showed of a managed cluster and its node pools, in the field's own terms. Read by the whole domain.
import { z } from 'zod';
import type { Stored } from '../text/stored.ts';
import { ClusterId } from './clusterId.ts';

export const NodePool = z.looseObject({
  name: z.string().min(1),
  nodeImageVersion: z.string().optional(),
  /** Terminal: Succeeded, Failed, Canceled. Every other value, known or not, means busy. */
  provisioningState: z.string(),
  powerState: z.string(),
  mode: z.string(),
  type: z.string().optional(),
  osType: z.string(),
  osSku: z.string().optional(),
  kubernetesVersion: z.string().optional(),
  /** How many nodes it has; absent where ARM does not show it: never to be taken for none. */
  count: z.number().optional(),
  vmSize: z.string().optional(),
  /** Of a pool of type VirtualMachines, which may have nodes of several VM sizes, and then has no `vmSize`. */
  nodesBySize: z.array(z.looseObject({ size: z.string().optional(), count: z.number().optional() })).optional(),
  scaleSetPriority: z.string().optional(),
  /** `Deallocate` keeps the machines that a scale-down takes away, deallocated; Delete where ARM shows none. */
  scaleDownMode: z.string().optional(),
  maxPods: z.number().optional(),
  /** The subnet of its nodes, as an ARM id; without one AKS made a virtual network in the node resource group. */
  vnetSubnetId: z.string().optional(),
  podSubnetId: z.string().optional(),
  autoscaler: z.looseObject({ min: z.number().optional(), max: z.number().optional() }).optional(),
  /** `upgradeSettings.maxSurge`: an integer or a percentage; AKS's default is 10%. */
  maxSurge: z.string().optional(),
  /** `upgradeSettings.maxUnavailable`, as `maxSurge`; AKS's default is 0. It works only where `maxSurge` is 0. */
  maxUnavailable: z.string().optional(),
  /** `upgradeSettings.nodeSoakDurationInMinutes`, waited in every batch; AKS's default is 0. */
  nodeSoakMinutes: z.number().optional(),
  /** Changes with every write to the pool; ARM may leave it out. */
  eTag: z.string().optional(),
  /** The snapshot that pins this pool's image (`creationData.sourceResourceId`). */
  snapshotId: z.string().optional(),
  error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
  /** What ARM shows of it and the keeper can't read; nothing is started on such a pool. */
  problem: z.string().optional(),
});
export type NodePool = Stored<typeof NodePool>;

export const Cluster = z.looseObject({
  /** The ARM id as ARM spelled it; compare with {@link clusterKey} only. */
  id: ClusterId,
  /** Tells a recreated cluster from the one that had its name before. */
  resourceUid: z.string().optional(),
  location: z.string().optional(),
  provisioningState: z.string(),
  powerState: z.string(),
  tags: z.record(z.string(), z.string()),
  upgradeChannel: z.string().optional(),
  nodeOsUpgradeChannel: z.string().optional(),
  sku: z.string().optional(),
  nodeResourceGroup: z.string().optional(),
  networkPlugin: z.string().optional(),
  networkPluginMode: z.string().optional(),
  nodePools: z.array(NodePool),
  /** ARM may have more pools than `nodePools`: some could not be read, or none. */
  hasUnreadPools: z.literal(true).optional(),
  /** What of it could not be read, as a sentence without its full stop; nothing is started on such a cluster. */
  problem: z.string().optional(),
  /** Why the rest can't be relied on, its rings included: what told of it could not be read. As a sentence, without its full stop. */
  unread: z.string().optional(),
  /** Some of its tags could not be read, so that nobody knows what they say. */
  tagsAreCut: z.boolean().optional(),
  /** In storage: the names of the tags that were kept where the cluster had them, in lower case. Absent: all were. */
  keptTags: z.array(z.string()).optional(),
});
export type Cluster = Stored<typeof Cluster>;

/** Azure compares the names of tags in any case, and their values exactly. */
export function tagOf(tags: Readonly<Record<string, string>>, tag: string): string | undefined {
  const wanted = tag.toLowerCase();
  const found = Object.keys(tags).find((name) => name.toLowerCase() === wanted);
  return found === undefined ? undefined : tags[found];
}

/** As ARM writes them, and in lower case. */
const terminalStates = new Set(['Succeeded', 'Failed', 'Canceled', 'succeeded', 'failed', 'canceled']);

/** True when no operation is under way. provisioningState is an open string: anything unknown is busy. */
export function isTerminal(provisioningState: string): boolean {
  return terminalStates.has(provisioningState) || terminalStates.has(provisioningState.toLowerCase());
}

/** Agent pool names are lower case in ARM; events and people write them as they like. */
export function samePool(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function poolOf({ nodePools }: Cluster, wanted: string): NodePool | undefined {
  return nodePools.find(({ name }) => samePool(name, wanted));
}

/** What a list of heads, decisions, changes or verdicts has of a pool. */
export function ofPool<T extends { readonly nodePool: string }>(all: readonly T[], name: string): T | undefined {
  const wanted = name.toLowerCase();
  return all.find(({ nodePool }) => nodePool.toLowerCase() === wanted);
}

/** ARM may leave a resourceUID out: only two that differ tell clusters apart. */
export function sameResourceUid(a: string | undefined, b: string | undefined): boolean {
  return !a || !b || a.toLowerCase() === b.toLowerCase();
}
