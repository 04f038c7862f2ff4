// The weekly report: what security and the teams ask about a week. Called by the use case buildReport.
import { clusterKey } from '../cluster/cluster.ts';
import { failureOf, type RowFailure } from '../failure/explainRow.ts';
import { isRoll, timeOf } from '../ledger/historyRow.ts';
import type { Actor, FoldedRoll, HistoryRow } from '../ledger/ledger.ts';
import type { Decision } from '../plan/decision.ts';
import { type KnownWindow, knownWindow } from '../window/knownWindow.ts';
import { nextOpening } from '../window/maintenanceWindow.ts';
import { type Compliance, complianceOf, teamOf } from './compliance.ts';
import { type MissedWindows, missedWindows } from './missedWindows.ts';
import { type PoolStanding, poolStanding, usualStale } from './poolStatus.ts';
import type { ReportFacts, ReportPool, TrendPoint } from './reportFacts.ts';
import { type ReleasePatch, timeToPatch } from './timeToPatch.ts';

type Named = { readonly cluster: string; readonly nodePool: string };

type OutOfPolicy = Named & {
  readonly status: 'stale' | 'outOfSupport' | 'unknown';
  readonly current?: string;
  readonly latest?: string;
  readonly team?: string;
  readonly ring?: string;
  readonly reason: Decision['reason'];
  readonly sentence: string;
  readonly nextWindow?: string;
  readonly hold?: string;
} & Omit<PoolStanding, 'status'>;

type ReportedRoll = Named &
  Pick<FoldedRoll, 'kind' | 'completedAt' | 'cause' | 'inWindow' | 'outcome' | 'proof' | 'error'> & {
    readonly from: string;
    readonly to: string;
    readonly startedAt?: string;
    readonly actor?: Actor;
    readonly reason?: string;
    readonly failure?: Pick<RowFailure, 'class' | 'remedy'>;
  };

export type WeekReport = {
  readonly week: string;
  readonly from: string;
  readonly to: string;
  /** ISO; pools stand as they did then. */
  readonly generatedAt: string;
  /** False: the week was not over, or nobody keeps this report. */
  readonly final: boolean;
  readonly thresholds: { readonly staleDays: number; readonly supportDays: number };
  readonly compliance: Compliance;
  readonly outOfPolicy: readonly OutOfPolicy[];
  readonly transitions: readonly ReportedRoll[];
  /** Those that left the image as it was included. */
  readonly failures: readonly ReportedRoll[];
  readonly missedWindows: readonly MissedWindows[];
  readonly timeToPatch: readonly ReleasePatch[];
  readonly trend: readonly TrendPoint[];
  readonly newPools: readonly (Named & { readonly at: string; readonly nodeImageVersion: string })[];
  readonly gone: readonly {
    readonly cluster: string;
    readonly nodePool?: string;
    readonly at: string;
    readonly reason: string;
  }[];
  readonly withoutWindow: readonly { readonly cluster: string; readonly why: string }[];
  readonly sources: ReportFacts['sources'];
};

export function buildWeekReport(facts: ReportFacts, final: boolean): WeekReport {
  const { week, now, policy, pools, rows } = facts;
  const standing = pools.map((pool) => ({ pool, standing: poolStanding(pool, policy, now) }));
  const teamTag = policy.report?.teamTag;
  const compliance = complianceOf(standing, teamTag);
  const inWeek = rows
    .filter((row) => isIn(timeOf(row), facts))
    .toSorted((a, b) => Date.parse(timeOf(a)) - Date.parse(timeOf(b)) || (a.id < b.id ? -1 : 1));
  const rolls = inWeek.filter(isRoll);
  const transitions = rolls.filter(({ kind }) => kind === 'transition').map(toReported);
  const { name: _all, share: _share, ...counts } = compliance.all;
  return {
    week: week.name,
    from: week.from.toString(),
    to: week.to.toString(),
    generatedAt: now.toString(),
    final,
    thresholds: {
      staleDays: policy.stale?.days ?? usualStale.days,
      supportDays: policy.stale?.supportDays ?? usualStale.supportDays,
    },
    compliance,
    outOfPolicy: standing.flatMap((one) => toOutOfPolicy(one.pool, one.standing, facts)),
    transitions,
    failures: rolls.filter(({ outcome }) => outcome !== 'succeeded' && outcome !== 'notStarted').map(toReported),
    missedWindows: missedWindows(facts),
    timeToPatch: timeToPatch(facts),
    trend: [...facts.trend, { week: week.name, transitions: transitions.length, ...counts }],
    ...comeAndGone(inWeek),
    withoutWindow: withoutWindow(pools),
    sources: facts.sources,
  };
}

function isIn(at: string, { week }: ReportFacts): boolean {
  const time = Date.parse(at);
  return time >= week.from.epochMilliseconds && time < week.to.epochMilliseconds;
}

function toOutOfPolicy(
  pool: ReportPool,
  { status, ...days }: PoolStanding,
  { policy, now }: ReportFacts,
): readonly OutOfPolicy[] {
  if (status !== 'stale' && status !== 'outOfSupport' && status !== 'unknown') return [];
  const { cluster, nodePool, decision } = pool;
  const known = knownWindow(pool.window);
  const opens = known.kind === 'window' ? nextOpening(known.window, now) : undefined;
  const teamTag = policy.report?.teamTag;
  const team = teamTag === undefined ? undefined : teamOf(pool, teamTag);
  const hold =
    decision.reason === 'held' ? decision.sentence : decision.also.find(({ reason }) => reason === 'held')?.sentence;
  return [
    {
      cluster: cluster.id,
      nodePool: nodePool.name,
      status,
      ...days,
      ...(nodePool.nodeImageVersion !== undefined && { current: nodePool.nodeImageVersion }),
      ...(decision.latest !== undefined && { latest: decision.latest }),
      ...(team !== undefined && { team }),
      ...(decision.ring !== undefined && { ring: decision.ring }),
      reason: decision.reason,
      sentence: decision.sentence,
      ...(opens && { nextWindow: opens.toString() }),
      ...(hold !== undefined && { hold }),
    },
  ];
}

function toReported(row: FoldedRoll): ReportedRoll {
  const { kind, cluster, nodePool, from, to, startedAt, completedAt, cause, inWindow, outcome, proof } = row;
  const { error, actor, reason } = row;
  const failure = outcome === 'succeeded' ? undefined : failureOf(row);
  return {
    kind,
    cluster,
    nodePool,
    from,
    to,
    ...(startedAt !== undefined && { startedAt }),
    completedAt,
    cause,
    inWindow,
    outcome,
    proof,
    ...(error && { error }),
    ...(actor && { actor }),
    ...(reason !== undefined && { reason }),
    ...(failure && { failure: { class: failure.class, remedy: failure.remedy } }),
  };
}

function comeAndGone(rows: readonly HistoryRow[]): Pick<WeekReport, 'newPools' | 'gone'> {
  return {
    newPools: rows.flatMap((row) =>
      row.kind === 'firstSeen'
        ? [{ cluster: row.cluster, nodePool: row.nodePool, at: row.observedAt, nodeImageVersion: row.nodeImageVersion }]
        : [],
    ),
    gone: rows.flatMap((row) =>
      row.kind === 'gone'
        ? [
            {
              cluster: row.cluster,
              ...(row.nodePool !== undefined && { nodePool: row.nodePool }),
              at: row.observedAt,
              reason: row.reason,
            },
          ]
        : [],
    ),
  };
}

function withoutWindow(pools: readonly ReportPool[]): WeekReport['withoutWindow'] {
  const clusters = new Map(pools.map((pool) => [clusterKey(pool.cluster.id), pool]));
  return [...clusters.values()].flatMap(({ cluster, window }) => {
    const why = whyNoWindow(knownWindow(window));
    return why === undefined ? [] : [{ cluster: cluster.id, why }];
  });
}

function whyNoWindow(known: KnownWindow): string | undefined {
  if (known.kind === 'window') return undefined;
  if (known.kind === 'notRead') return `It could not be read: ${known.problem}.`;
  if (known.kind === 'none') return 'It has no aksManagedNodeOSUpgradeSchedule.';
  return known.problems.map(({ message }) => message).join(' ');
}
