// Heads + one read of ARM (+ a hint, + the attempt in flight) -> what to append to the ledger. Called by recordObservation.
import { settle } from '../attempt/attempt.ts';
import { isTerminal, ofPool, poolOf, sameResourceUid } from '../cluster/cluster.ts';
import type { Heads } from '../ledger/heads.ts';
import { runsAfter, runsWell } from '../ledger/runs.ts';
import { endCluster, endPool, firstSeen } from './comeAndGo.ts';
import { endOf, entryOfRoll, type Settled, settledHead } from './endOfRoll.ts';
import { announcedStart } from './hint.ts';
import type { Observation, ObserveResult, PoolChange, PoolHeadDraft } from './observation.ts';
import { proveLater, standingOf, withProof } from './proveRoll.ts';
import { attemptOn, isUpgrade, lastLook, type SeenPool } from './seen.ts';

/** What this observation adds to the ledger. Nothing is a transition while the pool's state is not terminal. */
export function observe(heads: Heads, observation: Observation): ObserveResult {
  const { cluster } = observation;
  const { chain } = heads;
  if (!cluster) {
    if (!chain || chain.gone) return { pools: [] };
    return { ended: endCluster(heads, observation, 'ARM answers 404 for the cluster.'), pools: [] };
  }
  const look = { ...observation, cluster };
  if (!chain?.gone && !sameResourceUid(chain?.resourceUid, cluster.resourceUid)) {
    const reason = `Recreated: resourceUID ${chain?.resourceUid} is now ${cluster.resourceUid}.`;
    // A late event of the cluster that was there before must date nothing here.
    const afresh = { ...look, attempt: undefined, hints: undefined };
    const pools = cluster.nodePools.flatMap((pool) => firstSeen({ pools: [] }, pool, afresh, chain?.observedAt));
    return { ended: endCluster(heads, observation, reason), pools };
  }
  const vanished = (cluster.hasUnreadPools ? [] : heads.pools)
    .filter((head) => !poolOf(cluster, head.nodePool))
    .map((head) => endPool(heads, head, look));
  const seen = cluster.nodePools.flatMap((pool) => {
    const head = ofPool(heads.pools, pool.name);
    return head ? observePool({ heads, head, pool, observation }) : firstSeen(heads, pool, look);
  });
  return { pools: [...vanished, ...seen] };
}

function observePool(seen: SeenPool): PoolChange[] {
  const { head, pool, observation } = seen;
  const attempt = attemptOn(seen);
  if (attempt) {
    const outcome = settle(attempt, { pool, operation: observation.operation }, observation.observedAt);
    // An attempt whose end can't be told yet: the pool's field may lead its nodes, so nothing is recorded.
    return outcome ? [end(seen, { attempt, outcome })] : noteRolling(seen);
  }
  if (!isTerminal(pool.provisioningState)) return noteRolling(seen);
  // Without the image nobody can tell whether it changed.
  if (pool.nodeImageVersion === undefined) return [];
  if (pool.nodeImageVersion !== head.nodeImageVersion || head.rolling?.isUpgrade) return [end(seen, undefined)];
  const rested = { ...settledHead(head, pool), ...standingOf(head) };
  const proven = proveLater(seen, rested);
  const next = withRuns(proven?.head ?? rested, seen);
  const moved = next.kubernetesVersion !== head.kubernetesVersion || next.runs !== head.runs;
  const isNews = proven || head.rolling || moved;
  return isNews ? [{ nodePool: head.nodePool, entries: proven?.entries ?? [], head: next }] : [];
}

function withRuns(next: PoolHeadDraft, { head, pool, observation }: SeenPool): PoolHeadDraft {
  const { cluster, observedAt } = observation;
  const isWell = cluster !== undefined && runsWell(cluster, pool) && !next.nodesBehind;
  return { ...next, runs: runsAfter(head.runs, next.nodeImageVersion, isWell, observedAt) };
}

function end(seen: SeenPool, settled: Settled | undefined): PoolChange {
  const { head, pool, observation } = seen;
  const end = endOf(seen, settled);
  const { roll, standing } = withProof(entryOfRoll(end), observation);
  const proven = settled && { ...settled, outcome: roll.outcome };
  const next = { ...settledHead(end.head, pool, proven, end.endedAt ?? end.answeredAt), ...standing };
  return { nodePool: head.nodePool, entries: [roll], head: withRuns(next, seen) };
}

function noteRolling(seen: SeenPool): PoolChange[] {
  const rolling = isTerminal(seen.pool.provisioningState) ? undefined : rollingOf(seen);
  if (!rolling) return [];
  const { sequence: _sequence, recordedAt: _recordedAt, ...draft } = seen.head;
  return [{ nodePool: draft.nodePool, entries: [], head: { ...draft, rolling } }];
}

function rollingOf(seen: SeenPool): PoolHeadDraft['rolling'] {
  const before = seen.head.rolling;
  const { eTag } = seen.pool;
  if (before?.mayBeAnother) return undefined;
  // A roll that fails and is tried again between two reads looks like one that goes on, but for the pool's eTag.
  if (before?.isUpgrade && (eTag === undefined || eTag !== before.eTag)) {
    return { isUpgrade: true, startedBetween: before.startedBetween, mayBeAnother: true };
  }
  const startedAt = before?.startedAt ?? announcedStart(seen);
  const upgrades = before?.isUpgrade || isUpgrade(seen.pool) || startedAt !== undefined;
  if (before?.isUpgrade === upgrades) {
    return before.startedAt === startedAt ? undefined : { ...before, startedAt };
  }
  // What was busy at the last look, but not upgrading, began to upgrade after it, unless an event dates it earlier.
  const { observedAt, answeredAt = observedAt } = seen.observation;
  const began = before && startedAt ? before.startedBetween[0] : lastLook(seen);
  return { isUpgrade: upgrades, startedAt, startedBetween: [began, answeredAt], eTag };
}
