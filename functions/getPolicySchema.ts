// GET /api/policy/schema: the JSON Schema of policies, for editors and pipelines.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { policyJsonSchema } from '../shared/http/policySchemas.ts';
import { json } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { NoQuery } from '../shared/http/windowSchemas.ts';

export async function handler(request: HttpRequest): Promise<HttpResponseInit> {
  const query = readQuery(request, NoQuery);
  return query.ok ? json<object>(policyJsonSchema()) : query.response;
}

app.http('getPolicySchema', { methods: ['GET'], route: 'policy/schema', authLevel: 'function', handler });
