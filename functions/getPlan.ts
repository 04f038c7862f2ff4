// GET /api/plan: what the keeper will do with each pool and why, as of its last pass.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { PoolQuery, parametersOf } from '../shared/httpSchemas.ts';
import { badQuery, json } from '../shared/problem.ts';
import { listNodePools } from '../shared/usecases/listNodePools.ts';

app.http('getPlan', {
  methods: ['GET'],
  route: 'plan',
  authLevel: 'function',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const query = PoolQuery.safeParse(parametersOf(request.query));
    if (!query.success) return badQuery(query.error);
    const views = await listNodePools(dependencies(context), query.data);
    return json({ value: views.map((view) => view.decision) });
  },
});
