// Who rolled a pool, by what others did to the cluster; a roll that nothing explains stays unknown. Called by attributeRolls.
import { Temporal } from 'temporal-polyfill';
import { samePool } from '../cluster/cluster.ts';
import type { News } from '../ledger/amendment.ts';
import type { Actor } from '../ledger/entryParts.ts';
import { judgeStart } from '../ledger/judgeStart.ts';
import type { Cause, FoldedRoll, RollEntry } from '../ledger/ledger.ts';
import { type Action, actionsOf } from './action.ts';
import { causeByImages } from './causeOf.ts';
import { type ChangeEvidence, sourceOf } from './changeEvidence.ts';

export type KnownRoll = { readonly row: RollEntry; readonly folded: FoldedRoll };

// ARM may report an operation when it accepts it or when it ends: no document says which. So its moment may lie a little
// before the start, by clocks that differ, and a little after the end, until ARM has asked AKS whether it is done.
const before = 2 * 60_000;
const after = 5 * 60_000;
/** How long before its end a roll may have begun that was under way when the record began. */
const maxRoll = 24 * 3_600_000;

const explains: Readonly<Partial<Record<Cause, readonly Action['what'][]>>> = {
  // A write to the cluster rolls no pool to a newer image of its own: tags and policies write it all the time.
  unknown: ['upgradeNodeImage', 'aksNodeImage', 'aksKubernetes', 'writePool', 'aksUpgrade'],
  kubernetesUpgrade: ['writePool', 'aksKubernetes', 'writeCluster', 'aksUpgrade'],
  rollback: ['writePool', 'writeCluster'],
  reconfiguration: ['writePool', 'writeCluster'],
  securityPatch: ['aksNodeImage', 'upgradeNodeImage'],
};

const causes: Readonly<Record<Action['what'], Cause | undefined>> = {
  upgradeNodeImage: 'manual',
  writePool: 'manual',
  writeCluster: 'manual',
  aksNodeImage: 'aksAutoUpgrade',
  aksKubernetes: 'kubernetesUpgrade',
  aksUpgrade: undefined,
};

// An action explains the one roll of a pool that it lies nearest to. Of several the most telling counts, then the latest,
// since AKS takes no other until the roll has ended.
/** What the evidence says of a roll, unless that is known. @param rolls all of the cluster that may be meant, this one among them */
export function attribute(
  { row, folded }: KnownRoll,
  rolls: readonly KnownRoll[],
  evidence: readonly ChangeEvidence[],
) {
  const ranks = row.outcome === 'notStarted' ? undefined : explains[row.cause];
  if (!ranks) return undefined;
  const siblings = rolls.map((roll) => roll.row).filter(({ nodePool }) => samePool(nodePool, row.nodePool));
  const rank = ({ what }: Action) => ranks.indexOf(what);
  const [action] = actionsOf(evidence)
    .filter((one) => ranks.includes(one.what) && isAbout(one, row) && nearest(one, siblings) === row.sequence)
    .sort((a, b) => rank(a) - rank(b) || b.to - a.to || (a.evidence.id < b.evidence.id ? -1 : 1));
  if (!action) return undefined;
  const news = newsOf(action, row, folded, siblings);
  return saysMore(news, folded) ? news : undefined;
}

function newsOf(action: Action, row: RollEntry, folded: FoldedRoll, siblings: readonly RollEntry[]): News {
  const { evidence, actor } = action;
  // A request of the keeper's whose answer was lost may be what ARM reports here: an application's name does not tell.
  const mayBeOurs = row.attempt !== undefined && actor?.kind !== 'person' && actor?.kind !== 'aks';
  const shown = row.cause === 'unknown' && !mayBeOurs ? causeShown(action, row) : undefined;
  // What another action was taken to have caused goes with whoever was named for it.
  const cause = shown ?? (folded.cause === row.cause ? undefined : row.cause);
  // What may tell of the end of the roll before leaves open when this one began (seed 700050).
  const mayBeAnothers = siblings.some((other) => other.sequence !== row.sequence && fits(action, other));
  const inWindow = mayBeAnothers ? undefined : judgedAnew(action, row);
  const isScheduled = evidence.kind === 'scheduled';
  return {
    source: { name: sourceOf(evidence), id: isScheduled ? evidence.eventId : evidence.id },
    actor,
    cause,
    inWindow,
    reason: isScheduled
      ? (evidence.details ?? 'Scheduled by AKS.')
      : `${evidence.operation} at ${evidence.at.toString()}`,
    raw: evidence.raw,
  };
}

function causeShown({ what }: Action, { from, to }: RollEntry): Cause | undefined {
  const cause = causes[what];
  const byImages = causeByImages(from, to);
  return cause === 'manual' && byImages !== 'unknown' && byImages !== 'securityPatch' ? byImages : cause;
}

/** Judged on less than the whole interval, where the action narrows it: no request is sent after it was reported. */
function judgedAnew({ began }: Action, row: RollEntry): boolean | undefined {
  const [from, by] = row.startedBetween;
  if (row.inWindow !== 'unknown' || !row.window || row.startedAt !== undefined || from === null) return undefined;
  const earliest = Math.max(Date.parse(from), (began.from ?? Number.NEGATIVE_INFINITY) - before);
  const latest = Math.min(Date.parse(by), (began.by ?? Number.POSITIVE_INFINITY) + before);
  if (earliest > latest) return undefined;
  const instant = (milliseconds: number) => Temporal.Instant.fromEpochMilliseconds(milliseconds);
  const reading = { ...row.window, readAt: Temporal.Instant.from(row.window.readAt) };
  const { inWindow } = judgeStart({ startedBetween: [instant(earliest), instant(latest)] }, reading);
  return inWindow === 'unknown' ? undefined : inWindow;
}

function saysMore(news: News, folded: FoldedRoll): boolean {
  const names = (actor: Actor | undefined) => JSON.stringify([actor?.kind, actor?.name, actor?.correlationId]);
  return (
    (news.actor !== undefined && names(news.actor) !== names(folded.actor)) ||
    (news.cause !== undefined && news.cause !== folded.cause) ||
    (news.inWindow !== undefined && news.inWindow !== folded.inWindow)
  );
}

function isAbout(action: Action, row: RollEntry): boolean {
  return (action.nodePool === undefined || samePool(action.nodePool, row.nodePool)) && fits(action, row);
}

function fits(action: Action, row: RollEntry): boolean {
  const [began, ended] = spanOf(row);
  return action.to >= began - before && action.from <= ended + after;
}

/** The one roll of the pool that an action explains, if any: AKS rolls a pool once in a maintenance, and not what we rolled. */
function nearest(action: Action, rows: readonly RollEntry[]): number | undefined {
  return rows
    .filter((row) => fits(action, row) && !(action.evidence.kind === 'scheduled' && row.cause === 'keeper'))
    .map((row) => ({ sequence: row.sequence, distance: distance(action, surelyRolling(row)) }))
    .sort((a, b) => a.distance - b.distance || a.sequence - b.sequence)[0]?.sequence;
}

/** A long time in which a roll may have begun brings it no nearer to an action than the roll whose end that tells (seed 3100630). */
function surelyRolling(row: RollEntry): readonly [number, number] {
  return [Date.parse(row.startedAt ?? row.startedBetween[1]), Date.parse(row.completedAt)];
}

function distance({ from, to }: Action, [began, ended]: readonly [number, number]): number {
  return Math.max(began - to, from - ended, 0);
}

function spanOf({ startedAt, startedBetween, completedAt }: RollEntry): readonly [number, number] {
  const ended = Date.parse(completedAt);
  const began = startedAt ?? startedBetween[0];
  return [began === null ? ended - maxRoll : Date.parse(began), ended];
}
