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
  const mayBuild = wanted.name === last.name || wanted.name === current.name;
  const kept = await readReport(tables, wanted.name);
  const report = kept ?? (mayBuild ? await buildReport(dependencies, wanted, false) : undefined);
  if (report) return { kind: 'report', report } as const;
  return { kind: 'none', weeks: (await readTrend(tables)).map((point) => point.week) } as const;
}
