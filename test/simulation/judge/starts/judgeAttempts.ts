// Judges attempts: each ends once, and leaves Starts; and what goes on without end. Called by checker.ts.
import type { Claim, Invocation, RunRecord } from '../../record/record.ts';
import { keyOf } from '../../world/truth.ts';
import type { Violation } from '../checker.ts';
import { isRetired } from '../own/images.ts';

const day = 86_400_000;

export function judgeAttempts(record: RunRecord): readonly Violation[] {
  return [
    ...judgeEnds(record),
    ...judgeClaims(record),
    ...judgeFailures(record),
    ...judgeMessages(record),
    ...judgeReasons(record),
    ...judgeStartMessages(record),
  ];
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

/** What a function may fail with when something was done to it. */
const expected = /^Simulated: |^ARM could not |^The ledger of /;

/** A function that fails otherwise has a bug. */
function judgeFailures({ invocations }: RunRecord): readonly Violation[] {
  const failed = invocations.filter(
    ({ outcome, faults, error = '' }) => outcome === 'failed' && (faults.length === 0 || !expected.test(error)),
  );
  return failed.slice(0, 1).map(({ name, startedAt, error }: Invocation) => ({
    check: 'no failure without a cause',
    what: `${name} at ${new Date(startedAt).toISOString()}: ${error} (${failed.length} in all)`,
  }));
}

/** In the last quiet days little is sent, and nothing is given up. */
function judgeMessages({
  sent,
  poisoned,
  waiting,
  endedAt,
  quietFrom,
  truth,
  invocations,
}: RunRecord): readonly Violation[] {
  const problems: Violation[] = [];
  const from = Math.max(quietFrom + day, endedAt - 7 * day);
  const events = invocations.filter(({ name, startedAt }) => name === 'onClusterEvent' && startedAt >= from).length;
  const moves = truth.pools.flatMap(({ moments }) => moments).filter(({ at }) => at >= from).length;
  // A pass asks for an observation as long as a pool rolls.
  const rolling = truth.rolls.filter(({ endedAt: ended }) => (ended ?? endedAt) >= from);
  const passes = rolling.reduce(
    (sum, { startedAt, endedAt: ended }) => sum + ((ended ?? endedAt) - startedAt) / 300_000 + 2,
    0,
  );
  const bound = 4 * truth.clusters.size * 2 + 2 * events + 3 * moves + passes;
  const asked = sent.filter(({ at, queue }) => at >= from && queue === 'observe-cluster').length;
  if (asked > bound)
    problems.push({
      check: 'no message loop',
      what: `${asked} observations asked for, at most ${Math.ceil(bound)} have a reason`,
    });
  const late = poisoned.find(({ at }) => at >= quietFrom + day);
  if (late) problems.push({ check: 'nothing poisoned', what: `${late.queue} ${JSON.stringify(late.message)}` });
  const stuck = waiting.find(({ visibleAt }) => visibleAt < endedAt - day);
  if (stuck) problems.push({ check: 'no message loop', what: `a message of ${stuck.queue} is never done with` });
  return problems;
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
    if (row && isRetired(pool.moments.at(-1)?.image ?? '') && mode !== 'Machines' && !creationData) {
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
    const inFlight = new Set((starts ?? []).map(({ cluster }) => keyOf(cluster)));
    return (asked ?? [])
      .filter((clusterId) => inFlight.has(keyOf(clusterId)))
      .map((clusterId) => ({
        check: 'one at a time',
        what: `the pass of ${new Date(startedAt).toISOString()} asks for a start on ${clusterId}, where one is in flight`,
      }));
  });
}
