// GET /api/health: whether the app can run, for probes. Needs no key, and says nothing else.
import { inOneLine } from '../shared/composition.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { checkHealth } from '../shared/usecases/ask/checkHealth.ts';

export const handler = queryTrigger('getHealth', async (_query, asked) => {
  const status = await checkHealth(() => asked.parts, inOneLine(asked.context));
  return asked.json({ status }, status === 'healthy' ? 200 : 503);
});
