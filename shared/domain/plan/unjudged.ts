// Clusters that can't be judged: what is known of them is not as it should be. They stay in the fleet, blocked with what is
// wrong. Called by the planner and by whoever reads clusters.
import type { Temporal } from 'temporal-polyfill';
import { type Cluster, type ClusterKey, idOfKey, type NodePool } from '../cluster/cluster.ts';
import { messageOf, withoutFullStop } from '../text/messageOf.ts';
import { type Decision, verdicts } from './decision.ts';

/** Stands where nobody knows what a cluster's pools are called. */
const unknownPool = 'unknown';

/** A pool of which nothing is known but its name. */
function unreadPool(name: string): NodePool {
  const unknown = 'Unknown';
  return { name, provisioningState: unknown, powerState: unknown, mode: unknown, osType: unknown };
}

/** A cluster of which nothing is known but its id, and perhaps the names of its pools. */
export function unreadCluster(id: string, unread: string, pools: readonly string[] = []): Cluster {
  const names = pools.length > 0 ? pools : [unknownPool];
  return {
    id,
    provisioningState: 'Unknown',
    powerState: 'Unknown',
    tags: {},
    nodePools: names.map(unreadPool),
    unread,
  };
}

/** The same by its key. */
export function unreadClusterOf(key: ClusterKey, problem: string, pools: readonly string[] = []): Cluster {
  return unreadCluster(idOfKey(key) ?? key, problem, pools);
}

/** The decisions on a cluster that can't be judged. */
export function blocked(cluster: Cluster, problem: string, now: Temporal.Instant): readonly Decision[] {
  return cluster.nodePools.map(({ name, nodeImageVersion }) => ({
    cluster: cluster.id,
    nodePool: name,
    verdict: verdicts.readFailed,
    reason: 'readFailed',
    sentence: `${withoutFullStop(problem)}. Nothing is started on a guess.`,
    also: [],
    ...(typeof nodeImageVersion === 'string' ? { current: nodeImageVersion } : {}),
    decidedAt: now.toString(),
  }));
}

/** What to say of a cluster that the keeper's own code tripped over. */
export function trippedOver(error: unknown): string {
  return `The keeper could not judge what ARM and its own tables say of the cluster (${withoutFullStop(messageOf(error))}); look at the cluster's resource in Azure, and report this`;
}
