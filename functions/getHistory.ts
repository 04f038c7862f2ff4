// GET /api/history: which pool went from which image to which, when, why, and in or out of the window.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { HistoryPage } from '../shared/http/answers/history.ts';
import { HistoryQuery } from '../shared/http/historySchemas.ts';
import { withCursor } from '../shared/http/httpSchemas.ts';
import { json } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { historyCsv } from '../shared/http/render/historyCsv.ts';
import { enableStreams, ndjson, streamed } from '../shared/http/streamedAnswer.ts';
import { exportLedger } from '../shared/usecases/history/exportLedger.ts';
import { queryHistory, readHistory } from '../shared/usecases/history/queryHistory.ts';
import { readCoverage } from '../shared/usecases/history/readCoverage.ts';

const asNdjson = { 'content-type': 'application/x-ndjson; charset=utf-8' };
const asCsv = {
  'content-type': 'text/csv; charset=utf-8; header=present',
  'content-disposition': 'attachment; filename="history.csv"',
};

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, HistoryQuery);
  if (!query.ok) return query.response;
  const { cursor: after, limit, format, kind, ...names } = query.value;
  const parts = dependencies(context);
  if (kind === 'ledger') return streamed(asNdjson, ndjson(exportLedger(parts, names)));
  const filter = { ...names, kinds: kind, after };
  if (format === 'json') {
    const page = await queryHistory(parts, { ...filter, limit: limit ?? 100 });
    const nextLink = page.next ? { nextLink: withCursor(request.url, page.next) } : {};
    return json<HistoryPage>({ value: page.rows, ...nextLink, coverage: await readCoverage(parts) });
  }
  const rows = readHistory(parts, filter, limit);
  return format === 'csv' ? streamed(asCsv, historyCsv(rows)) : streamed(asNdjson, ndjson(rows));
}

enableStreams();
app.http('getHistory', { methods: ['GET'], route: 'history', authLevel: 'function', handler });
