// Judges one recorded roll against what rolled: its images, its times, its window, its cause and its end. Called by
// judgeLedger.ts.
import type { Post, RunRecord, Wrong } from '../../record/record.ts';
import type { Ledger, Rolled } from '../../record/stored.ts';
import type { TruePool, TrueRoll } from '../../record/truth.ts';
import { judgeCause } from './judgeCause.ts';
import { isForged } from './judgeEvidence.ts';
import { judgeTimes } from './judgeTimes.ts';
import { poolsNear } from './poolsNear.ts';

/** An entry with all that it can be about. */
type About = {
  readonly record: RunRecord;
  readonly entry: Rolled;
  /** The pools of its name then. */
  readonly pools: readonly TruePool[];
  readonly slack: number;
  /** The answer to the read came between observing and recording: what it shows is from before this. */
  readonly until: number;
  /** When the ledger last saw the pool at rest before. */
  readonly seenBefore: number;
  /** The request of its attempt, and the roll that this began. */
  readonly own: Post | undefined;
  readonly ownRoll: TrueRoll | undefined;
  readonly wrong: Wrong;
};

/** @param taken the rolls that earlier entries are about; this one's is added */
export function judgeRoll(
  record: RunRecord,
  clusterKey: string,
  ledger: Ledger,
  entry: Rolled,
  taken: Set<TrueRoll>,
  wrong: Wrong,
): void {
  const slack = record.largestSkew + 1000;
  const until = Date.parse(entry.recordedAt) + slack;
  const pools = poolsNear(record, clusterKey, entry.nodePool, Date.parse(entry.observedAt), until);
  // A roll without the attempt may be known by the id that its request carried.
  const attempts = [entry.attempt, entry.cause === 'keeper' ? entry.actor?.correlationId : undefined];
  const own = record.posts.find((post) => post.attempt !== undefined && attempts.includes(post.attempt));
  const ownRoll = own && record.truth.rolls.find((roll) => roll.post === own.id);
  const seenBefore = Date.parse(lastSeen(ledger, entry)) - slack;
  const about = { record, entry, pools, slack, until, seenBefore, own, ownRoll, wrong };
  judgeOwn(about);
  if (ownRoll && entry.outcome !== 'notStarted') taken.add(ownRoll);
  if (entry.kind === 'transition') judgeMoved(about, taken);
  else if (entry.attempt === undefined) judgeUnmoved(about, taken);
}

/** What it says of the keeper's own request. */
function judgeOwn({ record, entry, own, ownRoll, wrong }: About): void {
  if (entry.outcome === 'notStarted' && ownRoll) wrong('outcome', 'ARM took the request, so it was started');
  if (entry.cause === 'keeper' && !ownRoll) wrong('cause', 'the keeper started nothing');
  if (own?.told !== '202' || !ownRoll || entry.outcome === 'unknown' || entry.cause === 'keeper') return;
  const running = record.claims.some(
    ({ kind, attempt, value }) =>
      kind === 'replaced' && attempt === entry.attempt && (value as { readonly state?: string }).state === 'running',
  );
  if (running) wrong('cause', `the keeper started it, and was told so; the cause is ${entry.cause}`);
}

function judgeMoved(about: About, taken: Set<TrueRoll>): void {
  const { record, entry, pools, slack, until, seenBefore, ownRoll, wrong } = about;
  const rolls = record.truth.rolls.filter(
    (roll) => pools.includes(roll.pool) && roll.to === entry.to && (roll.endedAt ?? Number.POSITIVE_INFINITY) <= until,
  );
  const isRemade = pools.length > 1 || pools.some((pool) => pool.from > seenBefore);
  const roll = entry.cause === 'keeper' ? ownRoll : rolls.at(-1);
  // A pool that was made again under its name: no read can tell that from a roll.
  if (!roll && !isRemade) wrong('true images', `no roll ended in ${entry.to}`);
  // The keeper's roll, and then another before anybody looked.
  const isOvertaken = roll?.to !== entry.to && entry.cause === 'keeper';
  if (!roll || isOvertaken || isRemade) return;
  if (taken.has(roll) && roll !== ownRoll)
    wrong('once', `the roll of ${new Date(roll.startedAt).toISOString()} is recorded before`);
  taken.add(roll);
  const unseen = record.truth.rolls.filter(
    (one) => pools.includes(one.pool) && one.startedAt >= seenBefore && one.startedAt <= until,
  );
  judgeTimes(record, entry, roll, unseen.includes(roll) ? unseen : [...unseen, roll], slack, wrong);
  if (!isForged(entry)) judgeCause(entry, roll, unseen, wrong);
  judgeOutcome(about, roll);
}

/** A roll that ended well for ARM is partial while nodes are behind: judgeProof.ts. */
function judgeOutcome({ entry: { outcome }, until, wrong }: About, roll: TrueRoll): void {
  const byArm = outcome === 'partial' ? 'succeeded' : outcome;
  if (!['succeeded', 'failed', 'canceled'].includes(byArm) || roll.outcome === byArm) return;
  const sinceThen = roll.pool.moments.some(({ at }) => at > (roll.endedAt ?? 0) && at <= until);
  if (!sinceThen) wrong('outcome', `${outcome}, but it ${roll.outcome}`);
}

/** A roll that left the image as it was: something rolled since the pool was last heard of, and is not recorded yet. */
function judgeUnmoved({ record, pools, until, seenBefore, wrong }: About, taken: Set<TrueRoll>): void {
  const roll = record.truth.rolls.findLast(
    (one) => pools.includes(one.pool) && !taken.has(one) && one.startedAt <= until && (one.endedAt ?? until) <= until,
  );
  const isRemade = pools.some((pool) => pool.from > seenBefore);
  if (roll) taken.add(roll);
  else if (!isRemade) wrong('true rolls', 'nothing rolled that is not recorded');
}

/** When the ledger last saw the pool at rest before an entry: what amends an earlier entry may come while it rolls. */
function lastSeen({ entries }: Ledger, entry: Rolled): string {
  const before = entries.findLast(
    (other) =>
      other.sequence < entry.sequence &&
      other.kind !== 'amendment' &&
      other.nodePool?.toLowerCase() === entry.nodePool.toLowerCase(),
  );
  return before?.observedAt ?? entry.observedAt;
}
