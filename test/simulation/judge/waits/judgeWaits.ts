// Judges liveness: once nothing goes wrong any more, every due pool is started within a bounded number of its cluster's
// occurrences. Called by checker.ts.
import { isPrivate } from '../../draw/drawFleet.ts';
import { isManaged, refusedPool } from '../../draw/drawPools.ts';
import type { RunRecord, Violation } from '../../record/record.ts';
import type { TruePool } from '../../record/truth.ts';
import { batchesOf } from '../own/batches.ts';
import { occurrences, openParts, readWindow, type Span } from '../own/calendar.ts';
import { blocksUnread, type PolicyRead, readPolicyRow } from '../own/judgePolicy.ts';
import { type LongestWait, longestWait } from './longestWait.ts';
import { type Ready, readyFrom } from './readyFrom.ts';

const day = 86_400_000;
const minute = 60_000;

export type Waits = {
  readonly violations: readonly Violation[];
  /** The most occurrences that a pool had to wait for, and of how many it may. */
  readonly worst: { readonly waited: number; readonly bound: number } | undefined;
  readonly judged: number;
  /** Those of them that waited for a ring before theirs. */
  readonly afterRings: number;
};

/**
 * A pool may be passed over once for every other pool of its cluster, and once more because a release came while it
 * rolled: pools + 1 occurrences. A system pool may wait for as many more as open in the 30 days by which user pools go
 * before it. An occurrence counts when it is open for two hours at least, or as long as the roll takes. Where a policy has
 * rings, they count from when the ring before was done and soaked, and there are more where the ring's limit lets others go.
 */
export function judgeWaits(record: RunRecord): Waits {
  const violations: Violation[] = [];
  let worst: Waits['worst'];
  let judged = 0;
  let afterRings = 0;
  for (const pool of record.truth.pools) {
    const ready = readyFrom(record, pool);
    const judgement = ready && judgePool(record, pool, ready);
    if (!judgement) continue;
    judged += 1;
    if (ready.ring > 0) afterRings += 1;
    const { waited, bound, since } = judgement;
    if (!worst || waited / bound > worst.waited / worst.bound) worst = { waited, bound };
    if (waited > bound) {
      const where = `${pool.clusterKey.split('|')[2]}/${pool.name}`;
      violations.push({
        check: 'started in time',
        what: `${where} is due since ${new Date(since).toISOString()}, and was not started in ${waited} occurrences; ${bound} are allowed`,
      });
    }
  }
  return { violations, worst, judged, afterRings };
}

type Judgement = LongestWait & { readonly bound: number };

function judgePool(record: RunRecord, pool: TruePool, ready: Ready): Judgement | undefined {
  const policy = readPolicyRow(record.base);
  const cluster = record.truth.clusters.get(pool.clusterKey)?.at(-1);
  const window = readWindow(cluster?.window, policy?.trustIntervals);
  if (!window || !isStarted(record, pool, policy)) return undefined;
  const takes = longestRoll(record, pool, policy);
  if (policy?.overrun === 'block' && takes > window.hours * 60 * minute - 16 * minute) return undefined;
  const isOpenLong = (occurrence: Span): boolean => {
    const parts = openParts(window, occurrence);
    const isWhole = parts.length === 1 && parts[0]?.from === occurrence.from && parts[0]?.to === occurrence.to;
    return isWhole || parts.some(({ from, to }) => to - from >= Math.max(takes + 30 * minute, 120 * minute));
  };
  const counted = occurrences(window, { from: ready.from, to: record.endedAt }).filter(
    (occurrence) => occurrence.from >= ready.from && occurrence.to <= record.endedAt && isOpenLong(occurrence),
  );
  const standing = record.truth.pools.filter(
    ({ clusterKey, until }) => clusterKey === pool.clusterKey && until === undefined,
  );
  const isSystem = pool.state.profile.mode === 'System' && standing.length > 1;
  const monthly = isSystem ? occurrences(window, { from: ready.from, to: ready.from + 30 * day }).length : 0;
  return { ...longestWait(record, pool, ready.from, counted), bound: standing.length + 1 + monthly + ready.turns };
}

/** The keeper starts such pools, and nothing of the cluster changed since the people left. */
function isStarted({ truth, fleet, quietFrom }: RunRecord, pool: TruePool, policy: PolicyRead | undefined): boolean {
  const cluster = truth.clusters.get(pool.clusterKey)?.at(-1);
  const { mode, creationData } = pool.state.profile;
  const rest = JSON.parse(cluster?.rest || '{}') as Record<string, unknown>;
  const isOurs =
    /^(none|unmanaged)$/i.test(String(rest['nodeOSUpgradeChannel'])) &&
    rest['provisioningState'] === 'Succeeded' &&
    rest['upgradeChannel'] !== 'node-image' &&
    (rest['sku'] as { name?: string } | undefined)?.name !== 'Automatic';
  if (pool.until !== undefined || pool.name === refusedPool || !isOurs || isManaged(mode) || creationData) return false;
  if (isPrivate(fleet, pool.clusterKey) && blocksUnread(policy)) return false;
  return (cluster?.at ?? 0) <= quietFrom && pool.from <= quietFrom;
}

/** In milliseconds, by what the policy estimates or by what a roll takes. */
function longestRoll({ fleet }: RunRecord, { state }: TruePool, policy: PolicyRead | undefined): number {
  const { batches, soak } = batchesOf(state.profile);
  const batch = Math.max(policy?.estimate?.minutesPerBatch ?? 10, fleet.rolling.secondsPerNode / 60);
  return batches * (batch + soak) * minute;
}
