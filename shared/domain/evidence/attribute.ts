// Who rolled a pool, by what others did to the cluster; a roll that nothing explains stays unknown. Called by attributeRolls.
import { Temporal } from 'temporal-polyfill';
import { samePool } from '../cluster/cluster.ts';
import type { News } from '../ledger/amendment.ts';
import type { Actor, JudgedWindow } from '../ledger/entryParts.ts';
import { type Judgement, judgeStart, type Start } from '../ledger/judgeStart.ts';
import type { Cause, FoldedRoll, RollEntry } from '../ledger/ledger.ts';
import { causeByImages } from '../observe/causeOf.ts';
import { type Action, actionsOf, fits, isAbout, nearest, slackBefore } from './action.ts';
import { type ChangeEvidence, isConfirmed, sourceOf } from './changeEvidence.ts';
import { byKeeper } from './keeperAction.ts';

export type KnownRoll = { readonly row: RollEntry; readonly folded: FoldedRoll };

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
/**
 * What the evidence says of a roll, unless that is known.
 * @param rolls all of the cluster that may be meant, this one among them @param ownIds what the keeper's identity goes by
 */
export function attribute(
  { row, folded }: KnownRoll,
  rolls: readonly KnownRoll[],
  evidence: readonly ChangeEvidence[],
  ownIds: readonly string[] = [],
): News | undefined {
  const ranks = row.outcome === 'notStarted' ? undefined : explains[row.cause];
  if (!ranks) return undefined;
  const siblings = rolls.map((roll) => roll.row).filter(({ nodePool }) => samePool(nodePool, row.nodePool));
  const rank = ({ what }: Action) => (ranks.includes(what) ? ranks.indexOf(what) : ranks.length);
  const [action] = actionsOf(evidence)
    .filter((one) => mayExplain(one, ranks) && isAbout(one, row) && nearest(one, siblings) === row.sequence)
    .sort(
      (a, b) =>
        refusal(a) - refusal(b) ||
        rank(a) - rank(b) ||
        doubt(a) - doubt(b) ||
        b.to - a.to ||
        (a.evidence.id < b.evidence.id ? -1 : 1),
    );
  if (!action) return undefined;
  const news = newsOf(action, row, folded, siblings, ownIds);
  return saysMore(news, folded) ? news : undefined;
}

/** A write of the cluster that fails as a roll does is none of the many that roll nothing: az aks upgrade sends one. */
function mayExplain({ what, hasFailed }: Action, ranks: readonly Action['what'][]): boolean {
  return ranks.includes(what) || (what === 'writeCluster' && hasFailed);
}

/** A failure that only an event tells of may be that of a request which ARM refused. */
const refusal = ({ evidence, hasFailed }: Action) => (hasFailed && !isConfirmed(evidence) ? 1 : 0);
const doubt = ({ evidence }: Action) => (isConfirmed(evidence) ? 0 : 1);

function newsOf(
  action: Action,
  row: RollEntry,
  folded: FoldedRoll,
  siblings: readonly RollEntry[],
  ownIds: readonly string[],
): News {
  const { evidence, actor } = action;
  const attempts = siblings.flatMap(({ attempt }) => attempt ?? []);
  const ours = byKeeper(action, row, attempts, ownIds);
  const shown = row.cause === 'unknown' ? (ours ? ours.cause : causeShown(action, row)) : undefined;
  // What another action was taken to have caused goes with whoever was named for it.
  const cause = shown ?? (folded.cause === row.cause ? undefined : row.cause);
  // What may tell of the end of the roll before leaves open when this one began (seed 700050).
  const mayBeAnothers = siblings.some((other) => other.sequence !== row.sequence && fits(action, other));
  const judged = mayBeAnothers ? {} : judgedAnew(action, row);
  const isScheduled = evidence.kind === 'scheduled';
  return {
    source: { name: sourceOf(evidence), id: isScheduled ? evidence.eventId : evidence.id },
    actor,
    cause,
    ...judged,
    evidence: isConfirmed(evidence) ? 'confirmed' : 'reported',
    reason: isScheduled
      ? (evidence.details ?? 'Scheduled by AKS.')
      : `${ours?.says ?? ''}${evidence.operation} at ${evidence.at.toString()}`,
    raw: evidence.raw,
  };
}

function causeShown({ what, actor }: Action, { from, to }: RollEntry): Cause | undefined {
  const cause = causes[what];
  const byImages = causeByImages(from, to);
  if (actor?.kind === 'aks' && cause === 'manual') return undefined;
  return cause === 'manual' && byImages !== 'unknown' && byImages !== 'securityPatch' ? byImages : cause;
}

/** Judged on less than the whole interval, where the action narrows it: no request is sent after it was reported. */
function judgedAnew(action: Action, row: RollEntry): Partial<Judgement> {
  if (row.inWindow !== 'unknown') return {};
  if (row.kubernetesWindow) return byWhatItWas(action, row, row.kubernetesWindow);
  return row.window && row.startedAt === undefined ? anew(row.window, startOf(action, row)) : {};
}

/** Outside of the window of node images: inside, if at all, as an upgrade of Kubernetes by AKS. See judgeRoll. */
function byWhatItWas(action: Action, row: RollEntry, window: JudgedWindow): Partial<Judgement> {
  if (action.what === 'aksUpgrade') return {};
  if (action.what !== 'aksKubernetes') return { inWindow: false };
  const start =
    row.startedAt === undefined ? startOf(action, row) : { startedAt: Temporal.Instant.from(row.startedAt) };
  const found = anew(window, start);
  return found.inWindow === undefined ? {} : { ...found, window };
}

function startOf({ began }: Action, { startedBetween: [from, by] }: RollEntry): Partial<Start> | undefined {
  if (from === null) return undefined;
  const earliest = Math.max(Date.parse(from), (began.from ?? Number.NEGATIVE_INFINITY) - slackBefore);
  const latest = Math.min(Date.parse(by), (began.by ?? Number.POSITIVE_INFINITY) + slackBefore);
  const instant = (milliseconds: number) => Temporal.Instant.fromEpochMilliseconds(milliseconds);
  return earliest > latest ? undefined : { startedBetween: [instant(earliest), instant(latest)] };
}

function anew({ maintenanceWindow, readAt }: JudgedWindow, start: Partial<Start> | undefined): Partial<Judgement> {
  const reading = { maintenanceWindow, readAt: Temporal.Instant.from(readAt) };
  const found = start && judgeStart({ startedBetween: [null, reading.readAt], ...start }, reading);
  return found && found.inWindow !== 'unknown' ? { inWindow: found.inWindow } : {};
}

function saysMore(news: News, folded: FoldedRoll): boolean {
  const isConfirmedNow = news.evidence === 'confirmed';
  // What the Activity Log has said is not changed by an event that it does not confirm.
  if (folded.evidence === 'confirmed' && !isConfirmedNow && news.source.name === 'resourceEvents') return false;
  if (isConfirmedNow && folded.evidence !== 'confirmed') return true;
  const names = (actor: Actor | undefined) => JSON.stringify([actor?.kind, actor?.name, actor?.correlationId]);
  return (
    (news.actor !== undefined && names(news.actor) !== names(folded.actor)) ||
    (news.cause !== undefined && news.cause !== folded.cause) ||
    (news.inWindow !== undefined && news.inWindow !== folded.inWindow)
  );
}
