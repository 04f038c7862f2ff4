// GET /api/health: anonymous, for probes: whether the app can run, and when each source of events was last heard.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { json } from '../shared/problem.ts';
import { checkHealth } from '../shared/usecases/checkHealth.ts';

app.http('getHealth', {
  methods: ['GET'],
  route: 'health',
  authLevel: 'anonymous',
  handler: async (_request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const health = await checkHealth(() => dependencies(context), context);
    return json(health, health.status === 'healthy' ? 200 : 503);
  },
});
