// ARM ids of clusters, and the names and keys that are made of them. Read by the whole app.
import { z } from 'zod';
import { globMatches } from '../text/glob.ts';
import { isGuid } from '../text/guid.ts';
import { onceForRecent } from '../text/onceFor.ts';

export const ClusterId = z
  .string()
  .refine((id) => parseClusterId(id) !== undefined, { error: 'not the ARM id of a cluster' });

export type ClusterName = {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly cluster: string;
};

const clusterIdPattern =
  /^\/subscriptions\/(?<subscription>[^/]+)\/resourceGroups\/(?<resourceGroup>[^/]+)\/providers\/Microsoft\.ContainerService\/managedClusters\/(?<cluster>[^/]+)$/i;

// Azure's rules for names (AKS-FACTS 1): parts become paths of ARM and keys of rows, so nothing else may be in them.
const resourceGroupPattern = /^[\p{L}\p{Nd}_.()-]{0,89}[\p{L}\p{Nd}_()-]$/u;
const clusterPattern = /^[A-Za-z\d][\w-]{0,62}$/;
const poolPattern = /^[a-z\d]{1,12}$/i;

/** Longer than any that its parts allow. */
const maxLength = 400;

/** Undefined where Azure would give nothing such an id. */
export function parseClusterId(id: string): ClusterName | undefined {
  return id.length > maxLength ? undefined : parse(id);
}

/** A page of the history names the same few clusters in each row, several times, and a pass for each pool: a third of their time. */
const parse = onceForRecent((id: string): ClusterName | undefined => {
  const { subscription = '', resourceGroup = '', cluster = '' } = clusterIdPattern.exec(id)?.groups ?? {};
  const isName = isGuid(subscription) && resourceGroupPattern.test(resourceGroup) && clusterPattern.test(cluster);
  return isName ? { subscription, resourceGroup, cluster } : undefined;
});

export function isPoolName(name: string): boolean {
  return poolPattern.test(name);
}

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

export function poolLabel(id: string, nodePool: string): string {
  return `${id.slice(id.lastIndexOf('/') + 1)}/${nodePool}`;
}

export function subscriptionOf(key: ClusterKey): string {
  return key.slice(0, key.indexOf('|'));
}

export function poolKey(cluster: string, nodePool: string): string {
  return `${clusterKey(cluster)}|${nodePool.toLowerCase()}`;
}
