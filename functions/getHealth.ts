// GET /api/health: whether the app can run, for probes. Needs no key, and says nothing else.
import { dependencies } from '../shared/composition.ts';
import type { Health } from '../shared/http/answers/problem.ts';
import { json } from '../shared/http/jsonAnswer.ts';
import { httpTrigger } from '../shared/http/trigger.ts';
import { checkHealth } from '../shared/usecases/ask/checkHealth.ts';

export const handler = httpTrigger('getHealth', async (_request, context) => {
  const status = await checkHealth(() => dependencies(context), context);
  return json<typeof Health>({ status }, status === 'healthy' ? 200 : 503);
});
