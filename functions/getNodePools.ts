// GET /api/nodepools: every pool of the fleet with its image, the latest one, the decision on it, and how far its upgrade has come.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { NodePoolList } from '../shared/http/answers/nodePool.ts';
import { PoolQuery, toNodePoolRow } from '../shared/http/httpSchemas.ts';
import { json } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { listAttempts } from '../shared/stores/startsStore.ts';
import { listNodePools } from '../shared/usecases/ask/listNodePools.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, PoolQuery);
  if (!query.ok) return query.response;
  const { clock, ...rest } = dependencies(context);
  const views = await listNodePools(rest, query.value);
  const attempts = (await listAttempts(rest.tables)).map(({ attempt }) => attempt);
  return json<NodePoolList>({ value: views.map((view) => toNodePoolRow(view, clock.now(), attempts)) });
}

app.http('getNodePools', { methods: ['GET'], route: 'nodepools', authLevel: 'function', handler });
