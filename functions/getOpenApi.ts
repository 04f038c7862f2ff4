// GET /api/openapi.json: the HTTP API as an OpenAPI 3.1 document.
import { json } from '../shared/http/jsonAnswer.ts';
import { openApiDocument } from '../shared/http/openApi.ts';
import type { FreeObject } from '../shared/http/operations/operation.ts';
import { NoQuery, queryTrigger } from '../shared/http/trigger.ts';

export const handler = queryTrigger('getOpenApi', NoQuery, async (_query, { request }) =>
  json<typeof FreeObject>(openApiDocument(new URL(request.url).origin)),
);
