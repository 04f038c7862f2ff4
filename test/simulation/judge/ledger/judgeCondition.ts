// Judges a notification that tells of no entry of the ledger: what it says of a pool, a window or a week was so. Called by
// judgeNotifications.ts.
import { keyOf } from '../../record/keyOf.ts';
import type { RunRecord, Wrong } from '../../record/record.ts';
import type { Taken } from '../../record/stored.ts';

const minute = 60_000;
const day = 86_400_000;

type Say = (what: string) => void;
type Judge = (record: RunRecord, taken: Taken, say: Say) => void;

export function judgeCondition(record: RunRecord, taken: Taken, wrong: Wrong): void {
  const { type, id } = taken.notification;
  const say = (what: string) => wrong('nothing told that is not so', `${type} ${id}: ${what}`);
  const judge = judges[type];
  if (judge) judge(record, taken, say);
  else say('no type of notification has this name');
}

const windowMissed: Judge = ({ posts, largestSkew }, { at, notification: { data } }, say) => {
  const { cluster = '', nodePool, window, current, latest } = data;
  const [from, to] = [Date.parse(window?.opensAt ?? ''), Date.parse(window?.closesAt ?? '')];
  const post = posts.find(
    (one) =>
      one.status === 202 &&
      one.clusterKey === keyOf(cluster) &&
      one.nodePool === nodePool &&
      one.at >= from + largestSkew &&
      one.at < to - largestSkew,
  );
  if (post) say(`an upgrade was started at ${new Date(post.at).toISOString()}`);
  if (!(to <= at + largestSkew)) say('it is still open');
  if (current === latest) say('nothing was due');
};

const upgradeAhead: Judge = ({ largestSkew }, { at, notification: { data } }, say) => {
  const { window, lead, from, to } = data;
  const ahead = Date.parse(window?.opensAt ?? '') - at;
  const longest = lead === '7 days' ? 7 * day : day;
  // An invocation may hang for minutes between its judgement and the topic.
  if (!(ahead <= longest + largestSkew && ahead >= -largestSkew - 5 * minute))
    say(`it was told ${ahead / 3_600_000} hours ahead`);
  if (from === to) say('nothing is due');
};

const poolStale: Judge = (_record, { at, notification: { data } }, say) => {
  const { status, staleDays = 0, ageDays = 0, behindSince = '' } = data;
  if (status === 'stale' && (staleDays <= 30 || Date.parse(behindSince) > at - 30 * day)) say(`${staleDays} days`);
  if (status === 'outOfSupport' && ageDays < 0) say(`${ageDays} days`);
};

const reportReady: Judge = ({ largestSkew }, { at, notification: { time } }, say) => {
  if (!(Date.parse(time) <= at + largestSkew)) say('its week is not over');
};

/** Judged against the ledger and the attempts' rows, or by the judges of rings. */
const elsewhere: Judge = () => undefined;

const judges: Readonly<Record<string, Judge>> = {
  WindowMissed: windowMissed,
  UpgradeAhead: upgradeAhead,
  PoolStale: poolStale,
  ReportReady: reportReady,
  NodeImageTransition: elsewhere,
  ChangeOutsideWindow: elsewhere,
  AttemptStarted: elsewhere,
  AttemptSucceeded: elsewhere,
  AttemptPartial: elsewhere,
  AttemptFailed: elsewhere,
  AttemptStuck: elsewhere,
  RingWaitingForApproval: elsewhere,
};
