// Where to read more: paths of the keeper's own API, for the links of notifications.
import { parseClusterId } from '../cluster/clusterId.ts';

export type PoolId = { readonly cluster: string; readonly nodePool: string };

export function historyLink({ cluster, nodePool }: PoolId, since: string): string {
  return `/api/history?${new URLSearchParams({ cluster, nodePool, kind: 'transition,rolled', since }).toString()}`;
}

export function nodePoolLink({ cluster, nodePool }: PoolId): string {
  return `/api/nodepools?${new URLSearchParams({ cluster, nodePool }).toString()}`;
}

export function decisionsLink({ cluster, nodePool }: PoolId): string {
  const { subscription = '', resourceGroup = '', cluster: name = '' } = parseClusterId(cluster) ?? {};
  const path = [subscription, resourceGroup, name, nodePool].map(encodeURIComponent).join('/');
  return `/api/nodepools/${path}/decisions`;
}

export const planLink = '/api/plan';

export function reportLink(week: string): string {
  return `/api/report?week=${week}`;
}
