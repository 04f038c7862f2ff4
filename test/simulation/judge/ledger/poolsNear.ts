// Which pools can have been meant at a time. Used by the judges of the ledger.
import type { RunRecord } from '../../record/record.ts';
import type { TruePool } from '../../record/truth.ts';

/** The pools of this name that stood at some time between, give or take what clocks can be off. */
export function poolsNear(
  record: RunRecord,
  clusterKey: string,
  name: string,
  from: number,
  to: number,
): readonly TruePool[] {
  const slack = record.largestSkew + 1000;
  return record.truth.pools.filter(
    (pool) =>
      pool.clusterKey === clusterKey &&
      pool.name.toLowerCase() === name.toLowerCase() &&
      pool.from <= to + slack &&
      (pool.until ?? Number.POSITIVE_INFINITY) >= from - slack,
  );
}
