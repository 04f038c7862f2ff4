// Notifications of a ledger's new entries: changes, and how attempts began and ended. Called by the use case collectEntries.
import { failureOf } from '../failure/explainRow.ts';
import { imageNote } from '../failure/imageNote.ts';
import { fold, isRoll } from '../ledger/historyRow.ts';
import type { Amendment, Entry, FoldedRoll, Outcome, RollEntry } from '../ledger/ledger.ts';
import { started } from './fromAttempt.ts';
import { historyLink } from './links.ts';
import { aboutPool, type Notification, type NotificationData, shortened } from './notification.ts';

/** Oldest first. @param entries those after `after`, and of those that they amend everything since, in any order */
export function fromEntries(entries: readonly Entry[], after: number): readonly Notification[] {
  const ordered = entries.toSorted((a, b) => a.sequence - b.sequence);
  const rolls = new Map(ordered.filter(isRoll).map((roll) => [roll.sequence, roll]));
  const amendments = ordered.filter((entry) => entry.kind === 'amendment');
  return ordered
    .filter(({ sequence }) => sequence > after)
    .flatMap((entry): readonly Notification[] => {
      if (isRoll(entry)) return ofRoll(entry, fold(entry, amendments));
      const roll = entry.kind === 'amendment' ? rolls.get(entry.amends) : undefined;
      if (entry.kind !== 'amendment' || !roll) return [];
      const known = amendments.filter(({ sequence }) => sequence < entry.sequence);
      return ofAmendment(fold(roll, known), fold(roll, [...known, entry]), entry);
    });
}

/** @param known the same, with what is known of it by now: who did it is often learnt in the same moment */
function ofRoll(roll: RollEntry, known: FoldedRoll): readonly Notification[] {
  // The request never reached ARM: nothing began, and nothing changed.
  if (roll.outcome === 'notStarted') return [];
  return [
    ...startOf(roll),
    ...(roll.kind === 'transition' ? [toChange('NodeImageTransition', 'transition', known)] : []),
    ...(roll.inWindow === false ? [toChange('ChangeOutsideWindow', 'outside', known)] : []),
    ...endOf(roll, roll),
  ];
}

function ofAmendment(before: FoldedRoll, now: FoldedRoll, amendment: Amendment & Entry): readonly Notification[] {
  if (now.outcome === 'notStarted') return [];
  const isOutside = now.inWindow === false && before.inWindow !== false;
  return [
    ...(isOutside ? [toChange('ChangeOutsideWindow', 'outside', now)] : []),
    ...(now.outcome !== before.outcome ? endOf(now, amendment) : []),
  ];
}

type ChangeType = 'NodeImageTransition' | 'ChangeOutsideWindow';

function toChange(type: ChangeType, fact: string, roll: FoldedRoll): Notification<ChangeType> {
  const { kind, completedAt, cause, direction, inWindow, window, attempt, actor, evidence, sequence, hash } = roll;
  const said = { kind, cause, direction, inWindow, windowName: window?.name, attempt, actor: actor?.name, evidence };
  const data = { ...factsOf(roll), ...said, sequence, hash };
  return { type, id: `${fact}|${hash}`, time: completedAt, ...aboutRoll(roll, data) };
}

const aboutRoll = <Data extends object>(roll: RollEntry, data: Data) =>
  aboutPool(roll, (pool) => historyLink(pool, roll.completedAt), data);

function factsOf(roll: FoldedRoll) {
  const { from, to, target, startedAt, completedAt, outcome, proof } = roll;
  const words = { imageNote: imageNote(roll), failure: failureIn(roll) };
  return { from, to, target, ...words, outcome, startedAt, completedAt, proof };
}

function startOf(roll: RollEntry): readonly Notification[] {
  // Of an attempt that begins `to` is what it upgrades to; before targets were recorded, what the pool named in the end.
  const { cluster, nodePool, from, to, target = to, startedAt, startedBetween, outcome, attempt, window } = roll;
  // A request whose answer never came, and whose pool shows nothing of it.
  if (attempt === undefined || (startedAt === undefined && outcome === 'unknown')) return [];
  const { opensAt, closesAt } = window ?? {};
  const occurrence = opensAt !== undefined && closesAt !== undefined ? { opensAt, closesAt } : undefined;
  const facts = { cluster, nodePool, attempt, from, to: target, target, startedAt, window: occurrence };
  return [started(facts, startedAt ?? startedBetween[1])];
}

type EndType = 'AttemptSucceeded' | 'AttemptPartial' | 'AttemptFailed';

const ends: Readonly<Record<Exclude<Outcome, 'notStarted'>, EndType>> = {
  succeeded: 'AttemptSucceeded',
  partial: 'AttemptPartial',
  failed: 'AttemptFailed',
  canceled: 'AttemptFailed',
  unknown: 'AttemptFailed',
};

function endOf(roll: FoldedRoll, said: Pick<Entry, 'sequence' | 'hash' | 'observedAt'>): readonly Notification[] {
  const { completedAt, attempt, outcome } = roll;
  if (attempt === undefined || outcome === 'notStarted') return [];
  const { sequence, hash } = said;
  const data = { ...factsOf(roll), attempt, sequence, hash };
  const time = sequence === roll.sequence ? completedAt : said.observedAt;
  return [{ type: ends[outcome], id: `ended|${hash}`, time, ...aboutRoll(roll, data) }];
}

function failureIn(roll: FoldedRoll): NotificationData<ChangeType>['failure'] {
  const found = roll.outcome === 'succeeded' ? undefined : failureOf(roll);
  return (
    found && {
      class: found.class,
      code: shortened(found.code),
      message: shortened(found.message),
      remedy: shortened(found.remedy),
      next: shortened(found.next),
      nodesLeft: found.nodesLeft,
    }
  );
}
