// GET /api/policy/schema: the JSON Schema of policies, for editors and pipelines.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { policyJsonSchema } from '../shared/policySchemas.ts';
import { json } from '../shared/problem.ts';
import { readQuery } from '../shared/readQuery.ts';
import { NoQuery } from '../shared/windowSchemas.ts';

export async function handler(request: HttpRequest): Promise<HttpResponseInit> {
  const query = readQuery(request, NoQuery);
  return query.ok ? json<object>(policyJsonSchema()) : query.response;
}

app.http('getPolicySchema', { methods: ['GET'], route: 'policy/schema', authLevel: 'function', handler });
