// Heads + one read of ARM (+ an event's hint, + the attempt in flight) -> what to append to the ledger. Called by the
// use case observeCluster, which read the heads before ARM and appends with their ETag.
import type { Temporal } from 'temporal-polyfill';
import { type Attempt, type Evidence, settle } from './attempt.ts';
import { type Cluster, isTerminal, type NodePool, samePool } from './cluster.ts';
import { type EndOfRoll, entryOfRoll, isCurrent, type PoolHeadDraft, type Settled, settledHead } from './endOfRoll.ts';
import type { WindowReading } from './judgeStart.ts';
import type { EntryBody, Heads, PoolHead } from './ledger.ts';

/** What an event said. It dates what a read shows; alone it never makes an entry. */
type Hint = {
  readonly kind: 'rollStarted' | 'rollSucceeded' | 'rollFailed';
  readonly nodePool: string;
  readonly at: Temporal.Instant;
};

export type Observation = {
  readonly clusterId: string;
  /** Undefined: ARM answered 404. */
  readonly cluster: Cluster | undefined;
  /** When the read was sent: what it shows is at least this new. */
  readonly observedAt: Temporal.Instant;
  readonly hint?: Hint | undefined;
  /** The cluster's attempt in flight, read after ARM. */
  readonly attempt?: Attempt | undefined;
  readonly operation?: Evidence['operation'];
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
  /** Entries about the cluster as a whole; they come before the pools'. */
  readonly clusterEntries: readonly EntryBody[];
  readonly pools: readonly PoolChange[];
};

/** What this observation adds to the ledger. Nothing is a transition while the pool's state is not terminal. */
export function observe(heads: Heads, observation: Observation): ObserveResult {
  const { cluster } = observation;
  if (!cluster) {
    if (!heads.chain || heads.chain.gone) return { clusterEntries: [], pools: [] };
    return replaceCluster(heads, observation, 'ARM answers 404 for the cluster.');
  }
  const before = heads.chain?.resourceUid;
  if (
    before &&
    cluster.resourceUid &&
    before.toLowerCase() !== cluster.resourceUid.toLowerCase() &&
    !heads.chain?.gone
  ) {
    return replaceCluster(heads, observation, `Recreated: resourceUID ${before} is now ${cluster.resourceUid}.`);
  }
  const vanished = heads.pools
    .filter((head) => !cluster.nodePools.some((pool) => samePool(pool.name, head.nodePool)))
    .map((head) => removePool(heads, head, observation, true));
  const seen = cluster.nodePools.flatMap((pool) => {
    const head = heads.pools.find((candidate) => samePool(candidate.nodePool, pool.name));
    return head ? observePool(heads, head, pool, observation) : firstSeen(pool, cluster, observation);
  });
  return { clusterEntries: [], pools: [...vanished, ...seen] };
}

/** The cluster that had these heads is no more; another may stand under its id. */
function replaceCluster(heads: Heads, observation: Observation, reason: string): ObserveResult {
  const { cluster, clusterId, observedAt } = observation;
  const removed = heads.pools.map((head) => removePool(heads, head, observation, false));
  const seen = (cluster?.nodePools ?? []).flatMap((pool) => firstSeen(pool, cluster as Cluster, observation));
  const merged = seen.map((change) => ({
    ...change,
    entries: [...(removed.find((gone) => samePool(gone.nodePool, change.nodePool))?.entries ?? []), ...change.entries],
  }));
  return {
    clusterEntries: [{ kind: 'gone', cluster: clusterId, observedAt: observedAt.toString(), reason }],
    pools: [...removed.filter((gone) => !seen.some((change) => samePool(change.nodePool, gone.nodePool))), ...merged],
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

function firstSeen(pool: NodePool, cluster: Cluster, observation: Observation): PoolChange[] {
  if (pool.nodeImageVersion === undefined) return [];
  const observedAt = observation.observedAt.toString();
  const entry: EntryBody = {
    kind: 'firstSeen',
    cluster: cluster.id,
    nodePool: pool.name,
    nodeImageVersion: pool.nodeImageVersion,
    observedAt,
    ...(cluster.resourceUid ? { resourceUid: cluster.resourceUid } : {}),
  };
  const { hint } = observation;
  const announced = hint?.kind === 'rollStarted' && samePool(hint.nodePool, pool.name) ? hint.at.toString() : undefined;
  const rolling = {
    isUpgrade: isUpgrade(pool) || announced !== undefined,
    ...(announced ? { startedAt: announced } : {}),
    startedBetween: [null, observedAt] as const,
  };
  const head: PoolHeadDraft = {
    nodePool: pool.name,
    nodeImageVersion: pool.nodeImageVersion,
    ...(pool.kubernetesVersion ? { kubernetesVersion: pool.kubernetesVersion } : {}),
    ...(isTerminal(pool.provisioningState) ? {} : { rolling }),
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
  const changed = pool.nodeImageVersion !== undefined && pool.nodeImageVersion !== head.nodeImageVersion;
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
  const hint = currentHint(head, observation);
  return {
    cluster: observation.cluster?.id ?? observation.clusterId,
    head,
    pool,
    observedAt: observation.observedAt.toString(),
    seenAt: heads.chain?.observedAt ?? head.recordedAt,
    endedAt: hint && hint.kind !== 'rollStarted' ? hint.at.toString() : undefined,
    settled,
    window: observation.window,
  };
}

/** Notes in the head that the pool is busy, since when, and whether it is an upgrade. */
function noteRolling(heads: Heads, head: PoolHead, pool: NodePool, observation: Observation): PoolChange[] {
  if (isTerminal(pool.provisioningState)) return [];
  const hint = currentHint(head, observation);
  const announced = hint?.kind === 'rollStarted' ? hint.at.toString() : undefined;
  const startedAt = head.rolling?.startedAt ?? announced;
  const rolling = {
    isUpgrade: head.rolling?.isUpgrade || isUpgrade(pool) || announced !== undefined,
    ...(startedAt ? { startedAt } : {}),
    startedBetween: head.rolling?.startedBetween ?? [
      heads.chain?.observedAt ?? head.recordedAt,
      observation.observedAt.toString(),
    ],
  };
  if (JSON.stringify(rolling) === JSON.stringify(head.rolling)) return [];
  const { sequence: _sequence, recordedAt: _recordedAt, ...draft } = head;
  return [{ nodePool: head.nodePool, entries: [], head: { ...draft, rolling } }];
}

// Observed states are UpgradingNodeImageVersion, Upgrading and, on a rollback, states that begin alike.
function isUpgrade(pool: NodePool): boolean {
  return /^upgrading|roll/i.test(pool.provisioningState);
}

function currentHint(head: PoolHead, { hint, observedAt }: Observation): Hint | undefined {
  return hint && samePool(hint.nodePool, head.nodePool) && isCurrent(hint.at, head, observedAt) ? hint : undefined;
}

/** The attempt in flight on this pool, unless its end is recorded already, or it was on a cluster that is no more. */
function attemptOf(heads: Heads, head: PoolHead, { attempt }: Observation): Attempt | undefined {
  const isOurs =
    attempt &&
    samePool(attempt.nodePool, head.nodePool) &&
    head.lastAttempt?.id !== attempt.id &&
    attempt.resourceUid === heads.chain?.resourceUid;
  return isOurs ? attempt : undefined;
}
