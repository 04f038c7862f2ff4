// Clusters that can't be judged stay in the fleet, blocked with what is wrong. Called by the planner and by whoever reads clusters.
import type { Temporal } from 'temporal-polyfill';
import type { Cluster } from '../cluster/cluster.ts';
import { messageOf, withoutFullStop } from '../text/messageOf.ts';
import { textOf } from '../window/instants.ts';
import { type Decision, verdicts } from './decision.ts';

const unknown = { provisioningState: 'Unknown', powerState: 'Unknown' };

export function unreadCluster(id: string, unread: string, pools: readonly string[] = []): Cluster {
  const names = pools.length > 0 ? pools : ['unknown'];
  const nodePools = names.map((name) => ({ name, ...unknown, mode: 'Unknown', osType: 'Unknown' }));
  return { id, ...unknown, tags: {}, nodePools, unread };
}

export function blocked(cluster: Cluster, problem: string, now: Temporal.Instant): readonly Decision[] {
  return cluster.nodePools.map(({ name, nodeImageVersion }) => ({
    cluster: cluster.id,
    nodePool: name,
    verdict: verdicts.readFailed,
    reason: 'readFailed',
    sentence: `${withoutFullStop(problem)}. Nothing is started on a guess.`,
    also: [],
    current: nodeImageVersion,
    decidedAt: textOf(now),
  }));
}

export function trippedOver(error: unknown): string {
  return `The keeper could not judge what ARM and its own tables say of the cluster (${withoutFullStop(messageOf(error))}); look at the cluster's resource in Azure, and report this`;
}
