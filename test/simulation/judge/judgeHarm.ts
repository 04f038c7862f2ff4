// Judges what the keeper said and did while rows of its tables were damaged: each that decides something is counted, and what it
// is about waits. Called by checker.ts.

import type { Harm } from '../record/harms.ts';
import { keyOf } from '../record/keyOf.ts';
import type { Post, RunRecord, Violation } from '../record/record.ts';

/** What decides a start, with a reason that a decision must give meanwhile. */
const reasons: Readonly<Record<string, string>> = {
  starts: 'attemptInFlight',
  verdict: 'readFailed',
  budget: 'budget',
  hold: 'observeOnly',
};
const counted = new Set([
  'chainHead',
  'poolHead',
  'starts',
  'facts',
  'verdict',
  'budget',
  'poolView',
  'told',
  'notification',
  'hold',
]);

export function judgeHarm(record: RunRecord): readonly Violation[] {
  return [...judgeDamage(record), ...judgeFloods(record), ...judgeOdd(record), ...judgeLoops(record)];
}

/** What goes over all clusters ends whatever stands in a row of one. */
const loops: ReadonlySet<string> = new Set(['planUpgrades', 'followUpgrades', 'weeklyCheck']);

function judgeLoops({ invocations }: RunRecord): readonly Violation[] {
  return invocations.flatMap(({ id, name, error }) => {
    const isStopped = loops.has(name) && /^Table \w+: row "/.test(error ?? '');
    return isStopped ? [{ check: 'one row stops no loop', what: `${name} ${id} failed: ${error}` }] : [];
  });
}

/** What can't be read of a cluster is no reason to start on it. */
function judgeOdd({ posts }: RunRecord): readonly Violation[] {
  return posts.flatMap(({ id, invocation }) => {
    const read = invocation.reads.findLast(({ path }) => /\/managedClusters\/[^/]+$/i.test(path));
    return read?.isUnreadable
      ? [{ check: 'nothing on a guess', what: `POST ${id} on an answer that nobody can read` }]
      : [];
  });
}

/** However many events there are, a cluster is observed once in ten seconds, and few are that nobody knows. */
function judgeFloods({ floods, invocations }: RunRecord): readonly Violation[] {
  return floods.flatMap(({ at, clusterKey }) => {
    const looks = invocations.filter(
      ({ name, startedAt, message, reads }) =>
        name === 'observeCluster' &&
        // One that must wait for the budget reads nothing.
        reads.some(({ path }) => /\/managedClusters\/[^/]+$/i.test(path)) &&
        startedAt >= at &&
        startedAt < at + 3 * 60_000 &&
        (clusterKey === undefined || keyOf((message as { readonly clusterId: string }).clusterId) === clusterKey),
    ).length;
    const most = clusterKey === undefined ? 300 : 40;
    const what = `${looks} observations in three minutes of a flood at ${new Date(at).toISOString()}; at most ${most} are few`;
    return looks > most ? [{ check: 'floods coalesced', what }] : [];
  });
}

function judgeDamage(record: RunRecord): readonly Violation[] {
  return record.harms.flatMap((harm) => {
    const what = `row ${harm.rowKey} (${harm.kind}) of ${harm.clusterKey?.split('|')[2] ?? 'the fleet'} was ${harm.way} from ${new Date(harm.from).toISOString()}`;
    const wrong = (check: string, more: string) => ({ check, what: `${what}: ${more}` });
    return [
      ...(isCounted(harm) ? [] : [wrong('damage counted', `unreadable tells ${JSON.stringify(harm.told)}`)]),
      ...(isExplained(harm) ? [] : [wrong('damage explained', `decisions say ${JSON.stringify(harm.decided)}`)]),
      ...record.posts.filter((post) => isGuess(harm, post)).map(({ id }) => wrong('nothing on a guess', `POST ${id}`)),
    ];
  });
}

/** What is read again, or made again from something else, is no loss. */
function isUnreadable({ way }: Harm): boolean {
  return way !== 'older' && way !== 'deleted';
}

function isCounted(harm: Harm): boolean {
  const { kind, rowKey, told, isShown } = harm;
  if (!told || !isShown || !counted.has(kind) || !isUnreadable(harm)) return true;
  // A policy that is not valid is told in place of its holds.
  return told.some(
    (sentence) => sentence.includes(rowKey) || (kind === 'hold' && sentence.includes('policy is not valid')),
  );
}

function isExplained(harm: Harm): boolean {
  const reason = reasons[harm.kind];
  if (!reason || !harm.decided || !isUnreadable(harm)) return true;
  const own = harm.decided.map((said) => said.includes(reason) || said.includes('readFailed'));
  // A verdict is about one of the pools.
  return harm.kind === 'verdict' ? own.length === 0 || own.includes(true) : own.every(Boolean);
}

/** A request of an invocation that began while nobody could know. */
function isGuess(harm: Harm, { at, clusterKey, nodePool, invocation }: Post): boolean {
  const { kind, rowKey, from, to = Number.POSITIVE_INFINITY } = harm;
  if (!reasons[kind] || !isUnreadable(harm) || invocation.startedAt <= from || at >= to) return false;
  if (harm.clusterKey !== undefined && harm.clusterKey !== clusterKey) return false;
  return kind !== 'verdict' || rowKey.endsWith(`|${nodePool}`);
}
