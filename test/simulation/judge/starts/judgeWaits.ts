// Judges liveness: once nothing goes wrong any more, every due pool is started within a bounded number of its cluster's
// occurrences. Called by checker.ts.
import { isPrivate, refusedPool } from '../../draw/drawFleet.ts';
import { newestImage } from '../../life/due.ts';
import type { RunRecord } from '../../record/record.ts';
import type { TruePool } from '../../world/truth.ts';
import type { Violation } from '../checker.ts';
import { occurrences, openParts, readWindow, type Span } from '../own/calendar.ts';
import { isLaterRelease } from '../own/images.ts';
import { blocksUnread, readPolicyRow } from '../own/judgePolicy.ts';
import { leftByTruth } from '../own/stepsBack.ts';
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

type Judgement = { readonly waited: number; readonly bound: number; readonly since: number };

function judgePool(record: RunRecord, pool: TruePool, ready: Ready): Judgement | undefined {
  const { truth, fleet, quietFrom, endedAt } = record;
  const policy = readPolicyRow(record.base);
  const moments = truth.clusters.get(pool.clusterKey) ?? [];
  const cluster = moments.at(-1);
  const standing = truth.pools.filter((other) => other.clusterKey === pool.clusterKey && other.until === undefined);
  const { mode, creationData, count, upgradeSettings } = pool.state.profile;
  const rest = JSON.parse(cluster?.rest || '{}') as Record<string, unknown>;
  const isOurs =
    /^(none|unmanaged)$/i.test(String(rest['nodeOSUpgradeChannel'])) &&
    rest['upgradeChannel'] !== 'node-image' &&
    (rest['sku'] as { name?: string } | undefined)?.name !== 'Automatic';
  if (pool.until !== undefined || pool.name === refusedPool || !isOurs || mode === 'Machines' || creationData)
    return undefined;
  if (isPrivate(fleet, pool.clusterKey) && blocksUnread(policy)) return undefined;
  // Nothing of the cluster may have changed since the people left.
  if ((cluster?.at ?? 0) > quietFrom || pool.from > quietFrom) return undefined;
  const window = readWindow(cluster?.window, policy?.trustIntervals);
  if (!window) return undefined;
  const surge = upgradeSettings?.maxSurge ?? '10%';
  const nodes = surge.endsWith('%')
    ? Math.ceil((count * Number.parseInt(surge, 10)) / 100)
    : Number.parseInt(surge, 10);
  const batch = Math.max(policy?.estimate?.minutesPerBatch ?? 10, fleet.rolling.secondsPerNode / 60);
  const takes = Math.max(1, Math.ceil(count / Math.max(nodes, 1))) * batch * minute;
  if (policy?.overrun === 'block' && takes > window.hours * 60 * minute - 16 * minute) return undefined;
  const isOpenLong = (occurrence: Span): boolean => {
    const parts = openParts(window, occurrence);
    const isWhole = parts.length === 1 && parts[0]?.from === occurrence.from && parts[0]?.to === occurrence.to;
    return isWhole || parts.some(({ from, to }) => to - from >= Math.max(takes + 30 * minute, 120 * minute));
  };
  let since: number | undefined;
  let waited = 0;
  let worst = 0;
  let dueSince = ready.from;
  for (const occurrence of occurrences(window, { from: ready.from, to: endedAt })) {
    if (occurrence.from < ready.from || occurrence.to > endedAt || !isOpenLong(occurrence)) continue;
    const rolls = truth.rolls.filter(
      (roll) => roll.pool === pool && roll.startedAt >= occurrence.from && roll.startedAt < occurrence.to,
    );
    const image = pool.moments.findLast(({ at }) => at <= occurrence.from)?.image ?? '';
    const newest = newestImage(fleet, pool.clusterKey, image, occurrence.from);
    // What came back by a rollback waits for something newer than what it left.
    const left = leftByTruth(record, pool, occurrence.from);
    const isGivenUp = newest && isNotTried(record, pool, newest.image, occurrence);
    if (!newest || isGivenUp || (left && !isLaterRelease(newest.image, left))) {
      waited = 0;
      continue;
    }
    if (rolls.length > 0) {
      worst = Math.max(worst, waited);
      waited = 0;
      continue;
    }
    if (waited === 0) dueSince = Math.max(newest.since, ready.from);
    waited += 1;
    if (waited > worst) since = dueSince;
    worst = Math.max(worst, waited);
  }
  const isSystem = mode === 'System' && standing.length > 1;
  const monthly = isSystem ? occurrences(window, { from: ready.from, to: ready.from + 30 * day }).length : 0;
  return { waited: worst, bound: standing.length + 1 + monthly + ready.turns, since: since ?? ready.from };
}

/**
 * A release that three attempts failed at waits for a newer one, and a pool that AKS refuses without end for a week, as
 * the keeper says. A time in which the keeper had every reason to wait is none in which it was slow.
 */
function isNotTried(record: RunRecord, pool: TruePool, image: string, { from }: Span): boolean {
  const failed = record.claims.filter(({ kind, clusterKey, attempt, value, at }) => {
    const { nodePool, to } = (value ?? {}) as { readonly nodePool?: string; readonly to?: string };
    if (kind !== 'inserted' || clusterKey !== pool.clusterKey || nodePool !== pool.name || to !== image || at > from)
      return false;
    const entries = record.ledgers.get(pool.clusterKey)?.entries ?? [];
    const end = entries.find((entry) => 'attempt' in entry && entry.attempt === attempt);
    return end !== undefined && 'outcome' in end && /failed|unknown/.test(end.outcome);
  });
  const refused = record.claims.some(({ kind, clusterKey, value }) => {
    const { nodePool, reason, retryAt = '' } = (value ?? {}) as Record<string, string>;
    const isAboutIt = kind === 'verdict' && clusterKey === pool.clusterKey && nodePool === pool.name;
    return isAboutIt && reason === 'unsupportedPool' && Date.parse(retryAt) > from;
  });
  return failed.length >= 3 || refused;
}
