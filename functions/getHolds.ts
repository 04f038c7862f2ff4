// GET /api/holds: the holds that are not lifted, oldest first; with lifted=true those that were, newest first.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { HoldPage } from '../shared/http/answers/hold.ts';
import { toList } from '../shared/http/httpSchemas.ts';
import { HoldsQuery } from '../shared/http/policySchemas.ts';
import { json } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { listHolds, listLiftedHolds } from '../shared/stores/holdsStore.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, HoldsQuery);
  if (!query.ok) return query.response;
  const { tables } = dependencies(context);
  const { lifted, limit, cursor } = query.value;
  const list = lifted ? listLiftedHolds : listHolds;
  return json<HoldPage>(toList(request.url, await list(tables, { limit, from: cursor })));
}

app.http('getHolds', { methods: ['GET'], route: 'holds', authLevel: 'function', handler });
