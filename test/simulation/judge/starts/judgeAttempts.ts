// Judges attempts: each ends once, and leaves Starts; and what passes say of pools. Called by checker.ts.
import { isManaged } from '../../draw/drawPools.ts';
import { keyOf } from '../../record/keyOf.ts';
import type { Claim, RunRecord, Violation } from '../../record/record.ts';
import { isRetired } from '../own/images.ts';

const day = 86_400_000;

export function judgeAttempts(record: RunRecord): readonly Violation[] {
  return [...judgeEnds(record), ...judgeClaims(record), ...judgeReasons(record), ...judgeStartMessages(record)];
}

function judgeEnds(record: RunRecord): readonly Violation[] {
  const problems: Violation[] = [];
  const ends = new Map<string, number>();
  for (const { entries } of record.ledgers.values()) {
    for (const entry of entries) {
      const id = entry.kind === 'transition' || entry.kind === 'rolled' ? entry.attempt : undefined;
      if (id !== undefined) ends.set(id, (ends.get(id) ?? 0) + 1);
    }
  }
  for (const [id, count] of ends)
    if (count > 1) problems.push({ check: 'ends once', what: `attempt ${id} ended ${count} times` });
  const inserted = record.claims.filter(({ kind }) => kind === 'inserted');
  for (const { attempt = '', at, clusterKey } of inserted) {
    const post = record.posts.find((one) => one.attempt === attempt);
    const roll = post && record.truth.rolls.find((one) => one.post === post.id);
    const isLost = roll?.pool.until !== undefined;
    if (roll && !ends.has(attempt) && !isLost && (roll.endedAt ?? Number.POSITIVE_INFINITY) < record.endedAt - day) {
      problems.push({
        check: 'every attempt ends',
        what: `attempt ${attempt} of ${new Date(at).toISOString()} has no end`,
      });
    }
    const isOpen =
      record.startsLeft.includes(`cluster|${clusterKey}`) && lastOf(record, clusterKey)?.attempt === attempt;
    if (isOpen && (roll?.endedAt ?? at) < record.endedAt - day) {
      problems.push({
        check: 'every attempt ends',
        what: `attempt ${attempt} of ${new Date(at).toISOString()} is still in Starts`,
      });
    }
  }
  return problems;
}

/** A cluster's row holds one attempt until it goes. */
function judgeClaims({ claims }: RunRecord): readonly Violation[] {
  const open = new Map<string, string | undefined>();
  return claims.flatMap(({ kind, clusterKey, attempt, at }) => {
    if (kind === 'verdict' || kind === 'budget') return [];
    const before = open.get(clusterKey);
    open.set(clusterKey, kind === 'removed' ? undefined : attempt);
    const what = `${new Date(at).toISOString()}: attempt ${attempt} over ${before} on ${clusterKey}`;
    return before !== undefined && before !== attempt ? [{ check: 'one attempt in flight', what }] : [];
  });
}

function lastOf({ claims }: RunRecord, clusterKey: string): Claim | undefined {
  return claims.findLast((claim) => claim.clusterKey === clusterKey && claim.kind !== 'verdict');
}

/** Reasons that anybody can tell from the fleet. */
function judgeReasons({ poolViews, truth }: RunRecord): readonly Violation[] {
  const problems: Violation[] = [];
  for (const pool of truth.pools) {
    if (pool.until !== undefined) continue;
    const row = poolViews.find(
      ({ cluster, nodePool }) => keyOf(cluster.id) === pool.clusterKey && nodePool.name === pool.name,
    );
    const where = `${pool.clusterKey.split('|')[2]}/${pool.name}`;
    if (!row) problems.push({ check: 'silence explained', what: `${where} has no decision` });
    const { mode, creationData } = pool.state.profile;
    if (row && isRetired(pool.moments.at(-1)?.image ?? '') && !isManaged(mode) && !creationData) {
      if (![row.decision, ...row.decision.also].some(({ reason }) => reason === 'imageRetired')) {
        problems.push({ check: 'silence explained', what: `${where} is retired, but ${row.decision.sentence}` });
      }
    }
  }
  return problems;
}

/** A pass that saw an attempt in flight asks for no start in its cluster. */
function judgeStartMessages({ invocations, largestSkew }: RunRecord): readonly Violation[] {
  return invocations.flatMap(({ name, starts, asked, startedAt, endedAt = startedAt, closedUntil }) => {
    if (name !== 'planUpgrades') return [];
    if (asked?.length && Date.parse(closedUntil ?? '') > endedAt + largestSkew) {
      const what = `the pass of ${new Date(startedAt).toISOString()} asks for a start; ARM is closed until ${closedUntil}`;
      return [{ check: 'budget', what }];
    }
    const inFlight = new Set((starts ?? []).map(({ clusterKey }) => clusterKey));
    return (asked ?? [])
      .filter((clusterId) => inFlight.has(keyOf(clusterId)))
      .map((clusterId) => ({
        check: 'one at a time',
        what: `the pass of ${new Date(startedAt).toISOString()} asks for a start on ${clusterId}, where one is in flight`,
      }));
  });
}
