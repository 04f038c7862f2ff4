// Heads + one read of ARM (+ an event's hint, + the attempt in flight) -> what to append to the ledger. Called by the
// use case observeCluster, which read the heads before ARM and appends with their ETag.
import type { Temporal } from 'temporal-polyfill';
import { type Attempt, type OperationStatus, settle } from './attempt.ts';
import { type Cluster, isTerminal, type NodePool, samePool } from './cluster.ts';
import {
  type EndOfRoll,
  entryOfRoll,
  lastAttempt,
  type PoolHeadDraft,
  type Settled,
  settledHead,
} from './endOfRoll.ts';
import { announcedEnd, announcedFirstStart, announcedStart, type Hint, lastLook } from './hint.ts';
import type { WindowReading } from './judgeStart.ts';
import type { EntryBody, Heads, PoolHead } from './ledger.ts';

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

/** What this observation adds to the ledger. Nothing is a transition while the pool's state is not terminal. */
export function observe(heads: Heads, observation: Observation): ObserveResult {
  const { cluster } = observation;
  if (!cluster) {
    if (!heads.chain || heads.chain.gone) return { pools: [] };
    return { ended: endCluster(heads, observation, 'ARM answers 404 for the cluster.'), pools: [] };
  }
  const before = heads.chain?.resourceUid;
  if (!heads.chain?.gone && !sameUid(before, cluster.resourceUid)) {
    const reason = `Recreated: resourceUID ${before} is now ${cluster.resourceUid}.`;
    return {
      ended: endCluster(heads, observation, reason),
      pools: cluster.nodePools.flatMap((pool) =>
        firstSeen({ pools: [] }, pool, cluster, { ...observation, attempt: undefined }),
      ),
    };
  }
  const vanished = heads.pools
    .filter((head) => !cluster.nodePools.some((pool) => samePool(pool.name, head.nodePool)))
    .map((head) => removePool(heads, head, observation, true));
  const seen = cluster.nodePools.flatMap((pool) => {
    const head = heads.pools.find((candidate) => samePool(candidate.nodePool, pool.name));
    return head ? observePool(heads, head, pool, observation) : firstSeen(heads, pool, cluster, observation);
  });
  return { pools: [...vanished, ...seen] };
}

function endCluster(heads: Heads, observation: Observation, reason: string): NonNullable<ObserveResult['ended']> {
  const { clusterId, observedAt } = observation;
  return {
    pools: heads.pools.map((head) => removePool(heads, head, observation, false)),
    entry: { kind: 'gone', cluster: clusterId, observedAt: observedAt.toString(), reason },
  };
}

function removePool(heads: Heads, head: PoolHead, observation: Observation, entry: boolean): PoolChange {
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

function firstSeen(heads: Heads, pool: NodePool, cluster: Cluster, observation: Observation): PoolChange[] {
  if (pool.nodeImageVersion === undefined) return [];
  const { attempt } = observation;
  const observedAt = observation.observedAt.toString();
  const entry: EntryBody = {
    kind: 'firstSeen',
    cluster: cluster.id,
    nodePool: pool.name,
    nodeImageVersion: pool.nodeImageVersion,
    observedAt,
    ...(cluster.resourceUid ? { resourceUid: cluster.resourceUid } : {}),
  };
  const startedAt = announcedFirstStart(heads, pool.name, observation);
  const rolling = {
    isUpgrade: isUpgrade(pool) || startedAt !== undefined,
    ...(startedAt ? { startedAt } : {}),
    startedBetween: [null, observedAt] as const,
  };
  // Only a pool with a head is started, so an attempt on one without was on a pool of this name that vanished, and its
  // end is recorded: only its row outlived a crash.
  const uid = cluster.resourceUid ?? heads.chain?.resourceUid;
  const isOurs = attempt && samePool(attempt.nodePool, pool.name) && sameUid(attempt.resourceUid, uid);
  const head: PoolHeadDraft = {
    nodePool: pool.name,
    nodeImageVersion: pool.nodeImageVersion,
    ...(pool.kubernetesVersion ? { kubernetesVersion: pool.kubernetesVersion } : {}),
    ...(isTerminal(pool.provisioningState) ? {} : { rolling }),
    ...(isOurs ? { lastAttempt: lastAttempt({ attempt, outcome: 'unknown' }) } : {}),
  };
  return [{ nodePool: pool.name, entries: [entry], head }];
}

function observePool(heads: Heads, head: PoolHead, pool: NodePool, observation: Observation): PoolChange[] {
  const attempt = attemptOf(heads, head, observation);
  if (attempt) {
    const outcome = settle(attempt, { pool, operation: observation.operation }, observation.observedAt);
    // An attempt whose end can't be told yet: the pool's field may lead its nodes, so nothing is recorded.
    return outcome
      ? [end(heads, head, pool, observation, { attempt, outcome })]
      : noteRolling(heads, head, pool, observation);
  }
  if (!isTerminal(pool.provisioningState)) return noteRolling(heads, head, pool, observation);
  // Without the image nobody can tell whether it changed.
  if (pool.nodeImageVersion === undefined) return [];
  const changed = pool.nodeImageVersion !== head.nodeImageVersion;
  if (changed || head.rolling?.isUpgrade) return [end(heads, head, pool, observation, undefined)];
  const stale = head.rolling || (pool.kubernetesVersion && pool.kubernetesVersion !== head.kubernetesVersion);
  return stale ? [{ nodePool: head.nodePool, entries: [], head: settledHead(head, pool) }] : [];
}

function end(
  heads: Heads,
  head: PoolHead,
  pool: NodePool,
  observation: Observation,
  settled: Settled | undefined,
): PoolChange {
  const entry = entryOfRoll(endOf(heads, head, pool, observation, settled));
  return { nodePool: head.nodePool, entries: [entry], head: settledHead(head, pool, settled) };
}

function endOf(
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

/** Notes in the head that the pool is busy, since when, and whether it is an upgrade. */
function noteRolling(heads: Heads, head: PoolHead, pool: NodePool, observation: Observation): PoolChange[] {
  if (isTerminal(pool.provisioningState)) return [];
  const before = head.rolling;
  const startedAt = before?.startedAt ?? announcedStart(heads, head, observation);
  const upgrades = before?.isUpgrade || isUpgrade(pool) || startedAt !== undefined;
  // What was busy at the last look, but not upgrading, began to upgrade after it, unless an event dates it earlier.
  const began = before && startedAt ? before.startedBetween[0] : lastLook(heads, head, observation).toString();
  const rolling =
    before && before.isUpgrade === upgrades
      ? { ...before, ...(startedAt ? { startedAt } : {}) }
      : {
          isUpgrade: upgrades,
          ...(startedAt ? { startedAt } : {}),
          startedBetween: [began, observation.observedAt.toString()] as const,
        };
  if (before?.isUpgrade === upgrades && before.startedAt === rolling.startedAt) return [];
  const { sequence: _sequence, recordedAt: _recordedAt, ...draft } = head;
  return [{ nodePool: head.nodePool, entries: [], head: { ...draft, rolling } }];
}

// Observed states are UpgradingNodeImageVersion, Upgrading and, on a rollback, states that begin alike.
function isUpgrade(pool: NodePool): boolean {
  return /^upgrading|roll/i.test(pool.provisioningState);
}

/** The attempt in flight on this pool, unless its end is recorded already, or it was on a cluster that is no more. */
function attemptOf(heads: Heads, head: PoolHead, { attempt }: Observation): Attempt | undefined {
  const isOurs =
    attempt &&
    samePool(attempt.nodePool, head.nodePool) &&
    head.lastAttempt?.id !== attempt.id &&
    sameUid(attempt.resourceUid, heads.chain?.resourceUid);
  return isOurs ? attempt : undefined;
}

/** ARM may leave a resourceUID out: only two that differ tell clusters apart. */
function sameUid(a: string | undefined, b: string | undefined): boolean {
  return !a || !b || a.toLowerCase() === b.toLowerCase();
}
