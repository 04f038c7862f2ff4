// Judges what the topic took against the ledger, the attempts' rows and the truth: every fact at least once and under one id,
// and nothing that was not so. Called by checker.ts.
import type { RunRecord, Violation, Wrong } from '../../record/record.ts';
import type { Entry, Rolled, Taken } from '../../record/stored.ts';
import { judgeCondition } from './judgeCondition.ts';

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
  judgeFacts(record, wrong);
  for (const taken of record.taken) {
    judgeCondition(record, taken, wrong);
    judgeTarget(record, taken, wrong);
  }
  return problems;
}

/** What is told of an attempt names the image that it was made for. */
function judgeTarget({ claims, isBeside }: RunRecord, { notification: { id, type, data } }: Taken, wrong: Wrong): void {
  const { attempt, target, to } = data;
  if (attempt === undefined || (isBeside && target === undefined)) return;
  const claim = claims.find((one) => one.kind === 'inserted' && one.attempt === attempt);
  const { to: asked } = (claim?.value ?? {}) as { readonly to?: string };
  const isOpen = type === 'AttemptStarted' || type === 'AttemptStuck';
  if (target !== asked || (isOpen && to !== asked)) wrong('target told', `${id}: ${target}, but it was for ${asked}`);
}

function judgeFacts(record: RunRecord, wrong: Wrong): void {
  const facts = [
    ...[...record.ledgers.values()].flatMap(({ entries }) => factsOf(entries)),
    ...factsOfAttempts(record),
  ];
  const told = Map.groupBy(record.taken, nameOf);
  for (const { type, subject, since } of facts) {
    if (!told.has(`${type} ${subject}`) && since < record.endedAt - day) {
      wrong('every fact told', `${type} ${subject} of ${new Date(since).toISOString()}`);
    }
  }
  const isSo = new Set(facts.map(({ type, subject }) => `${type} ${subject}`));
  for (const [name, same] of told) {
    if (new Set(same.map(({ notification }) => notification.id)).size > 1) wrong('one id a fact', name);
    if (!name.includes('?') && !isSo.has(name)) wrong('nothing told that is not so', name);
  }
  for (const [id, same] of Map.groupBy(record.taken, ({ notification }) => notification.id)) {
    if (new Set(same.map(nameOf)).size > 1) wrong('one fact an id', id);
  }
}

/** By the entry's hash or the attempt's id. A condition has a `?`: it is judged by itself. */
function nameOf({ notification: { type, id, data } }: Taken): string {
  return `${type} ${data.hash ?? data.attempt ?? `?${id}`}`;
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
