// The checker's own rule of steps back, and what a pool left by its last one. Used by the judges of requests, of rings and of
// waiting.
import type { RunRecord } from '../../record/record.ts';
import type { TruePool } from '../../record/truth.ts';
import { isLaterRelease, isNewer, isSameFamily } from './images.ts';

/** An image, and the Kubernetes version that it ran with. */
type Stood = { readonly image: string; readonly kubernetes: string };

/** To an older release of the family; or to another family, with Kubernetes or to an older release. */
function isStepBack(from: Stood, to: Stood): boolean {
  if (isSameFamily(from.image, to.image)) return isNewer(from.image, to.image);
  const order = kubernetesOrder(from.kubernetes, to.kubernetes);
  return order < 0 || (order === 0 && isLaterRelease(from.image, to.image));
}

/** As for sort: below zero where it went back. */
export function kubernetesOrder(from: string, to: string): number {
  const [before = [], after = []] = [from, to].map((version) => version.split('.').map(Number));
  return before.map((number, index) => (after[index] ?? 0) - number).find((difference) => difference !== 0) ?? 0;
}

/** What is left after a step: the newest of what steps back left, until that release or a newer one came. */
function leftAfter(left: string | undefined, from: Stood, to: Stood): string | undefined {
  if (isStepBack(from, to)) return left !== undefined && !isLaterRelease(from.image, left) ? left : from.image;
  return left !== undefined && from.image !== to.image && !isLaterRelease(left, to.image) ? undefined : left;
}

/** By the ledger as it was at a time of the clock that wrote it. */
export function leftByLedger(record: RunRecord, clusterKey: string, nodePool: string, by: number): string | undefined {
  const ofName = record.truth.pools.filter(
    (pool) => pool.clusterKey === clusterKey && pool.name.toLowerCase() === nodePool,
  );
  let left: string | undefined;
  for (const entry of record.ledgers.get(clusterKey)?.entries ?? []) {
    const isCluster = entry.kind === 'gone' && entry.nodePool === undefined;
    if (entry.kind === 'amendment' || entry.kind === 'gap') continue;
    if (entry.nodePool?.toLowerCase() !== nodePool && !isCluster) continue;
    const recordedAt = Date.parse(entry.recordedAt);
    if (recordedAt > by) break;
    if (entry.kind === 'gone' || entry.kind === 'firstSeen') {
      left = undefined;
      continue;
    }
    // One that was made anew between two looks is the same to the keeper.
    const moments = ofName.flatMap((pool) => pool.moments).filter(({ at }) => at <= recordedAt + record.largestSkew);
    const end = moments.findLastIndex(({ image }) => image === entry.to);
    const begin = moments.slice(0, end).findLast(({ image }) => image === entry.from);
    const to = { image: entry.to, kubernetes: moments[end]?.kubernetes ?? '' };
    const from = { image: entry.from, kubernetes: begin?.kubernetes ?? to.kubernetes };
    // What the keeper installed, and somebody took back before it looked.
    const { to: asked = '' } = (record.claims.find(({ attempt }) => attempt !== undefined && attempt === entry.attempt)
      ?.value ?? {}) as { readonly to?: string };
    const isTakenBack = entry.outcome === 'succeeded' && isNewer(asked, entry.to);
    left = leftAfter(left, isTakenBack ? { ...from, image: asked } : from, to);
  }
  return left;
}

/** By what is true: the pool's rolls before a time. */
export function leftByTruth({ truth }: RunRecord, pool: TruePool, by: number): string | undefined {
  let left: string | undefined;
  for (const roll of truth.rolls) {
    const { endedAt = by } = roll;
    if (roll.pool !== pool || endedAt >= by) continue;
    // One that failed may have moved the pool's image all the same: whoever asked for it wanted that.
    const stood = pool.moments.findLast((moment) => moment.at <= endedAt)?.image;
    if (roll.outcome !== 'succeeded' && stood !== roll.to) continue;
    const at = (time: number) => pool.moments.findLast((moment) => moment.at <= time)?.kubernetes ?? '';
    left = leftAfter(
      left,
      { image: roll.from, kubernetes: at(roll.startedAt - 1) },
      { image: roll.to, kubernetes: at(endedAt) },
    );
  }
  return left;
}
