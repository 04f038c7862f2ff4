// GET /api/report: how the fleet stands, and what happened in a week: kept by the weekly check, json, csv or html.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { WeekReport } from '../shared/http/answers/report.ts';
import { json, problem } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { reportCsv } from '../shared/http/render/reportCsv.ts';
import { reportHtml } from '../shared/http/render/reportHtml.ts';
import { ReportQuery } from '../shared/http/reportSchemas.ts';
import { readWeekReport } from '../shared/usecases/report/readWeekReport.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, ReportQuery);
  if (!query.ok) return query.response;
  const { week, format } = query.value;
  const found = await readWeekReport(dependencies(context), week);
  if (found.kind === 'none') {
    const kept = found.weeks.length > 0 ? `Reports are kept of ${found.weeks.join(', ')}` : 'No report is kept yet';
    const detail = `${week?.name ?? ''} has no report: only the week that is over last and this one can be built now. ${kept}.`;
    return problem(404, 'No such report', detail);
  }
  const { report } = found;
  if (format === 'csv') {
    return {
      status: 200,
      headers: {
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': `attachment; filename="report-${report.week}.csv"`,
      },
      body: reportCsv(report),
    };
  }
  if (format === 'html') {
    // The page holds all that it needs, and must load and run nothing, whatever names it shows.
    const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    return {
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
      body: reportHtml(report),
    };
  }
  return json<WeekReport>(report);
}

app.http('getReport', { methods: ['GET'], route: 'report', authLevel: 'function', handler });
