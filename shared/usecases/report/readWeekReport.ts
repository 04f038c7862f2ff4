// A week's report: as it was kept, or for the last week and this one as it would be now. Called by getReport.
import { type IsoWeek, lastCompleteWeek, weekAt } from '../../domain/report/isoWeek.ts';
import { readReport, readTrend } from '../../stores/reportsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { buildReport } from './buildReport.ts';

/** `none`: the week has no report and it is too late or too early to build one. @param week undefined: the last complete one */
export async function readWeekReport(dependencies: Dependencies, week: IsoWeek | undefined) {
  const { clock, tables } = dependencies;
  const [last, current] = [lastCompleteWeek(clock.now()), weekAt(clock.now())];
  const wanted = week ?? last;
  const kept = await readReport(tables, wanted.name);
  if (kept) return { kind: 'report', report: kept } as const;
  if (wanted.name === last.name || wanted.name === current.name) {
    return { kind: 'report', report: await buildReport(dependencies, wanted, false) } as const;
  }
  return { kind: 'none', weeks: (await readTrend(tables)).map((point) => point.week) } as const;
}
