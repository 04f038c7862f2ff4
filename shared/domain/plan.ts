// The planner: facts about one cluster -> a decision for each of its pools. Pure; called at every pass on stored facts,
// and again on fresh reads right before a start.
import type { Temporal } from 'temporal-polyfill';
import type { Attempt } from './attempt.ts';
import { type Cluster, type NodePool, samePool } from './cluster.ts';
import { type Decision, gateOrder, type RefusalReason, verdicts } from './decision.ts';
import { estimateMinutes } from './estimate.ts';
import { gates, type PoolContext, type Refusal } from './gates.ts';
import type { WindowReading } from './judgeStart.ts';
import type { PoolHead } from './ledger.ts';
import { windowAt } from './maintenanceWindow.ts';
import { parseMaintenanceWindow } from './maintenanceWindowParse.ts';
import { parseNodeImageVersion } from './nodeImageVersion.ts';
import type { PolicyInForce } from './policy.ts';

/** A value that was read, or why it could not be. JSON drops `value` when it is undefined: ask for `problem`. */
export type Read<T> = { readonly value?: T } | { readonly problem: string };

/** What a starter found out about a pool: it holds until `retryAt`, so that decisions don't flap. */
export type StarterVerdict = {
  readonly nodePool: string;
  readonly reason: 'clusterBusy' | 'retryLater';
  readonly message: string;
  readonly retryAt: string;
};

/** What the planner knows of one cluster. */
export type ClusterFacts = {
  readonly cluster: Cluster;
  /** Why the cluster itself could not be read; then `cluster` is the last that was. */
  readonly problem?: string | undefined;
  readonly window: Read<WindowReading>;
  /** Latest node image of each pool by its lower-case name. */
  readonly latest: Readonly<Record<string, Read<string | undefined>>>;
  readonly heads: readonly PoolHead[];
  readonly attempt?: Attempt | undefined;
  readonly verdicts: readonly StarterVerdict[];
  /** On fresh reads only: the Date of ARM's answer, or undefined when it gave none. */
  readonly armDate?: { readonly value: Temporal.Instant | undefined };
};

/** The decisions on all pools of a cluster: at most one of them is `start`. */
export function plan(facts: ClusterFacts, policy: PolicyInForce, now: Temporal.Instant): readonly Decision[] {
  const window = readWindow(facts, now);
  const judged = facts.cluster.nodePools.map((pool) => judge(contextOf(facts, policy, pool, window, now)));
  const next = judged.filter((pool) => pool.refusals.every(isLastMinute)).sort(byPoolOrder)[0];
  return judged.map((pool) => {
    const isNext = next === undefined || pool === next || !pool.refusals.every(isLastMinute);
    const refusals = isNext ? pool.refusals : [...pool.refusals, afterPool(next.context.pool)];
    return toDecision(pool.context, refusals, now);
  });
}

type JudgedPool = { readonly context: PoolContext; readonly refusals: readonly Refusal[] };

// These refuse the whole cluster alike, so they don't decide whose turn it is.
function isLastMinute(refusal: Refusal): boolean {
  return refusal.reason === 'clockSkew' || refusal.reason === 'observeOnly';
}

function judge(context: PoolContext): JudgedPool {
  return { context, refusals: gates.flatMap((gate) => gate(context) ?? []) };
}

function readWindow(facts: ClusterFacts, now: Temporal.Instant): PoolContext['window'] {
  if ('problem' in facts.window) return { kind: 'notRead', problem: facts.window.problem };
  const maintenanceWindow = facts.window.value?.maintenanceWindow;
  if (maintenanceWindow === undefined) return { kind: 'none' };
  const parsed = parseMaintenanceWindow(maintenanceWindow);
  if (!parsed.ok) return { kind: 'unreadable', problems: parsed.problems };
  const at = windowAt(parsed.window, now);
  return { kind: 'window', window: parsed.window, at };
}

function contextOf(
  facts: ClusterFacts,
  policy: PolicyInForce,
  pool: NodePool,
  window: PoolContext['window'],
  now: Temporal.Instant,
): PoolContext {
  return {
    facts,
    policy,
    pool,
    window,
    now,
    latest: facts.latest[pool.name.toLowerCase()] ?? neverRead(pool),
    head: facts.heads.find((head) => samePool(head.nodePool, pool.name)),
    estimateMinutes: estimateMinutes(pool),
  };
}

// AKS has no upgrade profile for the pools it manages itself, so none is asked for.
function neverRead(pool: NodePool): Read<string | undefined> {
  return pool.mode.toLowerCase() === 'machines' ? {} : { problem: 'its upgrade profile has not been read yet' };
}

// User pools before system pools, and the pool longest behind first, so that none starves.
function byPoolOrder(a: JudgedPool, b: JudgedPool): number {
  const [poolA, poolB] = [a.context.pool, b.context.pool];
  return (
    Number(isSystem(poolA)) - Number(isSystem(poolB)) ||
    releaseDate(poolA).localeCompare(releaseDate(poolB)) ||
    poolA.name.localeCompare(poolB.name)
  );
}

function isSystem(pool: NodePool): boolean {
  return pool.mode.toLowerCase() === 'system';
}

function releaseDate(pool: NodePool): string {
  return parseNodeImageVersion(pool.nodeImageVersion ?? '')?.releaseDate ?? '';
}

function afterPool(first: NodePool): Refusal {
  return { reason: 'poolOrder', sentence: `One pool at a time: pool ${first.name} of this cluster goes first.` };
}

function toDecision(context: PoolContext, refusals: readonly Refusal[], now: Temporal.Instant): Decision {
  const ordered = [...refusals].sort((a, b) => rank(a.reason) - rank(b.reason));
  const [first, ...others] = ordered;
  const latest = 'problem' in context.latest ? undefined : context.latest.value;
  const about = {
    cluster: context.facts.cluster.id,
    nodePool: context.pool.name,
    ...(context.pool.nodeImageVersion ? { current: context.pool.nodeImageVersion } : {}),
    ...(latest ? { latest } : {}),
    decidedAt: now.toString(),
  };
  if (!first) return { ...about, ...startOf(context, latest), also: [] };
  return {
    ...about,
    verdict: verdicts[first.reason],
    reason: first.reason,
    sentence: first.sentence,
    also: others.map(({ reason, sentence }) => ({ reason, sentence })),
    ...(first.nextEligibleAt ? { nextEligibleAt: first.nextEligibleAt.toString() } : {}),
  };
}

function startOf({ pool, window, estimateMinutes }: PoolContext, latest: string | undefined) {
  if (window.kind !== 'window' || window.at.state !== 'open') throw new Error('A start needs an open window.');
  const { occurrence } = window.at;
  const minutesOpen = occurrence.opensAt.until(occurrence.closesAt).total('minutes');
  return {
    verdict: 'start' as const,
    reason: 'start' as const,
    sentence: `Pool ${pool.name} is upgraded from ${pool.nodeImageVersion} to ${latest}: its window is open.`,
    window: { opensAt: occurrence.opensAt.toString(), closesAt: occurrence.closesAt.toString() },
    estimateMinutes,
    ...(estimateMinutes > minutesOpen ? { willOverrun: true as const } : {}),
  };
}

function rank(reason: RefusalReason): number {
  return gateOrder.indexOf(reason);
}
