// Clusters and pools that appear and vanish: what an observation adds to the ledger for them. Called by observe.
import type { Temporal } from 'temporal-polyfill';
import { isTerminal, type NodePool, samePool, sameResourceUid } from '../cluster/cluster.ts';
import type { Heads, PoolHead } from '../ledger/heads.ts';
import type { EntryBody } from '../ledger/ledger.ts';
import { runsAfter, runsWell } from '../ledger/runs.ts';
import { endOf, entryOfRoll, lastAttempt } from './endOfRoll.ts';
import { announcedFirstStart } from './hint.ts';
import type { Look, Observation, ObserveResult, PoolChange } from './observation.ts';
import { attemptOn, isUpgrade } from './seen.ts';

export function endCluster(heads: Heads, observation: Observation, reason: string): ObserveResult['ended'] {
  const { clusterId, observedAt } = observation;
  return {
    pools: heads.pools.map((head) => removePool(heads, head, observation)),
    entry: { kind: 'gone', cluster: clusterId, observedAt: observedAt.toString(), reason },
  };
}

export function endPool(heads: Heads, head: PoolHead, look: Look): PoolChange {
  const { entries, ...removed } = removePool(heads, head, look);
  const gone: EntryBody = {
    kind: 'gone',
    cluster: look.cluster.id,
    nodePool: head.nodePool,
    observedAt: look.observedAt.toString(),
    reason: 'The pool is no longer among the pools of its cluster.',
  };
  return { ...removed, entries: [...entries, gone] };
}

function removePool(heads: Heads, head: PoolHead, observation: Observation): PoolChange {
  const seen = { heads, head, pool: undefined, observation };
  const attempt = attemptOn(seen);
  const lost = attempt ? [entryOfRoll(endOf(seen, { attempt, outcome: 'unknown' }))] : [];
  return { nodePool: head.nodePool, entries: lost, head: undefined };
}

/** A pool without a head; one whose image ARM does not show waits for the next look. */
export function firstSeen(heads: Heads, pool: NodePool, look: Look, notBefore?: Temporal.Instant): PoolChange[] {
  const { name: nodePool, nodeImageVersion, kubernetesVersion, eTag } = pool;
  if (nodeImageVersion === undefined) return [];
  const { attempt, cluster, observedAt, answeredAt = observedAt } = look;
  const entry: EntryBody = {
    kind: 'firstSeen',
    cluster: cluster.id,
    nodePool,
    nodeImageVersion,
    observedAt: observedAt.toString(),
    resourceUid: cluster.resourceUid,
  };
  const startedAt = announcedFirstStart(heads, nodePool, look);
  const isRolling = isUpgrade(pool) || startedAt !== undefined;
  const rolling = { isUpgrade: isRolling, startedAt, startedBetween: [notBefore ?? null, answeredAt] as const, eTag };
  const runs = runsAfter([], nodeImageVersion, runsWell(cluster, pool), observedAt);
  // Only a pool with a head is started, so an attempt on one without was on a pool of this name that vanished, and its
  // end is recorded: only its row outlived a crash.
  const uid = cluster.resourceUid ?? heads.chain?.resourceUid;
  const isOurs = attempt && samePool(attempt.nodePool, nodePool) && sameResourceUid(attempt.resourceUid, uid);
  const head = {
    nodePool,
    nodeImageVersion,
    kubernetesVersion,
    ...(isTerminal(pool.provisioningState) ? { runs } : { rolling }),
    lastAttempt: isOurs ? lastAttempt({ attempt, outcome: 'unknown' }) : undefined,
  };
  return [{ nodePool, entries: [entry], head }];
}
