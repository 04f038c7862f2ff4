// GET /api/openapi.json: the HTTP API as an OpenAPI 3.1 document.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { openApiDocument } from '../shared/http/openApi.ts';
import { json } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { NoQuery } from '../shared/http/windowSchemas.ts';

export async function handler(request: HttpRequest): Promise<HttpResponseInit> {
  const query = readQuery(request, NoQuery);
  if (!query.ok) return query.response;
  return json<object>(openApiDocument(new URL(request.url).origin));
}

app.http('getOpenApi', { methods: ['GET'], route: 'openapi.json', authLevel: 'function', handler });
