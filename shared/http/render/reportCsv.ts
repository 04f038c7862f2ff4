// A week's report as CSV: one table of all its lists; the first column tells them apart. Called by getReport.

import { namesOf } from '../../domain/failure/explainRow.ts';
import type { WeekReport } from '../../domain/report/weekReport.ts';
import { type Cells, csvLine } from './csv.ts';

/** Add new ones at the end: some readers count columns. */
const columns = `
  section name cluster nodePool at status reason from to ageDays staleDays nextWindow hold cause inWindow actor error
  opensAt closesAt pools latest withinPolicy stale outOfSupport unknown share patched hours detail failure remedy evidence
  target imageNote nodesLeft ring policyVersion approvalId approvedBy clusterName resourceGroup subscription direction`
  .trim()
  .split(/\s+/);

export function reportCsv(report: WeekReport): string {
  return [csvLine(columns), ...rowsOf(report).map((row) => csvLine(columns.map((column) => row[column])))].join('');
}

function rowsOf(report: WeekReport): readonly Cells[] {
  const { all, rings, subscriptions, teams = [] } = report.compliance;
  return [
    { section: 'report', name: report.week, at: report.generatedAt, status: report.final ? 'final' : 'preliminary' },
    ...rows('all', [all], (group) => group),
    ...rows('ring', rings, (group) => group),
    ...rows('subscription', subscriptions, (group) => group),
    ...rows('team', teams, (group) => group),
    ...rows('outOfPolicy', report.outOfPolicy, ({ current, latest, team, sentence, behindSince, ...row }) => {
      const name = [row.ring, team].filter((one) => one !== undefined).join(' · ');
      return { ...row, from: current, to: latest, at: behindSince, name, detail: sentence };
    }),
    ...rows('transition', report.transitions, rollOf),
    ...rows('failure', report.failures, rollOf),
    ...report.missedWindows.flatMap(({ current, latest, sentence, windows, ...row }) =>
      rows('missedWindow', windows, (window) => ({ ...row, ...window, from: current, to: latest, detail: sentence })),
    ),
    ...rows('timeToPatch', report.timeToPatch, ({ nodeImageVersion, availableAt, completedAt, ...row }) => {
      return { ...row, name: nodeImageVersion, opensAt: availableAt, closesAt: completedAt };
    }),
    ...rows('trend', report.trend, ({ week, ...row }) => ({ ...row, name: week })),
    ...rows('new', report.newPools, ({ nodeImageVersion, ...row }) => ({ ...row, to: nodeImageVersion })),
    ...rows('gone', report.gone, ({ reason, ...row }) => ({ ...row, detail: reason })),
    ...rows('withoutWindow', report.withoutWindow, ({ cluster, why }) => ({ cluster, detail: why })),
    ...rows('source', Object.entries(report.sources), ([name, heard]) => ({ name, detail: heard })),
  ];
}

function rows<Row>(section: string, some: readonly Row[], toCells: (row: Row) => Cells): readonly Cells[] {
  return some.map((row) => {
    const cells = toCells(row);
    const { cluster } = cells;
    return { section, ...cells, ...(typeof cluster === 'string' ? namesOf(cluster) : {}) };
  });
}

function rollOf(roll: WeekReport['transitions'][number]): Cells {
  const { completedAt, outcome, reason, actor, error, failure, approval, ...row } = roll;
  return {
    ...row,
    at: completedAt,
    status: outcome,
    actor: actor?.name,
    error: error && `${error.code}: ${error.message}`,
    detail: reason,
    failure: failure?.class,
    remedy: failure?.remedy,
    nodesLeft: failure?.nodesLeft,
    approvalId: approval?.id,
    approvedBy: approval?.approvedBy,
  };
}
