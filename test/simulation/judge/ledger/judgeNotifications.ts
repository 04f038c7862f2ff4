// Judges what the topic took against the ledger, the attempts' rows and the truth: every fact at least once and under one id,
// and nothing that was not so. Called by checker.ts.
import type { Entry } from '../../../../shared/domain/ledger/ledger.ts';
import type { RunRecord, Taken, Wrong } from '../../record/record.ts';
import { keyOf } from '../../world/truth.ts';
import type { Violation } from '../checker.ts';

type Rolled = Extract<Entry, { kind: 'transition' | 'rolled' }>;

const minute = 60_000;
const day = 86_400_000;
const endTypes: Readonly<Record<string, string>> = {
  succeeded: 'AttemptSucceeded',
  partial: 'AttemptPartial',
  failed: 'AttemptFailed',
  canceled: 'AttemptFailed',
  unknown: 'AttemptFailed',
};

/** What must have been told: the type, what it is about, and since when. `subject`: how the notification names it. */
type Fact = { readonly type: string; readonly subject: string; readonly since: number };

export function judgeNotifications(record: RunRecord): readonly Violation[] {
  const problems: Violation[] = [];
  const wrong: Wrong = (check, what) => problems.push({ check, what });
  if (!record.hasTopic) {
    if (record.taken.length > 0) wrong('no topic', `${record.taken.length} notifications were taken`);
    return problems;
  }
  const facts = [...record.ledgers.values()].flatMap(({ entries }) => factsOf(entries));
  const told = Map.groupBy(record.taken, (taken) => nameOf(taken));
  for (const fact of [...facts, ...factsOfAttempts(record)]) {
    const found = told.get(`${fact.type} ${fact.subject}`) ?? [];
    if (found.length === 0 && fact.since < record.endedAt - day) {
      wrong('every fact told', `${fact.type} ${fact.subject} of ${new Date(fact.since).toISOString()}`);
    }
  }
  const isSo = new Set([...facts, ...factsOfAttempts(record)].map(({ type, subject }) => `${type} ${subject}`));
  for (const [name, same] of told) {
    if (new Set(same.map(({ notification }) => notification.id)).size > 1) wrong('one id a fact', name);
    if (name.includes('?')) continue;
    if (!isSo.has(name)) wrong('nothing told that is not so', name);
  }
  for (const [id, same] of Map.groupBy(record.taken, ({ notification }) => notification.id)) {
    if (new Set(same.map((taken) => nameOf(taken))).size > 1) wrong('one fact an id', id);
  }
  for (const taken of record.taken) judgeCondition(record, taken, wrong);
  return problems;
}

/** By the entry's hash or the attempt's id. A condition has a `?`: it is judged by itself. */
function nameOf({ notification: { type, id, data } }: Taken): string {
  if ('hash' in data) return `${type} ${data.hash}`;
  return 'attempt' in data ? `${type} ${data.attempt}` : `${type} ?${id}`;
}

function factsOf(entries: readonly Entry[]): readonly Fact[] {
  return entries.flatMap((entry) =>
    entry.kind === 'transition' || entry.kind === 'rolled' ? factsOfRoll(entry, entries) : [],
  );
}

function factsOfRoll(roll: Rolled, entries: readonly Entry[]): readonly Fact[] {
  if (roll.outcome === 'notStarted') return [];
  const facts: Fact[] = [];
  const note = (type: string, subject: string, at: string) => facts.push({ type, subject, since: Date.parse(at) });
  if (roll.kind === 'transition') note('NodeImageTransition', roll.hash, roll.recordedAt);
  if (roll.inWindow === false) note('ChangeOutsideWindow', roll.hash, roll.recordedAt);
  if (roll.attempt && (roll.startedAt || roll.outcome !== 'unknown'))
    note('AttemptStarted', roll.attempt, roll.recordedAt);
  if (roll.attempt) note(endTypes[roll.outcome] ?? '', roll.hash, roll.recordedAt);
  let outcome: string = roll.outcome;
  for (const entry of entries) {
    if (entry.kind !== 'amendment' || entry.amends !== roll.sequence) continue;
    if (entry.inWindow === false) note('ChangeOutsideWindow', roll.hash, entry.recordedAt);
    if (entry.outcome === undefined || entry.outcome === outcome) continue;
    outcome = entry.outcome;
    if (roll.attempt) note(endTypes[outcome] ?? '', entry.hash, entry.recordedAt);
  }
  return facts;
}

/** What the rows of attempts in flight said. */
function factsOfAttempts({ claims }: RunRecord): readonly Fact[] {
  return claims.flatMap(({ kind, attempt, value, at }): readonly Fact[] => {
    const row = value as { readonly acceptedAt?: string; readonly stuckAt?: string } | undefined;
    if (kind !== 'replaced' || attempt === undefined) return [];
    return [
      ...(row?.acceptedAt ? [{ type: 'AttemptStarted', subject: attempt, since: at }] : []),
      ...(row?.stuckAt ? [{ type: 'AttemptStuck', subject: attempt, since: at }] : []),
    ];
  });
}

function judgeCondition(record: RunRecord, { at, notification }: Taken, wrong: Wrong): void {
  const { largestSkew } = record;
  const say = (what: string) =>
    wrong('nothing told that is not so', `${notification.type} ${notification.id}: ${what}`);
  switch (notification.type) {
    case 'WindowMissed': {
      const { cluster, nodePool, window, current, latest } = notification.data;
      const [from, to] = [Date.parse(window.opensAt), Date.parse(window.closesAt)];
      const post = record.posts.find(
        (one) =>
          one.status === 202 &&
          one.clusterKey === keyOf(cluster) &&
          one.nodePool === nodePool &&
          one.at >= from + largestSkew &&
          one.at < to - largestSkew,
      );
      if (post) say(`an upgrade was started at ${new Date(post.at).toISOString()}`);
      if (to > at + largestSkew) say('it is still open');
      if (current === latest) say('nothing was due');
      return;
    }
    case 'UpgradeAhead': {
      const { window, lead, from, to } = notification.data;
      const ahead = Date.parse(window.opensAt) - at;
      const most = lead === '7 days' ? 7 * day : day;
      // An invocation may hang for minutes between its judgement and the topic.
      if (ahead > most + largestSkew || ahead < -largestSkew - 5 * minute)
        say(`it was told ${ahead / 3_600_000} hours ahead`);
      if (from === to) say('nothing is due');
      return;
    }
    case 'PoolStale': {
      const { status, staleDays = 0, ageDays = 0, behindSince } = notification.data;
      if (status === 'stale' && (staleDays <= 30 || Date.parse(behindSince ?? '') > at - 30 * day))
        say(`${staleDays} days`);
      if (status === 'outOfSupport' && ageDays < 0) say(`${ageDays} days`);
      return;
    }
    case 'ReportReady':
      if (Date.parse(notification.time) > at + largestSkew) say('its week is not over');
      return;
    case 'NodeImageTransition':
    case 'ChangeOutsideWindow':
    case 'AttemptStarted':
    case 'AttemptSucceeded':
    case 'AttemptPartial':
    case 'AttemptFailed':
    case 'AttemptStuck':
    case 'RingWaitingForApproval':
      return;
  }
}
