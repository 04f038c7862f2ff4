// GET /api/holds: the holds that are not lifted, oldest first; with lifted=true those that were, newest first.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { parametersOf } from '../shared/httpSchemas.ts';
import { HoldsQuery } from '../shared/policySchemas.ts';
import { badQuery, json } from '../shared/problem.ts';
import { listLiftedHolds, readHolds } from '../shared/stores/holdsStore.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = HoldsQuery.safeParse(parametersOf(request.query));
  if (!query.success) return badQuery(query.error);
  const { tables } = dependencies(context);
  const { lifted, limit } = query.data;
  return json({
    value: lifted ? await listLiftedHolds(tables, limit) : (await readHolds(tables)).holds.slice(0, limit),
  });
}

app.http('getHolds', { methods: ['GET'], route: 'holds', authLevel: 'function', handler });
