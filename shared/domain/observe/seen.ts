// One pool, as the ledger and an observation show it. Shared by the files of this folder.
import type { Temporal } from 'temporal-polyfill';
import type { Attempt } from '../attempt/attempt.ts';
import { type NodePool, samePool, sameResourceUid } from '../cluster/cluster.ts';
import type { Heads, PoolHead } from '../ledger/heads.ts';
import { isBefore } from '../text/stored.ts';
import type { Observation } from './observation.ts';

export type Seen = {
  readonly heads: Heads;
  readonly head: PoolHead;
  /** Undefined: the pool is gone. */
  readonly pool: NodePool | undefined;
  readonly observation: Observation;
};

export type SeenPool = Seen & { readonly pool: NodePool };

/** The attempt in flight on this pool, unless its end is recorded already, or it was on a cluster that is no more. */
export function attemptOn({ heads, head, observation: { attempt } }: Seen): Attempt | undefined {
  if (!attempt || !samePool(attempt.nodePool, head.nodePool) || head.lastAttempt?.id === attempt.id) return undefined;
  return sameResourceUid(attempt.resourceUid, heads.chain?.resourceUid) ? attempt : undefined;
}

// Observed states are UpgradingNodeImageVersion, Upgrading and, on a rollback, states that begin alike.
export function isUpgrade(pool: NodePool): boolean {
  return /^upgrading|roll/i.test(pool.provisioningState);
}

/** When the read before this one was sent; not after this one, as the clocks of two instances differ. */
export function lastLook({ heads, head, observation: { observedAt } }: Seen): Temporal.Instant {
  const seenAt = heads.chain?.observedAt ?? head.recordedAt;
  return isBefore(observedAt, seenAt) ? observedAt : seenAt;
}
