// Gathers what a week's report is built from, out of storage alone. Called by checkWeekly and readWeekReport.
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import type { HistoryRow } from '../../domain/ledger/ledger.ts';
import type { IsoWeek } from '../../domain/report/isoWeek.ts';
import type { ReportPool } from '../../domain/report/reportFacts.ts';
import { buildWeekReport, type WeekReport } from '../../domain/report/weekReport.ts';
import type { Row, Tables } from '../../ports/tables.ts';
import { readFleetFacts } from '../../stores/factsStore.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { readTrend } from '../../stores/reportsStore.ts';
import { lastHeard } from '../../stores/sourcesStore.ts';
import { readDecisions } from '../../stores/views/decisionsStore.ts';
import { readMonths } from '../../stores/views/historyIndex.ts';
import { readMonthHistory } from '../../stores/views/historyStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import { listNodePools } from '../ask/listNodePools.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { rebuildRow } from '../observe/rebuildRow.ts';
import { notReadYet } from '../plan/clusterFacts.ts';

/** Rolls of this many days before the week's end tell when releases reached the pools. */
const historyDays = 100;
const trendWeeks = 12;

export async function buildReport(dependencies: Dependencies, week: IsoWeek, final: boolean): Promise<WeekReport> {
  const { clock, tables, subscriptions } = dependencies;
  const { policy } = await readPolicy(tables);
  const { facts } = await readFleetFacts(tables, subscriptions);
  const views = await listNodePools(dependencies, {});
  const pools = await inParallel(views, 16, (view) =>
    readReportPool(tables, view, facts.get(clusterKey(view.cluster.id))?.window ?? notReadYet),
  );
  const since = week.to.subtract({ hours: historyDays * 24 }).toString();
  const rows = (await Promise.all(subscriptions.map((one) => readRows(tables, one, since)))).flat();
  const trend = (await readTrend(tables)).filter((point) => point.week < week.name).slice(-trendWeeks);
  const now = clock.now();
  const sources = await lastHeard(tables, now);
  return buildWeekReport({ week, now, policy, pools, rows, trend, sources }, final);
}

/** A pool with all that was decided on it, as far back as it is kept. */
export async function readReportPool(tables: Tables, view: PoolView, window: ReportPool['window']) {
  const stored = await Array.fromAsync(readDecisions(tables, clusterKey(view.cluster.id), view.nodePool.name));
  return { ...view, window, decisions: stored.map(({ decision }) => decision) };
}

async function readRows(tables: Tables, subscription: string, since: string): Promise<readonly HistoryRow[]> {
  const rows: HistoryRow[] = [];
  const rebuild = (row: Row) => rebuildRow(tables, row);
  for (const month of await readMonths(tables, subscription)) {
    if (month < since.slice(0, 7)) continue;
    for await (const { row } of readMonthHistory(tables, subscription, month, {}, rebuild)) rows.push(row);
  }
  return rows;
}
