// Where to read more: paths of the keeper's own API, for the links of notifications.
import { parseClusterId } from '../cluster/cluster.ts';

/** The rows of a pool from a moment on. */
export function historyLink(cluster: string, nodePool: string, since: string): string {
  return `/api/history?${new URLSearchParams({ cluster, nodePool, kind: 'transition,rolled', since }).toString()}`;
}

/** The pool as it stands, its upgrade while it rolls. */
export function nodePoolLink(cluster: string, nodePool: string): string {
  return `/api/nodepools?${new URLSearchParams({ cluster, nodePool }).toString()}`;
}

/** What was decided on the pool. */
export function decisionsLink(cluster: string, nodePool: string): string {
  const { subscription = '', resourceGroup = '', cluster: name = '' } = parseClusterId(cluster) ?? {};
  const path = [subscription, resourceGroup, name, nodePool].map(encodeURIComponent).join('/');
  return `/api/nodepools/${path}/decisions`;
}

export const planLink = '/api/plan';

export function reportLink(week: string): string {
  return `/api/report?week=${week}`;
}
