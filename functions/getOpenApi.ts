// GET /api/openapi.json: the HTTP API as an OpenAPI 3.1 document.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { parametersOf } from '../shared/httpSchemas.ts';
import { openApiDocument } from '../shared/openApi.ts';
import { badQuery, json } from '../shared/problem.ts';
import { NoQuery } from '../shared/windowSchemas.ts';

export async function handler(request: HttpRequest): Promise<HttpResponseInit> {
  const query = NoQuery.safeParse(parametersOf(request.query));
  if (!query.success) return badQuery(query.error);
  return json(openApiDocument(new URL(request.url).origin));
}

app.http('getOpenApi', { methods: ['GET'], route: 'openapi.json', authLevel: 'function', handler });
