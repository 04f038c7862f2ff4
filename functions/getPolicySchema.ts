// GET /api/policy/schema: the JSON Schema of policies, for editors and pipelines.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { parametersOf } from '../shared/httpSchemas.ts';
import { policyJsonSchema } from '../shared/policySchemas.ts';
import { badQuery, json } from '../shared/problem.ts';
import { NoQuery } from '../shared/windowSchemas.ts';

export async function handler(request: HttpRequest): Promise<HttpResponseInit> {
  const query = NoQuery.safeParse(parametersOf(request.query));
  return query.success ? json(policyJsonSchema()) : badQuery(query.error);
}

app.http('getPolicySchema', { methods: ['GET'], route: 'policy/schema', authLevel: 'function', handler });
