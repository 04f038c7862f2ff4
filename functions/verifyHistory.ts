// GET /api/history/verify: whether the record is what was written, and where it first is not.
import { problem } from '../shared/http/problemDocument.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { checkRecord } from '../shared/usecases/history/checkRecord.ts';

export const handler = queryTrigger('verifyHistory', async (query, { parts, json }) => {
  const { verdicts: value, digests } = await checkRecord(parts, query);
  if (value.every(({ entries, whole }) => entries === 0 && whole) && Object.keys(query).length > 0) {
    const detail = 'The history knows no such cluster; GET /api/history?kind=firstSeen lists those it does.';
    return problem(404, 'No such cluster', detail);
  }
  const broken = value.find(({ whole }) => !whole);
  return json({
    whole: !broken && digests.whole !== false,
    clusters: value.length,
    entries: value.reduce((sum, { entries }) => sum + entries, 0),
    digests,
    firstBreak: broken?.firstBreak && { cluster: broken.cluster, ...broken.firstBreak },
    value,
  });
});
