// A week's report as CSV: one table of all its lists; the first column tells them apart. Called by getReport.
import type { WeekReport } from '../../domain/report/weekReport.ts';
import { type Cell, csvLine } from './csv.ts';

/** Add new columns at the end: some readers count columns. */
const columns = [
  'section',
  'name',
  'cluster',
  'nodePool',
  'at',
  'status',
  'reason',
  'from',
  'to',
  'ageDays',
  'staleDays',
  'nextWindow',
  'hold',
  'cause',
  'inWindow',
  'actor',
  'error',
  'opensAt',
  'closesAt',
  'pools',
  'latest',
  'withinPolicy',
  'stale',
  'outOfSupport',
  'unknown',
  'share',
  'patched',
  'hours',
  'detail',
  'failure',
  'remedy',
] as const;

type Cells = Partial<Record<(typeof columns)[number], Cell>>;

export function reportCsv(report: WeekReport): string {
  return [csvLine(columns), ...rowsOf(report).map((row) => csvLine(columns.map((column) => row[column])))].join('');
}

function rowsOf(report: WeekReport): readonly Cells[] {
  const { all, rings, subscriptions, teams = [] } = report.compliance;
  const groups = (section: string, some: typeof rings): readonly Cells[] => some.map((one) => ({ section, ...one }));
  return [
    { section: 'report', name: report.week, at: report.generatedAt, status: report.final ? 'final' : 'preliminary' },
    ...groups('all', [all]),
    ...groups('ring', rings),
    ...groups('subscription', subscriptions),
    ...groups('team', teams),
    ...report.outOfPolicy.map(({ current, latest, team, sentence, behindSince, ring, ...row }): Cells => {
      const names = [ring, team].filter((name) => name !== undefined).join(' · ');
      return {
        section: 'outOfPolicy',
        ...row,
        from: current,
        to: latest,
        at: behindSince,
        name: names,
        detail: sentence,
      };
    }),
    ...report.transitions.map((roll) => rollOf('transition', roll)),
    ...report.failures.map((roll) => rollOf('failure', roll)),
    ...report.missedWindows.flatMap(({ current, latest, sentence, windows, ...row }) =>
      windows.map((window): Cells => {
        return { section: 'missedWindow', ...row, ...window, from: current, to: latest, detail: sentence };
      }),
    ),
    ...report.timeToPatch.map(
      ({ nodeImageVersion, availableAt, completedAt, ...row }): Cells => ({
        section: 'timeToPatch',
        ...row,
        name: nodeImageVersion,
        opensAt: availableAt,
        closesAt: completedAt,
      }),
    ),
    ...report.trend.map(({ week, ...row }): Cells => ({ section: 'trend', name: week, ...row, detail: undefined })),
    ...report.newPools.map(({ nodeImageVersion, ...row }): Cells => ({ section: 'new', ...row, to: nodeImageVersion })),
    ...report.gone.map(({ reason, ...row }): Cells => ({ section: 'gone', ...row, detail: reason })),
    ...report.withoutWindow.map(({ cluster, why }): Cells => ({ section: 'withoutWindow', cluster, detail: why })),
    ...Object.entries(report.sources).map(([name, heard]): Cells => ({ section: 'source', name, detail: heard })),
  ];
}

function rollOf(section: string, roll: WeekReport['transitions'][number]): Cells {
  const { kind: _kind, startedAt: _startedAt, proof: _proof, completedAt, outcome, reason, ...row } = roll;
  const { actor, error, failure } = row;
  return {
    section,
    ...row,
    at: completedAt,
    status: outcome,
    actor: actor?.name,
    error: error && `${error.code}: ${error.message}`,
    detail: reason,
    failure: failure?.class,
    remedy: failure?.remedy,
  };
}
