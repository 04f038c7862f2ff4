// GET /api/report: how the fleet stands, and what happened in a week: kept by the weekly check, json, csv or html.
import { dependencies } from '../shared/composition.ts';
import type { WeekReport } from '../shared/http/answers/report.ts';
import { json } from '../shared/http/jsonAnswer.ts';
import { problem } from '../shared/http/problemDocument.ts';
import { reportCsv } from '../shared/http/render/reportCsv.ts';
import { reportHtml } from '../shared/http/render/reportHtml.ts';
import { ReportQuery } from '../shared/http/requests/report.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { readWeekReport } from '../shared/usecases/report/readWeekReport.ts';

export const handler = queryTrigger('getReport', ReportQuery, async ({ week, format }, { context }) => {
  const found = await readWeekReport(dependencies(context), week);
  if (found.kind === 'none') {
    const kept = found.weeks.length > 0 ? `Reports are kept of ${found.weeks.join(', ')}` : 'No report is kept yet';
    const detail = `${week?.name ?? ''} has no report: only the week that is over last and this one can be built now. ${kept}.`;
    return problem(404, 'No such report', detail);
  }
  const { report } = found;
  if (format === 'csv') {
    const headers = {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="report-${report.week}.csv"`,
    };
    return { status: 200, headers, body: reportCsv(report) };
  }
  if (format === 'html') {
    // The page holds all that it needs, and must load and run nothing, whatever names it shows.
    const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
    return { status: 200, headers, body: reportHtml(report) };
  }
  return json<typeof WeekReport>(report);
});
