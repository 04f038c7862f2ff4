// GET /api/history: which pool went from which image to which, when, why, and in or out of the window.
import { toPage } from '../shared/http/jsonAnswer.ts';
import { csvHeaders } from '../shared/http/render/csv.ts';
import { historyCsv } from '../shared/http/render/historyCsv.ts';
import { enableStreams, ndjson, streamed } from '../shared/http/streamedAnswer.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { exportLedger } from '../shared/usecases/history/exportLedger.ts';
import { queryHistory, readHistory } from '../shared/usecases/history/queryHistory.ts';
import { readCoverage } from '../shared/usecases/history/readCoverage.ts';

const asNdjson = { 'content-type': 'application/x-ndjson; charset=utf-8' };

enableStreams();

export const handler = queryTrigger('getHistory', async (query, { request, parts, json }) => {
  const { cursor: after, limit, format, kind, ...names } = query;
  if (kind === 'ledger') return streamed(asNdjson, ndjson(exportLedger(parts, names)));
  const filter = { ...names, kinds: kind, after };
  if (format === 'json') {
    const { rows, next } = await queryHistory(parts, { ...filter, limit: limit ?? 100 });
    return json({ ...toPage({ request, parts }, { values: rows, next }), coverage: await readCoverage(parts) });
  }
  const all = readHistory(parts, filter, limit);
  return format === 'csv' ? streamed(csvHeaders('history.csv'), historyCsv(all)) : streamed(asNdjson, ndjson(all));
});
