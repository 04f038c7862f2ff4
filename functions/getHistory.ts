// GET /api/history: which pool went from which image to which, when, why, and in or out of the window.
import { toPage } from '../shared/http/jsonAnswer.ts';
import { historyCsv } from '../shared/http/render/historyCsv.ts';
import { ndjson, streamed, withEnd } from '../shared/http/streamedAnswer.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { contained } from '../shared/usecases/contained.ts';
import { boundedReads } from '../shared/usecases/history/boundedReads.ts';
import { exportLedger } from '../shared/usecases/history/exportLedger.ts';
import { askForIndex } from '../shared/usecases/history/indexHistory.ts';
import { queryHistory, readHistory } from '../shared/usecases/history/queryHistory.ts';
import { readCoverage } from '../shared/usecases/history/readCoverage.ts';
import { orUnknown, unknownNames } from '../shared/usecases/history/unknownNames.ts';

export const handler = queryTrigger('getHistory', async (query, { request, context, parts: unbounded, json }) => {
  const { cursor: after, limit, format, kind, ...names } = query;
  const parts = { ...unbounded, tables: boundedReads(unbounded.tables) };
  if (kind === 'ledger') return streamed(ndjson(exportLedger(parts, names)), context);
  const filter = { ...names, kinds: kind, after };
  const onUnindexed = (one: string) =>
    contained(parts, `The index of the history of ${one} could not be asked for`, () => askForIndex(parts, one));
  const asking = { ...parts, onUnindexed };
  if (format === 'json') {
    const { rows, next } = await queryHistory(asking, { ...filter, limit: limit ?? 100 });
    // A page after the first is empty only where the rows end with the page before.
    const unknown = rows.length === 0 && after === undefined ? await unknownNames(parts, names) : {};
    const page = toPage({ request, parts }, { values: rows, next });
    return json({ ...page, ...unknown, coverage: await readCoverage(parts) });
  }
  const rows = readHistory(asking, filter, limit);
  const all = after === undefined ? orUnknown(rows, parts, names) : rows;
  return streamed(format === 'csv' ? historyCsv(all) : ndjson(withEnd(all)), context);
});
