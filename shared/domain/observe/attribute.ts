// Who rolled a pool, by the evidence: what others did to the cluster, held against when the roll can have started and
// ended. Only what the evidence shows; where nothing explains a roll, its cause stays unknown. Called by attributeRolls.
import { Temporal } from 'temporal-polyfill';
import { samePool } from '../cluster/cluster.ts';
import type { News } from '../ledger/amendment.ts';
import { judgeStart } from '../ledger/judgeStart.ts';
import type { Actor, Cause, FoldedRoll, RollEntry } from '../ledger/ledger.ts';
import { byTime } from '../text/stored.ts';
import { causeByImages } from './causeOf.ts';
import { type ChangeEvidence, type OperationEvidence, type ScheduledEvidence, sourceOf } from './changeEvidence.ts';

/** A roll as it was recorded, and as it stands with what was learnt since. */
export type KnownRoll = { readonly row: RollEntry; readonly folded: FoldedRoll };

/** What somebody did, from `from` to `to`: one moment for an operation, a span for AKS's maintenance. Epoch milliseconds. */
type Deed = {
  readonly what: 'upgradeNodeImage' | 'writePool' | 'writeCluster' | 'aksNodeImage' | 'aksKubernetes' | 'aksUpgrade';
  readonly evidence: ChangeEvidence;
  readonly nodePool?: string;
  readonly from: number;
  readonly to: number;
  /** The roll began no earlier and no later than that, as far as the deed tells. */
  readonly began: { readonly from?: number; readonly by?: number };
  readonly actor: Actor | undefined;
};

// ARM may report an operation when it accepts it or when it ends: no document says which. So its moment may lie a little
// before the start, by clocks that differ, and a little after the end, until ARM has asked AKS whether it is done.
const before = 2 * 60_000;
const after = 5 * 60_000;
/** How long before its end a roll may have begun that was under way when the record began. */
const longestRoll = 24 * 3_600_000;

/** The deeds that explain a roll of each recorded cause, the most telling first. */
const explains: Readonly<Partial<Record<Cause, readonly Deed['what'][]>>> = {
  // A write to the cluster rolls no pool to a newer image of its own: tags and policies write it all the time.
  unknown: ['upgradeNodeImage', 'aksNodeImage', 'aksKubernetes', 'writePool', 'aksUpgrade'],
  kubernetesUpgrade: ['writePool', 'aksKubernetes', 'writeCluster', 'aksUpgrade'],
  rollback: ['writePool', 'writeCluster'],
  reconfiguration: ['writePool', 'writeCluster'],
  securityPatch: ['aksNodeImage', 'upgradeNodeImage'],
};

const causes: Readonly<Record<Deed['what'], Cause | undefined>> = {
  upgradeNodeImage: 'manual',
  writePool: 'manual',
  writeCluster: 'manual',
  aksNodeImage: 'aksAutoUpgrade',
  aksKubernetes: 'kubernetesUpgrade',
  aksUpgrade: undefined,
};

/**
 * What the evidence says of a roll, unless that is known already. An operation explains one roll of a pool only, the
 * one it lies nearest to; of several that explain a roll the most telling counts, and among those the latest, since AKS
 * takes no other until the roll has ended. The answer does not depend on the order in which evidence came.
 * @param rolls all rolls of the cluster that may be meant, this one among them
 */
export function attribute(
  { row, folded }: KnownRoll,
  rolls: readonly KnownRoll[],
  evidence: readonly ChangeEvidence[],
): News | undefined {
  const ranks = row.outcome === 'notStarted' ? undefined : explains[row.cause];
  if (!ranks) return undefined;
  const siblings = rolls.map((roll) => roll.row).filter(({ nodePool }) => samePool(nodePool, row.nodePool));
  const [deed] = deedsOf(evidence)
    .filter((one) => ranks.includes(one.what) && isAbout(one, row) && nearest(one, siblings) === row.sequence)
    .sort(
      (a, b) =>
        ranks.indexOf(a.what) - ranks.indexOf(b.what) || b.to - a.to || (a.evidence.id < b.evidence.id ? -1 : 1),
    );
  if (!deed) return undefined;
  const news = newsOf(deed, row, folded, siblings);
  return saysMore(news, folded) ? news : undefined;
}

function newsOf(deed: Deed, row: RollEntry, folded: FoldedRoll, siblings: readonly RollEntry[]): News {
  const { evidence, actor } = deed;
  // A request of the keeper's whose answer was lost may be what ARM reports here: an application's name does not tell.
  const mayBeOurs = row.attempt !== undefined && actor?.kind !== 'person' && actor?.kind !== 'aks';
  const shown = row.cause === 'unknown' && !mayBeOurs ? causeShown(deed, row) : undefined;
  // What another deed was taken to have caused goes with whoever was named for it.
  const cause = shown ?? (folded.cause === row.cause ? undefined : row.cause);
  // What may tell of the end of the roll before leaves open when this one began (seed 700050).
  const mayBeAnothers = siblings.some((other) => other.sequence !== row.sequence && fits(deed, other));
  const inWindow = mayBeAnothers ? undefined : judgedAnew(deed, row);
  return {
    source: { name: sourceOf(evidence), id: evidence.kind === 'scheduled' ? evidence.eventId : evidence.id },
    ...(actor && { actor }),
    ...(cause && { cause }),
    ...(inWindow !== undefined && { inWindow }),
    reason:
      evidence.kind === 'scheduled'
        ? (evidence.details ?? 'Scheduled by AKS.')
        : `${evidence.operation} at ${evidence.at.toString()}`,
    ...(evidence.raw !== undefined && { raw: evidence.raw }),
  };
}

/** What a person did by hand may have been a step backward: of an attempt that failed, the record does not say so itself. */
function causeShown({ what }: Deed, { from, to }: RollEntry): Cause | undefined {
  const cause = causes[what];
  const byImages = causeByImages(from, to);
  return cause === 'manual' && byImages !== 'unknown' && byImages !== 'securityPatch' ? byImages : cause;
}

/** Judged on less than the whole interval, where the deed narrows it: no request is sent after it was reported. */
function judgedAnew({ began }: Deed, row: RollEntry): boolean | undefined {
  const [from, by] = row.startedBetween;
  if (row.inWindow !== 'unknown' || !row.window || row.startedAt !== undefined || from === null) return undefined;
  const earliest = Math.max(Date.parse(from), (began.from ?? Number.NEGATIVE_INFINITY) - before);
  const latest = Math.min(Date.parse(by), (began.by ?? Number.POSITIVE_INFINITY) + before);
  if (earliest > latest) return undefined;
  const startedBetween = [
    Temporal.Instant.fromEpochMilliseconds(earliest),
    Temporal.Instant.fromEpochMilliseconds(latest),
  ] as const;
  const reading = { ...row.window, readAt: Temporal.Instant.from(row.window.readAt) };
  const { inWindow } = judgeStart({ startedBetween }, reading);
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

/** Close enough in time, and on the roll's own pool where it names one. */
function isAbout(deed: Deed, row: RollEntry): boolean {
  return (deed.nodePool === undefined || samePool(deed.nodePool, row.nodePool)) && fits(deed, row);
}

function fits(deed: Deed, row: RollEntry): boolean {
  const [began, ended] = spanOf(row);
  return deed.to >= began - before && deed.from <= ended + after;
}

/** The one roll of the pool that a deed explains, if any: AKS rolls a pool once in a maintenance, and not what we rolled. */
function nearest(deed: Deed, rows: readonly RollEntry[]): number | undefined {
  return rows
    .filter((row) => fits(deed, row) && !(deed.evidence.kind === 'scheduled' && row.cause === 'keeper'))
    .map(({ sequence, ...row }) => ({ sequence, distance: distance(deed, spanOf(row)) }))
    .sort((a, b) => a.distance - b.distance || a.sequence - b.sequence)[0]?.sequence;
}

function distance({ from, to }: Deed, [began, ended]: readonly [number, number]): number {
  return Math.max(began - to, from - ended, 0);
}

/** When the roll was under way, at the widest. */
function spanOf({
  startedAt,
  startedBetween,
  completedAt,
}: Pick<RollEntry, 'startedAt' | 'startedBetween' | 'completedAt'>): readonly [number, number] {
  const ended = Date.parse(completedAt);
  const began = startedAt ?? startedBetween[0];
  return [began === null ? ended - longestRoll : Date.parse(began), ended];
}

function deedsOf(evidence: readonly ChangeEvidence[]): readonly Deed[] {
  const scheduled = evidence.filter((one) => one.kind === 'scheduled');
  return [
    ...evidence.flatMap((one) => (one.kind === 'operation' ? ofOperation(one) : [])),
    ...[...Map.groupBy(scheduled, ({ eventId }) => eventId).values()].flatMap(ofMaintenance),
  ];
}

function ofOperation(evidence: OperationEvidence): readonly Deed[] {
  const { operation, status, nodePool, actor, at } = evidence;
  const what = kindOf(operation);
  if (!what || status !== 'succeeded' || (what !== 'writeCluster' && !nodePool)) return [];
  const moment = at.epochMilliseconds;
  return [{ what, evidence, ...(nodePool && { nodePool }), from: moment, to: moment, began: { by: moment }, actor }];
}

function kindOf(operation: string): 'upgradeNodeImage' | 'writePool' | 'writeCluster' | undefined {
  if (/\/agentPools\/upgradeNodeImageVersion\/(action|write)$/i.test(operation)) return 'upgradeNodeImage';
  if (/\/managedClusters\/agentPools\/write$/i.test(operation)) return 'writePool';
  return /\/managedClusters\/write$/i.test(operation) ? 'writeCluster' : undefined;
}

/** The stages of one maintenance as one span. What was only announced, or called off, has rolled nothing. */
function ofMaintenance(stages: readonly ScheduledEvidence[]): readonly Deed[] {
  const ordered = stages
    .filter(({ status }) => status === 'started' || status === 'completed' || status === 'failed')
    .toSorted((a, b) => byTime(a.at, b.at));
  const [first, last] = [ordered[0], ordered.at(-1)];
  const abouts = ordered.map(({ about }) => about);
  const about =
    abouts.find((one) => one === 'nodeImage' || one === 'kubernetes') ?? abouts.find((one) => one === 'upgrade');
  if (!first || !last || !about) return [];
  const starts = ordered.flatMap(({ status, at, startedAt }) => [
    ...(startedAt === undefined ? [] : [startedAt.epochMilliseconds]),
    ...(status === 'started' ? [at.epochMilliseconds] : []),
  ]);
  const from = Math.min(first.at.epochMilliseconds, ...starts);
  const to = last.at.epochMilliseconds;
  return [
    {
      what: maintenances[about],
      evidence: ordered.find(({ details }) => details !== undefined) ?? first,
      from,
      to,
      began: { ...(starts.length > 0 && { from }), ...(last.status !== 'started' && { by: to }) },
      actor: { kind: 'aks', name: 'AKS', correlationId: first.eventId },
    },
  ];
}

const maintenances = { nodeImage: 'aksNodeImage', kubernetes: 'aksKubernetes', upgrade: 'aksUpgrade' } as const;
