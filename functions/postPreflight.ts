// POST /api/preflight: what would keep a cluster's pools from being started now, each check with its facts, for a change ticket.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { PreflightList } from '../shared/http/answers/preflight.ts';
import { readJsonBody } from '../shared/http/jsonBody.ts';
import { PreflightBody } from '../shared/http/preflightSchemas.ts';
import { json, problem } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { NoQuery } from '../shared/http/windowSchemas.ts';
import { mostClusters, reportPreflight } from '../shared/usecases/start/reportPreflight.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, NoQuery);
  if (!query.ok) return query.response;
  const body = await readJsonBody(request, PreflightBody);
  if (!body.ok) return body.response;
  const { cluster, nodePool } = body.value;
  const answer = await reportPreflight(dependencies(context), body.value);
  switch (answer.kind) {
    case 'reports':
      return json<PreflightList>({ value: answer.reports });
    case 'notFound': {
      const what = nodePool === undefined ? `cluster ${cluster}` : `pool ${nodePool} in cluster ${cluster}`;
      const detail = `The fleet has no ${what}. GET /api/nodepools lists its pools; a new cluster is there after the next pass.`;
      return problem(404, 'Nothing to check', detail);
    }
    case 'tooMany': {
      const detail = `${cluster} names ${answer.clusters} clusters, and at most ${mostClusters} are checked at once. Name fewer.`;
      return problem(400, 'Too many clusters', detail);
    }
  }
}

app.http('postPreflight', { methods: ['POST'], route: 'preflight', authLevel: 'function', handler });
