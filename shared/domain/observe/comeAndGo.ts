// Clusters and pools that appear and vanish: what an observation adds to the ledger for them. Called by observe.
import type { Temporal } from 'temporal-polyfill';
import { type Cluster, isTerminal, type NodePool, samePool, sameResourceUid } from '../cluster/cluster.ts';
import type { Heads, PoolHead } from '../ledger/heads.ts';
import type { EntryBody } from '../ledger/ledger.ts';
import { runsAfter, runsWell } from '../ledger/runs.ts';
import { entryOfRoll, lastAttempt, type PoolHeadDraft } from './endOfRoll.ts';
import { announcedFirstStart } from './hint.ts';
import type { Observation, ObserveResult, PoolChange } from './observation.ts';
import { attemptOf, endOf, isUpgrade } from './poolSeen.ts';

/** The cluster that had these heads is no more; another may stand under its id. */
export function endCluster(
  heads: Heads,
  observation: Observation,
  reason: string,
): NonNullable<ObserveResult['ended']> {
  const { clusterId, observedAt } = observation;
  return {
    pools: heads.pools.map((head) => removePool(heads, head, observation, false)),
    entry: { kind: 'gone', cluster: clusterId, observedAt: observedAt.toString(), reason },
  };
}

/** `entry`: the pool goes alone, so an entry of its own says so. An attempt in flight on it ends unknown. */
export function removePool(heads: Heads, head: PoolHead, observation: Observation, entry: boolean): PoolChange {
  const attempt = attemptOf(heads, head, observation);
  const lost = attempt
    ? [entryOfRoll(endOf(heads, head, undefined, observation, { attempt, outcome: 'unknown' }))]
    : [];
  const gone: EntryBody[] = entry
    ? [
        {
          kind: 'gone',
          cluster: observation.cluster?.id ?? observation.clusterId,
          nodePool: head.nodePool,
          observedAt: observation.observedAt.toString(),
          reason: 'The pool is no longer among the pools of its cluster.',
        },
      ]
    : [];
  return { nodePool: head.nodePool, entries: [...lost, ...gone], head: undefined };
}

/** A pool without a head; one whose image ARM does not show waits for the next look. */
export function firstSeen(
  heads: Heads,
  pool: NodePool,
  cluster: Cluster,
  observation: Observation,
  notBefore: Temporal.Instant | null = null,
): PoolChange[] {
  if (pool.nodeImageVersion === undefined) return [];
  const { attempt } = observation;
  const entry: EntryBody = {
    kind: 'firstSeen',
    cluster: cluster.id,
    nodePool: pool.name,
    nodeImageVersion: pool.nodeImageVersion,
    observedAt: observation.observedAt.toString(),
    resourceUid: cluster.resourceUid,
  };
  const startedAt = announcedFirstStart(heads, pool.name, observation);
  const rolling = {
    isUpgrade: isUpgrade(pool) || startedAt !== undefined,
    startedAt,
    startedBetween: [notBefore, observation.observedAt] as const,
    eTag: pool.eTag,
  };
  const runs = runsAfter([], pool.nodeImageVersion, runsWell(cluster, pool), observation.observedAt);
  // Only a pool with a head is started, so an attempt on one without was on a pool of this name that vanished, and its
  // end is recorded: only its row outlived a crash.
  const uid = cluster.resourceUid ?? heads.chain?.resourceUid;
  const isOurs = attempt && samePool(attempt.nodePool, pool.name) && sameResourceUid(attempt.resourceUid, uid);
  const head: PoolHeadDraft = {
    nodePool: pool.name,
    nodeImageVersion: pool.nodeImageVersion,
    kubernetesVersion: pool.kubernetesVersion,
    ...(isTerminal(pool.provisioningState) ? { runs } : { rolling }),
    lastAttempt: isOurs ? lastAttempt({ attempt, outcome: 'unknown' }) : undefined,
  };
  return [{ nodePool: pool.name, entries: [entry], head }];
}
