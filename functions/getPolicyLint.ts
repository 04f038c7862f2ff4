// GET /api/policy/lint: what is odd about the policy in force, the holds and the fleet together.
import { queryTrigger } from '../shared/http/trigger.ts';
import { lintFleet } from '../shared/usecases/policy/lintFleet.ts';

export const handler = queryTrigger('getPolicyLint', async (_query, { parts, json }) =>
  json({ value: await lintFleet(parts) }),
);
