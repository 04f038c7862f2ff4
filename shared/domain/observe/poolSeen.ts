// How an observation bears on one pool. Shared by observe and comeAndGo.
import type { Attempt } from '../attempt/attempt.ts';
import { type NodePool, samePool, sameResourceUid } from '../cluster/cluster.ts';
import type { Heads, PoolHead } from '../ledger/heads.ts';
import type { EndOfRoll, Settled } from './endOfRoll.ts';
import { announcedEnd, announcedStart, lastLook } from './hint.ts';
import type { Observation } from './observation.ts';

/** The attempt in flight on this pool, unless its end is recorded already, or it was on a cluster that is no more. */
export function attemptOf(heads: Heads, head: PoolHead, { attempt }: Observation): Attempt | undefined {
  const isOurs =
    attempt &&
    samePool(attempt.nodePool, head.nodePool) &&
    head.lastAttempt?.id !== attempt.id &&
    sameResourceUid(attempt.resourceUid, heads.chain?.resourceUid);
  return isOurs ? attempt : undefined;
}

/** What an observation says of the end of this pool's roll. */
export function endOf(
  heads: Heads,
  head: PoolHead,
  pool: NodePool | undefined,
  observation: Observation,
  settled: Settled | undefined,
): EndOfRoll {
  const startedAt = head.rolling?.startedAt ?? announcedStart(heads, head, observation);
  return {
    cluster: observation.cluster?.id ?? observation.clusterId,
    head,
    pool,
    observedAt: observation.observedAt,
    seenAt: lastLook(heads, head, observation),
    startedAt,
    endedAt: announcedEnd(
      heads,
      head,
      observation,
      settled?.attempt.acceptedAt ?? settled?.attempt.intendedAt ?? startedAt,
    ),
    settled,
    window: observation.window,
  };
}

// Observed states are UpgradingNodeImageVersion, Upgrading and, on a rollback, states that begin alike.
export function isUpgrade(pool: NodePool): boolean {
  return /^upgrading|roll/i.test(pool.provisioningState);
}
