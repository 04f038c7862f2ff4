// One read of ARM, what came with it, and what it adds to the ledger; and how an observation bears on one pool.
// Shared by observe, comeAndGo and append.
import type { Temporal } from 'temporal-polyfill';
import type { Attempt, OperationStatus } from '../attempt/attempt.ts';
import { type Cluster, type NodePool, samePool, sameResourceUid } from '../cluster/cluster.ts';
import type { WindowReading } from '../ledger/judgeStart.ts';
import type { EntryBody, Heads, PoolHead } from '../ledger/ledger.ts';
import type { EndOfRoll, PoolHeadDraft, Settled } from './endOfRoll.ts';
import { announcedEnd, announcedStart, type Hint, lastLook } from './hint.ts';
import type { PoolProof } from './proveRoll.ts';

export type Observation = {
  readonly clusterId: string;
  /** Undefined: ARM answered 404. */
  readonly cluster: Cluster | undefined;
  /** When the read was sent: what it shows is at least this new. */
  readonly observedAt: Temporal.Instant;
  readonly hint?: Hint | undefined;
  /** The cluster's attempt in flight, read after ARM. */
  readonly attempt?: Attempt | undefined;
  readonly operation?: OperationStatus | undefined;
  /** What the nodes of pools run that this observation is about; read between two reads of ARM that show the pool alike. */
  readonly proofs?: readonly PoolProof[] | undefined;
  /** The newest reading of the cluster's window, to judge changes that the keeper did not start. */
  readonly window?: WindowReading | undefined;
};

/** A pool's part of an append: its entries, and its new head, or undefined when the pool is gone. */
export type PoolChange = {
  readonly nodePool: string;
  readonly entries: readonly EntryBody[];
  readonly head: PoolHeadDraft | undefined;
};

export type ObserveResult = {
  /** The cluster that had the heads is no more: all its heads go, and then this entry says so. */
  readonly ended?: { readonly pools: readonly PoolChange[]; readonly entry: EntryBody };
  /** The cluster as it is now. */
  readonly pools: readonly PoolChange[];
};

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
    observedAt: observation.observedAt.toString(),
    seenAt: lastLook(heads, head, observation).toString(),
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
