// GET /api/health: whether the app can run, for probes. Needs no key, and says nothing else.
import { inOneLine } from '../shared/composition.ts';
import { httpTrigger } from '../shared/http/trigger.ts';
import { checkHealth } from '../shared/usecases/ask/checkHealth.ts';

export const handler = httpTrigger('getHealth', async (asked) => {
  const status = await checkHealth(() => asked.parts, inOneLine(asked.context));
  return asked.json({ status }, status === 'healthy' ? 200 : 503);
});
