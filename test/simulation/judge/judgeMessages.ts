// Judges what goes on without end: functions that fail without a cause, and messages. Called by checker.ts.
import type { Harm } from '../record/harms.ts';
import { keyOf } from '../record/keyOf.ts';
import type { Invocation, RunRecord, Violation } from '../record/record.ts';

const day = 86_400_000;

/** What a function may fail with when something was done to it. */
const expected = /^Simulated: |^ARM could not |^The ledger of /;

/** A function that fails otherwise has a bug. */
export function judgeFailures({ invocations, harms, floods }: RunRecord): readonly Violation[] {
  const failed = invocations.filter((invocation) => {
    const { name, outcome, faults, error = '' } = invocation;
    // What is done for many events at once fails for all of them.
    const isStruck = faults.length > 0 || (name === 'onClusterEvent' && floods.length > 0);
    const isExpected = (isStruck && expected.test(error)) || isOfHarm(harms, invocation);
    return outcome === 'failed' && !isExpected;
  });
  return failed.slice(0, 1).map(({ name, startedAt, error }: Invocation) => ({
    check: 'no failure without a cause',
    what: `${name} at ${new Date(startedAt).toISOString()}: ${error} (${failed.length} in all)`,
  }));
}

/** A cluster whose claim or record can't be read can't be observed, and the row is named. Nothing else fails over it. */
function isOfHarm(harms: readonly Harm[], { name, message, startedAt, error = '' }: Invocation): boolean {
  const { clusterId = '' } = (message ?? {}) as { readonly clusterId?: string };
  if (name !== 'observeCluster' && name !== 'projectCluster') return false;
  return harms.some(
    ({ clusterKey, rowKey, from, to = Number.POSITIVE_INFINITY }) =>
      clusterKey === keyOf(clusterId) &&
      error.includes(`"${rowKey}"`) &&
      startedAt > from - 6 * 60_000 &&
      startedAt < to,
  );
}

/** In the last quiet days little is sent, and nothing is given up. */
export function judgeMessages({
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
