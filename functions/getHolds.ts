// GET /api/holds: the holds that are not lifted, oldest first; with lifted=true those that were, newest first.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { HoldsQuery } from '../shared/policySchemas.ts';
import { json } from '../shared/problem.ts';
import { readQuery } from '../shared/readQuery.ts';
import { listLiftedHolds, readHolds } from '../shared/stores/holdsStore.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, HoldsQuery);
  if (!query.ok) return query.response;
  const { tables } = dependencies(context);
  const { lifted, limit } = query.value;
  return json({
    value: lifted ? await listLiftedHolds(tables, limit) : (await readHolds(tables)).holds.slice(0, limit),
  });
}

app.http('getHolds', { methods: ['GET'], route: 'holds', authLevel: 'function', handler });
