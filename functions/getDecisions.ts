// GET /api/nodepools/{subscription}/{resourceGroup}/{cluster}/{nodePool}/decisions: what was decided on a pool, newest
// first; a decision stands until the next one.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { DecisionPage } from '../shared/http/answers/decision.ts';
import { DecisionsQuery, withCursor } from '../shared/http/httpSchemas.ts';
import { json, problem } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { listDecisions } from '../shared/usecases/ask/listDecisions.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, DecisionsQuery);
  if (!query.ok) return query.response;
  const { subscription = '', resourceGroup = '', cluster = '', nodePool = '' } = request.params;
  const address = { subscription, resourceGroup, cluster, nodePool };
  const page = await listDecisions(dependencies(context), address, query.value.limit, query.value.cursor);
  if (!page) {
    const detail = `No pass has seen pool ${nodePool} of cluster ${cluster} in ${resourceGroup}; GET /api/nodepools lists those it has.`;
    return problem(404, 'No such pool', detail);
  }
  return json<DecisionPage>({
    value: page.decisions,
    ...(page.next ? { nextLink: withCursor(request.url, page.next) } : {}),
  });
}

app.http('getDecisions', {
  methods: ['GET'],
  route: 'nodepools/{subscription}/{resourceGroup}/{cluster}/{nodePool}/decisions',
  authLevel: 'function',
  handler,
});
