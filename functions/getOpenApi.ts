// GET /api/openapi.json: the HTTP API as an OpenAPI 3.1 document.
import { openApiDocument } from '../shared/http/openApi.ts';
import { queryTrigger } from '../shared/http/trigger.ts';

export const handler = queryTrigger('getOpenApi', async (_query, { parts, json }) =>
  json(openApiDocument(parts.publicUrl ?? '/')),
);
