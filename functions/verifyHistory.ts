// GET /api/history/verify: whether the record is what was written, and where it first is not.
import { idOfKey } from '../shared/domain/cluster/clusterId.ts';
import { matchesNames } from '../shared/domain/ledger/historyFilter.ts';
import { problem } from '../shared/http/problemDocument.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { checkAtOnce, followCheck, isAtOnce } from '../shared/usecases/history/checkInParts.ts';
import type { Checked, checkRecord } from '../shared/usecases/history/checkRecord.ts';
import type { ClusterVerdict } from '../shared/usecases/history/verifyCluster.ts';

const retryAfterSeconds = 10;

export const handler = queryTrigger('verifyHistory', async (query, { parts, json }) => {
  if (await isAtOnce(parts, query)) {
    const checked = await checkAtOnce(parts, query);
    if (checked.verdicts.every(({ entries, whole }) => entries === 0 && whole) && Object.keys(query).length > 0) {
      const detail = 'The history knows no such cluster; GET /api/history?kind=firstSeen lists those it does.';
      return problem(404, 'No such cluster', detail);
    }
    return json(verification(checked));
  }
  const state = await followCheck(parts);
  if ('complete' in state) {
    const { startedAt: checkedAt, digests, verdicts } = state.complete;
    return json({ ...verification({ digests, verdicts: namedIn(verdicts, query) }), checkedAt });
  }
  const { startedAt, done, of, lost, digests, verdicts } = state.running;
  const soFar = verification({ digests, verdicts: namedIn(verdicts, query) });
  const whole = soFar.whole ? 'unknown' : false;
  return json({ ...soFar, whole, running: { startedAt, done, of, lost } }, 202, {
    'retry-after': String(retryAfterSeconds),
  });
});

/** A pattern's clusters by the verdicts' ids; a verdict without an id is of what nobody can name. */
function namedIn(verdicts: readonly ClusterVerdict[], names: Parameters<typeof checkRecord>[1]) {
  return Object.keys(names).length === 0
    ? verdicts
    : verdicts.filter(({ cluster }) => matchesNames({ cluster: idOfKey(cluster) ?? cluster }, names));
}

function verification({ verdicts: value, digests }: Checked) {
  const broken = value.find(({ whole }) => !whole);
  return {
    whole: !broken && digests.whole !== false,
    clusters: value.length,
    entries: value.reduce((sum, { entries }) => sum + entries, 0),
    digests,
    firstBreak: broken?.firstBreak && { cluster: broken.cluster, ...broken.firstBreak },
    value,
  };
}
