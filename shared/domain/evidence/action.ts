// Evidence as actions: what a person or AKS did to a cluster, when, and which roll it may explain. Called by attribute.
import { samePool } from '../cluster/cluster.ts';
import type { Actor } from '../ledger/entryParts.ts';
import type { RollEntry } from '../ledger/ledger.ts';
import { byTime } from '../text/stored.ts';
import type { ChangeEvidence, OperationEvidence, ScheduledEvidence } from './changeEvidence.ts';

/** From `from` to `to`: one moment for an operation, a span for AKS's maintenance. Epoch milliseconds. */
export type Action = {
  readonly what: 'upgradeNodeImage' | 'writePool' | 'writeCluster' | 'aksNodeImage' | 'aksKubernetes' | 'aksUpgrade';
  readonly evidence: ChangeEvidence;
  readonly nodePool?: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly began: { readonly from?: number | undefined; readonly by?: number | undefined };
  readonly actor: Actor | undefined;
  /** It did not end well, and nor did what it rolled. */
  readonly hasFailed: boolean;
};

export function actionsOf(evidence: readonly ChangeEvidence[]): readonly Action[] {
  const scheduled = evidence.filter((one) => one.kind === 'scheduled');
  return [
    ...evidence.flatMap((one) => (one.kind === 'operation' ? ofOperation(one) : [])),
    ...[...Map.groupBy(scheduled, ({ eventId }) => eventId).values()].flatMap(ofMaintenance),
  ];
}

const operations = [
  ['upgradeNodeImage', /\/agentPools\/upgradeNodeImageVersion\/(action|write)$/i],
  ['writePool', /\/managedClusters\/agentPools\/write$/i],
  ['writeCluster', /\/managedClusters\/write$/i],
] as const;

function ofOperation(evidence: OperationEvidence): readonly Action[] {
  const { operation, status, nodePool, actor, at, logged, isUnlogged } = evidence;
  const asked = kindOf(operation);
  if (!asked || isUnlogged || logged?.isRefused || (asked !== 'writeCluster' && !nodePool)) return [];
  const what = actor && isAks(actor) ? byAks[asked] : asked;
  const from = (logged?.from ?? at).epochMilliseconds;
  const to = (logged?.to ?? at).epochMilliseconds;
  const began = logged ? { from, by: from } : { by: to };
  const about = { what, evidence, nodePool: nodePool || undefined, hasFailed: status !== 'succeeded' };
  return [{ ...about, from, to, began, actor: actor && named(actor) }];
}

export function kindOf(operation: string): (typeof operations)[number][0] | undefined {
  return operations.find(([, pattern]) => pattern.test(operation))?.[0];
}

/** What the Activity Log shows as initiated by Microsoft.ContainerService; the id is that of AKS's own application. */
function isAks({ kind, name }: Actor): boolean {
  const isItsName = /^(Microsoft\.ContainerService|Azure Kubernetes Service|AzureContainerService)$/i.test(name);
  return kind === 'aks' || (kind === 'application' && (isItsName || name.includes(aksApplication)));
}

const aksApplication = '7319c514-987d-4e9b-ac3d-d38c4f427f4c';
const byAks = { upgradeNodeImage: 'aksNodeImage', writePool: 'aksUpgrade', writeCluster: 'writeCluster' } as const;

function named(actor: Actor): Actor {
  return isAks(actor) ? { kind: 'aks', name: 'AKS', correlationId: actor.correlationId } : actor;
}

const maintenances: Readonly<Record<string, Action['what']>> = {
  nodeImage: 'aksNodeImage',
  kubernetes: 'aksKubernetes',
  upgrade: 'aksUpgrade',
};

/** The stages of one maintenance as one span. What was only announced, or called off, has rolled nothing. */
function ofMaintenance(stages: readonly ScheduledEvidence[]): readonly Action[] {
  const ordered = stages
    .filter(({ status, about }) => about in maintenances && /^(started|completed|failed)$/.test(status))
    .toSorted((a, b) => byTime(a.at, b.at));
  const [first, last] = [ordered[0], ordered.at(-1)];
  const kinds = ordered.flatMap(({ about }) => maintenances[about] ?? []);
  const what = kinds.find((kind) => kind !== 'aksUpgrade') ?? kinds[0];
  if (!first || !last || !what) return [];
  const starts = ordered.flatMap(({ status, at, startedAt }) => [
    ...(startedAt ? [startedAt.epochMilliseconds] : []),
    ...(status === 'started' ? [at.epochMilliseconds] : []),
  ]);
  const from = Math.min(first.at.epochMilliseconds, ...starts);
  const to = last.at.epochMilliseconds;
  const evidence = ordered.find(({ details }) => details !== undefined) ?? first;
  const began = { from: starts.length > 0 ? from : undefined, by: last.status === 'started' ? undefined : to };
  const actor = { kind: 'aks', name: 'AKS', correlationId: first.eventId } as const;
  return [{ what, evidence, from, to, began, actor, hasFailed: false }];
}

// ARM may report an operation when it accepts it or when it ends: no document says which. So its moment may lie a little
// before the start, by clocks that differ, and a little after the end, until ARM has asked AKS whether it is done.
export const slackBefore = 2 * 60_000;
const slackAfter = 5 * 60_000;
/** How long before its end a roll may have begun that was under way when the record began. */
const maxRoll = 24 * 3_600_000;

export function isAbout(action: Action, row: RollEntry): boolean {
  return (action.nodePool === undefined || samePool(action.nodePool, row.nodePool)) && fits(action, row);
}

export function fits(action: Action, row: RollEntry): boolean {
  const [began, ended] = spanOf(row);
  if (action.hasFailed && !isEndOf(action, row, ended)) return false;
  return action.to >= began - slackBefore && action.from <= ended + slackAfter;
}

/**
 * A failure explains a roll that did not end well, and is told when that ends: one that comes earlier is of a request that ARM
 * refused, since the pool was busy.
 */
function isEndOf({ to }: Action, { outcome }: RollEntry, ended: number): boolean {
  const hasFailed = outcome === 'failed' || outcome === 'canceled' || outcome === 'unknown';
  return hasFailed && to >= ended - slackBefore && to <= ended + slackAfter;
}

/** The one roll of the pool that an action explains, if any: AKS rolls a pool once in a maintenance, and not what we rolled. */
export function nearest(action: Action, rows: readonly RollEntry[]): number | undefined {
  return (
    rows
      .filter((row) => row.outcome !== 'notStarted' && fits(action, row))
      .filter((row) => !(action.evidence.kind === 'scheduled' && row.cause === 'keeper'))
      .map((row) => ({ row, sequence: row.sequence, distance: distance(action, surelyRolling(row)) }))
      // Where nothing is known to have ended, it may have been nothing.
      .sort((a, b) => a.distance - b.distance || endless(a.row) - endless(b.row) || a.sequence - b.sequence)[0]
      ?.sequence
  );
}

const endless = ({ outcome }: RollEntry) => (outcome === 'unknown' ? 1 : 0);

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
