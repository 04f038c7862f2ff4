// How long a pool waited in the quiet time. Called by judgeWaits.ts.
import type { RunRecord } from '../../record/record.ts';
import type { TruePool } from '../../record/truth.ts';
import type { Span } from '../own/calendar.ts';
import { newestImage } from '../own/due.ts';
import { isLaterRelease } from '../own/images.ts';
import { leftByTruth } from '../own/stepsBack.ts';

/** `waited`: occurrences in a row in which it was due and not started. `since`: when it was due first. */
export type LongestWait = { readonly waited: number; readonly since: number };

/** @param from when nothing but windows and turns began to keep it waiting; @param counted the occurrences from there on */
export function longestWait(record: RunRecord, pool: TruePool, from: number, counted: readonly Span[]): LongestWait {
  let since: number | undefined;
  let waited = 0;
  let worst = 0;
  let dueSince = from;
  for (const occurrence of counted) {
    const isRolled = record.truth.rolls.some(
      (roll) => roll.pool === pool && roll.startedAt >= occurrence.from && roll.startedAt < occurrence.to,
    );
    const image = pool.moments.findLast(({ at }) => at <= occurrence.from)?.image ?? '';
    const newest = newestImage(record.fleet, pool.clusterKey, image, occurrence.from);
    // What came back by a rollback waits for something newer than what it left.
    const left = leftByTruth(record, pool, occurrence.from);
    const isGivenUp = newest && isNotTried(record, pool, newest.image, occurrence);
    if (!newest || isGivenUp || isRolled || (left && !isLaterRelease(newest.image, left))) {
      waited = 0;
      continue;
    }
    if (waited === 0) dueSince = Math.max(newest.since, from);
    waited += 1;
    if (waited > worst) since = dueSince;
    worst = Math.max(worst, waited);
  }
  return { waited: worst, since: since ?? from };
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
