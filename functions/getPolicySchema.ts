// GET /api/policy/schema: the JSON Schema of policies, for editors and pipelines.
import { policyJsonSchema } from '../shared/http/requests/policy.ts';
import { queryTrigger } from '../shared/http/trigger.ts';

export const handler = queryTrigger('getPolicySchema', async (_query, { json }) => json(policyJsonSchema()));
