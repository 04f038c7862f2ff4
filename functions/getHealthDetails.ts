// GET /api/health/details: what is wrong, for those who run the keeper.
import { queryTrigger } from '../shared/http/trigger.ts';
import { explainHealth } from '../shared/usecases/ask/explainHealth.ts';

export const handler = queryTrigger('getHealthDetails', async (_query, { parts, json }) =>
  json(await explainHealth(parts)),
);
