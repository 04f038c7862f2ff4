// GET /api/history: which pool went from which image to which, when, why, and in or out of the window.
import { dependencies } from '../shared/composition.ts';
import type { HistoryPage } from '../shared/http/answers/history.ts';
import { json, toPage } from '../shared/http/jsonAnswer.ts';
import { historyCsv } from '../shared/http/render/historyCsv.ts';
import { HistoryQuery } from '../shared/http/requests/history.ts';
import { enableStreams, ndjson, streamed } from '../shared/http/streamedAnswer.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { exportLedger } from '../shared/usecases/history/exportLedger.ts';
import { queryHistory, readHistory } from '../shared/usecases/history/queryHistory.ts';
import { readCoverage } from '../shared/usecases/history/readCoverage.ts';

const asNdjson = { 'content-type': 'application/x-ndjson; charset=utf-8' };
const asCsv = {
  'content-type': 'text/csv; charset=utf-8; header=present',
  'content-disposition': 'attachment; filename="history.csv"',
};

enableStreams();

export const handler = queryTrigger('getHistory', HistoryQuery, async (query, { request, context }) => {
  const { cursor: after, limit, format, kind, ...names } = query;
  const parts = dependencies(context);
  if (kind === 'ledger') return streamed(asNdjson, ndjson(exportLedger(parts, names)));
  const filter = { ...names, kinds: kind, after };
  if (format === 'json') {
    const { rows, next } = await queryHistory(parts, { ...filter, limit: limit ?? 100 });
    const coverage = await readCoverage(parts);
    return json<typeof HistoryPage>({ ...toPage(request, { values: rows, next }), coverage });
  }
  const rows = readHistory(parts, filter, limit);
  return format === 'csv' ? streamed(asCsv, historyCsv(rows)) : streamed(asNdjson, ndjson(rows));
});
