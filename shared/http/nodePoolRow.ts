// A row of GET /api/nodepools. Called by getNodePools.
import type { Temporal } from 'temporal-polyfill';
import type { Attempt } from '../domain/attempt/attempt.ts';
import { expectedEnd } from '../domain/attempt/progress.ts';
import { samePool } from '../domain/cluster/cluster.ts';
import { clusterKey } from '../domain/cluster/clusterId.ts';
import { imageSupport } from '../domain/image/imageSupport.ts';
import { knownAge, parseNodeImageVersion } from '../domain/image/nodeImageVersion.ts';
import type { PoolView } from '../stores/views/poolView.ts';

export type NodePoolRow = ReturnType<typeof toNodePoolRow>;

export function toNodePoolRow(
  { cluster, nodePool, decision }: PoolView,
  now: Temporal.Instant,
  attempts: readonly Attempt[],
) {
  const version = parseNodeImageVersion(nodePool.nodeImageVersion ?? '');
  const attempt = attempts.find(
    (one) => clusterKey(one.cluster) === clusterKey(cluster.id) && samePool(one.nodePool, nodePool.name),
  );
  return {
    cluster: cluster.id,
    nodePool: nodePool.name,
    location: cluster.location,
    current: nodePool.nodeImageVersion,
    latest: decision.latest,
    releaseDate: version?.releaseDate,
    ageDays: version && knownAge(version, now),
    support: version && imageSupport(version, now),
    osType: nodePool.osType,
    osSku: nodePool.osSku,
    mode: nodePool.mode,
    kubernetesVersion: nodePool.kubernetesVersion,
    // Of a pool that could not be read nobody knows.
    count: cluster.unread === undefined ? nodePool.count : undefined,
    autoscaler: nodePool.autoscaler,
    nodesBySize:
      cluster.unread === undefined ? nodePool.nodesBySize?.map(({ size, count }) => ({ size, count })) : undefined,
    maxSurge: nodePool.maxSurge,
    maxUnavailable: nodePool.maxUnavailable,
    nodeSoakMinutes: nodePool.nodeSoakMinutes,
    nodeOsUpgradeChannel: cluster.nodeOsUpgradeChannel,
    provisioningState: nodePool.provisioningState,
    powerState: nodePool.powerState,
    upgrade: attempt && toUpgrade(attempt),
    decision,
  };
}

function toUpgrade(attempt: Attempt) {
  const { id, from, to, ring, policyVersion, approval, state, acceptedAt, intendedAt } = attempt;
  const { estimateMinutes, stuckAt, progress } = attempt;
  return {
    id,
    from,
    to,
    target: to,
    ring,
    policyVersion,
    approval,
    state,
    startedAt: (acceptedAt ?? intendedAt).toString(),
    estimateMinutes,
    expectedEnd: expectedEnd(attempt).toString(),
    stuckAt: stuckAt?.toString(),
    nodes: progress && { ...progress, at: progress.at.toString() },
  };
}
