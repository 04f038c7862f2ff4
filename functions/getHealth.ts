// GET /api/health: anonymous, for probes: tells whether the app can run, and nothing else.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { Health } from '../shared/http/answers/problem.ts';
import { json } from '../shared/http/problem.ts';
import { checkHealth } from '../shared/usecases/ask/checkHealth.ts';

export async function handler(_request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const status = await checkHealth(() => dependencies(context), context);
  return json<Health>({ status }, status === 'healthy' ? 200 : 503);
}

app.http('getHealth', { methods: ['GET'], route: 'health', authLevel: 'anonymous', handler });
