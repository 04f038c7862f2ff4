// Judges what the ledger says of pools that came and went. Called by judgeLedger.ts.
import type { RunRecord, Wrong } from '../../record/record.ts';
import type { FirstSeen, Gone, Ledger } from '../../record/stored.ts';
import { poolsNear } from './poolsNear.ts';

export function judgeFirstSeen(record: RunRecord, clusterKey: string, entry: FirstSeen, wrong: Wrong): void {
  const at = Date.parse(entry.observedAt);
  const there = poolsNear(record, clusterKey, entry.nodePool, at, Date.parse(entry.recordedAt));
  if (!there.some((pool) => pool.moments.some(({ image }) => image === entry.nodeImageVersion))) {
    wrong('true images', `it was never on ${entry.nodeImageVersion}`);
  }
}

/** What is said to be gone was not there, or was not the same. */
export function judgeGone(record: RunRecord, clusterKey: string, { entries }: Ledger, entry: Gone, wrong: Wrong): void {
  const slack = record.largestSkew + 31_000;
  const [from, to] = [Date.parse(entry.observedAt) - slack, Date.parse(entry.observedAt) + slack];
  const seen = entries.findLast(
    (other) =>
      other.kind === 'firstSeen' &&
      other.sequence < entry.sequence &&
      (entry.nodePool === undefined || other.nodePool.toLowerCase() === entry.nodePool.toLowerCase()),
  );
  const uid = seen?.kind === 'firstSeen' ? seen.resourceUid : undefined;
  const stood = record.truth.pools.some(
    (pool) =>
      pool.clusterKey === clusterKey &&
      pool.uid === uid &&
      (entry.nodePool === undefined || pool.name.toLowerCase() === entry.nodePool.toLowerCase()) &&
      pool.from <= from &&
      (pool.until ?? Number.POSITIVE_INFINITY) >= to,
  );
  if (stood) wrong('gone', `it stood at ${entry.observedAt}`);
}
