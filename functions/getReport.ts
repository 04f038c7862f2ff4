// GET /api/report: how the fleet stands, and what happened in a week: kept by the weekly check, json, csv or html.
import { problem } from '../shared/http/problemDocument.ts';
import { csvHeaders } from '../shared/http/render/csv.ts';
import { reportCsv } from '../shared/http/render/reportCsv.ts';
import { reportHtml } from '../shared/http/render/reportHtml.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { readWeekReport } from '../shared/usecases/report/readWeekReport.ts';

// The page holds all that it needs, and must load and run nothing, whatever names it shows.
const htmlHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
};

export const handler = queryTrigger('getReport', async ({ week, format }, { parts, json }) => {
  const found = await readWeekReport(parts, week);
  if (found.kind === 'none') {
    const kept = found.weeks.length > 0 ? `Reports are kept of ${found.weeks.join(', ')}` : 'No report is kept yet';
    const detail = `${week?.name ?? ''} has no report: only the week that is over last and this one can be built now. ${kept}.`;
    return problem(404, 'No such report', detail);
  }
  const { report } = found;
  switch (format) {
    case 'csv':
      return { status: 200, headers: csvHeaders(`report-${report.week}.csv`), body: reportCsv(report) };
    case 'html':
      return { status: 200, headers: htmlHeaders, body: reportHtml(report) };
    case 'json':
      return json(report);
  }
});
