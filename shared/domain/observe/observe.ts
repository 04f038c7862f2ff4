// Heads + one read of ARM (+ an event's hint, + the attempt in flight) -> what to append to the ledger. Called by the
// use case recordObservation, which read the heads before ARM and appends with their ETag.
import { settle } from '../attempt/attempt.ts';
import { isTerminal, type NodePool, samePool, sameResourceUid } from '../cluster/cluster.ts';
import type { Heads, PoolHead } from '../ledger/heads.ts';
import { runsAfter, runsDiffer, runsWell } from '../ledger/runs.ts';
import { endCluster, firstSeen, removePool } from './comeAndGo.ts';
import { entryOfRoll, type PoolHeadDraft, type Settled, settledHead } from './endOfRoll.ts';
import { announcedStart, lastLook } from './hint.ts';
import type { Observation, ObserveResult, PoolChange } from './observation.ts';
import { attemptOf, endOf, isUpgrade } from './poolSeen.ts';
import { proveLater, standingOf, withProof } from './proveRoll.ts';

/** What this observation adds to the ledger. Nothing is a transition while the pool's state is not terminal. */
export function observe(heads: Heads, observation: Observation): ObserveResult {
  const { cluster } = observation;
  if (!cluster) {
    if (!heads.chain || heads.chain.gone) return { pools: [] };
    return { ended: endCluster(heads, observation, 'ARM answers 404 for the cluster.'), pools: [] };
  }
  const before = heads.chain?.resourceUid;
  if (!heads.chain?.gone && !sameResourceUid(before, cluster.resourceUid)) {
    // A late event of the cluster that was there before must date nothing here.
    const lastSeen = heads.chain?.observedAt;
    const reason = `Recreated: resourceUID ${before} is now ${cluster.resourceUid}.`;
    return {
      ended: endCluster(heads, observation, reason),
      pools: cluster.nodePools.flatMap((pool) =>
        firstSeen({ pools: [] }, pool, cluster, { ...observation, attempt: undefined, hint: undefined }, lastSeen),
      ),
    };
  }
  const absent = cluster.hasUnreadPools ? [] : heads.pools;
  const vanished = absent
    .filter((head) => !cluster.nodePools.some((pool) => samePool(pool.name, head.nodePool)))
    .map((head) => removePool(heads, head, observation, true));
  const seen = cluster.nodePools.flatMap((pool) => {
    const head = heads.pools.find((candidate) => samePool(candidate.nodePool, pool.name));
    return head ? observePool(heads, head, pool, observation) : firstSeen(heads, pool, cluster, observation);
  });
  return { pools: [...vanished, ...seen] };
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
  const next = { ...settledHead(head, pool), ...standingOf(head) };
  const stale =
    head.rolling ||
    next.kubernetesVersion !== head.kubernetesVersion ||
    runsDiffer(
      head.runs,
      pool.nodeImageVersion,
      isRunningWell(pool, observation) && !head.nodesBehind,
      observation.observedAt,
    );
  const change = proveLater(head, pool, next, observation) ?? { nodePool: head.nodePool, entries: [], head: next };
  const isLater = change.head !== next;
  return stale || isLater ? [{ ...change, head: withRuns(change.head, head, pool, observation) }] : [];
}

/** The head with what the pool, at rest on an image, has run. */
function withRuns(next: PoolHeadDraft, head: PoolHead, pool: NodePool, observation: Observation): PoolHeadDraft {
  const isWell = isRunningWell(pool, observation) && !next.nodesBehind;
  return { ...next, runs: runsAfter(head.runs, next.nodeImageVersion, isWell, observation.observedAt) };
}

function isRunningWell(pool: NodePool, { cluster }: Observation): boolean {
  return cluster !== undefined && runsWell(cluster, pool);
}

function end(
  heads: Heads,
  head: PoolHead,
  pool: NodePool,
  observation: Observation,
  settled: Settled | undefined,
): PoolChange {
  const end = endOf(heads, head, pool, observation, settled);
  const { roll, standing } = withProof(entryOfRoll(end), observation);
  const proven = settled && { ...settled, outcome: roll.outcome };
  const next = { ...settledHead(head, pool, proven, end.endedAt ?? end.observedAt), ...standing };
  return { nodePool: head.nodePool, entries: [roll], head: withRuns(next, head, pool, observation) };
}

/** Notes in the head that the pool is busy, since when, and whether it is an upgrade. */
function noteRolling(heads: Heads, head: PoolHead, pool: NodePool, observation: Observation): PoolChange[] {
  const rolling = isTerminal(pool.provisioningState) ? undefined : rollingOf(heads, head, pool, observation);
  if (!rolling) return [];
  const { sequence: _sequence, recordedAt: _recordedAt, ...draft } = head;
  return [{ nodePool: head.nodePool, entries: [], head: { ...draft, rolling } }];
}

/** What to note of a busy pool; undefined: what is noted stands. */
function rollingOf(heads: Heads, head: PoolHead, pool: NodePool, observation: Observation) {
  const before = head.rolling;
  const { eTag } = pool;
  if (before?.mayBeAnother) return undefined;
  // A roll that fails and is tried again between two reads looks like one that goes on, but for the pool's eTag.
  if (before?.isUpgrade && (eTag === undefined || eTag !== before.eTag)) {
    return { isUpgrade: true, startedBetween: before.startedBetween, mayBeAnother: true } as const;
  }
  const startedAt = before?.startedAt ?? announcedStart(heads, head, observation);
  const upgrades = before?.isUpgrade || isUpgrade(pool) || startedAt !== undefined;
  if (before?.isUpgrade === upgrades) {
    return before.startedAt === startedAt ? undefined : { ...before, startedAt };
  }
  // What was busy at the last look, but not upgrading, began to upgrade after it, unless an event dates it earlier.
  const began = before && startedAt ? before.startedBetween[0] : lastLook(heads, head, observation);
  return { isUpgrade: upgrades, startedAt, startedBetween: [began, observation.observedAt] as const, eTag };
}
