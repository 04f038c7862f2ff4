// GET /api/policy/schema: the JSON Schema of policies, for editors and pipelines.
import { json } from '../shared/http/jsonAnswer.ts';
import type { FreeObject } from '../shared/http/operations/operation.ts';
import { policyJsonSchema } from '../shared/http/requests/policy.ts';
import { NoQuery, queryTrigger } from '../shared/http/trigger.ts';

export const handler = queryTrigger('getPolicySchema', NoQuery, async () =>
  json<typeof FreeObject>(policyJsonSchema()),
);
