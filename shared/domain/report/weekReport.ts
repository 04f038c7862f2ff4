// The weekly report: what security and the teams ask about a week. Called by the use case buildReport.
import { clusterKey } from '../cluster/clusterId.ts';
import { failureOf } from '../failure/explainRow.ts';
import { imageNote } from '../failure/imageNote.ts';
import { isRoll, timeOf } from '../ledger/historyRow.ts';
import type { FoldedRoll, HistoryRow } from '../ledger/ledger.ts';
import { type KnownWindow, knownWindow } from '../window/knownWindow.ts';
import { complianceOf } from './compliance.ts';
import { missedWindows } from './missedWindows.ts';
import { toOutOfPolicy } from './outOfPolicy.ts';
import { poolStanding, usualStale } from './poolStatus.ts';
import type { ReportFacts, ReportPool } from './reportFacts.ts';
import { timeToPatch } from './timeToPatch.ts';

export type WeekReport = ReturnType<typeof buildWeekReport>;

/** @param final false: the week was not over, or nobody keeps this report */
export function buildWeekReport(facts: ReportFacts, final: boolean) {
  const { week, now, policy, pools, rows } = facts;
  const standing = pools.map((pool) => ({ pool, standing: poolStanding(pool, policy, now) }));
  const { days = usualStale.days, supportDays = usualStale.supportDays } = policy.stale ?? {};
  const compliance = complianceOf(standing, policy.report?.teamTag);
  const inWeek = rows
    .map((row) => ({ row, at: Date.parse(timeOf(row)) }))
    .filter(({ at }) => at >= week.from.epochMilliseconds && at < week.to.epochMilliseconds)
    .sort((a, b) => a.at - b.at || (a.row.id < b.row.id ? -1 : 1))
    .map(({ row }) => row);
  const rolls = inWeek.filter(isRoll);
  const transitions = rolls.filter(({ kind }) => kind === 'transition').map(toReported);
  const { name: _all, share: _share, ...counts } = compliance.all;
  return {
    week: week.name,
    from: week.from.toString(),
    to: week.to.toString(),
    generatedAt: now.toString(),
    final,
    thresholds: { staleDays: days, supportDays },
    compliance,
    outOfPolicy: standing.flatMap((one) => toOutOfPolicy(one, facts)),
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

function toReported(row: FoldedRoll) {
  const { kind, cluster, nodePool, from, to, startedAt, completedAt, cause, inWindow, outcome, proof, direction } = row;
  const { error, actor, evidence, reason, target, ring, policyVersion, approval } = row;
  const reported = {
    kind,
    cluster,
    nodePool,
    from,
    to,
    startedAt,
    completedAt,
    cause,
    inWindow,
    outcome,
    proof,
    direction,
  };
  const failure = outcome === 'succeeded' ? undefined : failureOf(row);
  const remedy = failure && { class: failure.class, remedy: failure.remedy, nodesLeft: failure.nodesLeft };
  const basis = { target, imageNote: imageNote(row), ring, policyVersion, approval };
  return { ...reported, ...basis, error, actor, evidence, reason, failure: remedy };
}

function comeAndGone(rows: readonly HistoryRow[]) {
  const newPools = rows
    .filter((row) => row.kind === 'firstSeen')
    .map(({ cluster, nodePool, observedAt: at, nodeImageVersion }) => ({ cluster, nodePool, at, nodeImageVersion }));
  const gone = rows
    .filter((row) => row.kind === 'gone')
    .map(({ cluster, nodePool, observedAt: at, reason }) => ({ cluster, nodePool, at, reason }));
  return { newPools, gone };
}

function withoutWindow(pools: readonly ReportPool[]) {
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
