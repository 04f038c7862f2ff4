// The turns in which pools are started, no faster than AKS's bucket of their region allows. A turn is no permission: the start
// judges everything again. Called by giveSlots.
import { Temporal } from 'temporal-polyfill';
import type { NodePool } from '../cluster/cluster.ts';
import type { Decision } from './decision.ts';
import { byName, byPoolOrder } from './poolOrder.ts';

/** A pool that the planner would start, or whose window nobody has read yet. Times are in epoch milliseconds. */
export type DuePool = {
  readonly decision: Decision;
  readonly pool: NodePool;
  /** Those whose images its start reads. */
  readonly pools: string[];
  readonly requests: number;
  /** When it must begin at the latest to end in its window; infinite where that is not known. */
  readonly startBy: number;
  /** The same if all pools of its cluster that are due are to end in it, one after the other. */
  readonly clusterStartBy: number;
  /** In how many occurrences it had no turn. */
  readonly missed: number;
  /** Its ring's place in the policy. */
  readonly ring: number;
};

/** The requests that a bucket can pay for now, how many more each second, and how many those need whose turn is set already. */
export type Pace = { readonly ready: number; readonly perSecond: number; readonly standing: number };

export type Turns = {
  readonly given: readonly { readonly due: DuePool; readonly at: Temporal.Instant }[];
  /** Those whose turn would come too late, and when it would. */
  readonly late: readonly { readonly due: DuePool; readonly at: Temporal.Instant }[];
};

/** Two passes: one that is late leaves no bucket unused. */
export const reachMinutes = 10;
/** A pool that had no turn in so many occurrences goes before all others. */
export const missedMost = 2;

/** Infinite where the decision is on a window that nobody knows. */
export function startByOf({ startBy }: Decision): number {
  return startBy === undefined ? Number.POSITIVE_INFINITY : Temporal.Instant.from(startBy).epochMilliseconds;
}

/**
 * Who missed too much goes first; then whoever must begin first for its whole cluster to end in the window, as long as that
 * can be; then ring by ring; then who is longest behind. Who could not end in its window any more yields.
 */
export function giveTurns(due: readonly DuePool[], pace: Pace, now: Temporal.Instant): Turns {
  const given: Turns['given'][number][] = [];
  const late: Turns['late'][number][] = [];
  const start = now.epochMilliseconds;
  const end = start + reachMinutes * 60_000;
  let before = pace.standing;
  for (const one of [...due].sort(byTurn(start))) {
    const at = turnAt(before + one.requests, pace, start);
    const turn = { due: one, at: Temporal.Instant.fromEpochMilliseconds(at) };
    if (at > one.startBy) {
      late.push(turn);
      continue;
    }
    before += one.requests;
    if (at < end) given.push(turn);
  }
  return { given, late };
}

function byTurn(now: number): (a: DuePool, b: DuePool) => number {
  const starves = ({ missed }: DuePool) => Number(missed >= missedMost);
  const isLost = ({ clusterStartBy }: DuePool) => Number(clusterStartBy < now);
  const deadline = (one: DuePool) => (isLost(one) ? one.startBy : one.clusterStartBy);
  return (a, b) =>
    starves(b) - starves(a) ||
    isLost(a) - isLost(b) ||
    byNumber(deadline(a), deadline(b)) ||
    a.ring - b.ring ||
    byPoolOrder(a.pool, b.pool) ||
    byName(a.decision.cluster, b.decision.cluster);
}

/** Two that are infinite are equal. */
const byNumber = (a: number, b: number) => (a === b ? 0 : a - b);

/** When so many requests can be paid for. */
function turnAt(requests: number, { ready, perSecond }: Pace, now: number): number {
  const missing = requests - ready;
  return missing <= 0 ? now : now + Math.ceil((missing / perSecond) * 1000);
}
