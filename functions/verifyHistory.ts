// GET /api/history/verify: whether the record is what was written, and where it first is not.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { Verification } from '../shared/http/answers/verification.ts';
import { VerifyQuery } from '../shared/http/historySchemas.ts';
import { json, problem } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { verifyHistory } from '../shared/usecases/history/verifyHistory.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, VerifyQuery);
  if (!query.ok) return query.response;
  const { verdicts: value, digests } = await verifyHistory(dependencies(context), query.value);
  if (value.every(({ entries, whole }) => entries === 0 && whole) && Object.keys(query.value).length > 0) {
    const detail = 'The history knows no such cluster; GET /api/history?kind=firstSeen lists those it does.';
    return problem(404, 'No such cluster', detail);
  }
  const broken = value.find(({ whole }) => !whole);
  return json<Verification>({
    whole: !broken && digests.whole !== false,
    clusters: value.length,
    entries: value.reduce((sum, { entries }) => sum + entries, 0),
    digests,
    ...(broken?.firstBreak ? { firstBreak: { cluster: broken.cluster, ...broken.firstBreak } } : {}),
    value,
  });
}

app.http('verifyHistory', { methods: ['GET'], route: 'history/verify', authLevel: 'function', handler });
