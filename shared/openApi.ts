// The OpenAPI 3.1 document of the HTTP API, made of the table of operations and the zod schemas that check the requests.
// Called by getOpenApi.
import { z } from 'zod';
import { type Operation, operations } from './operations.ts';

type Json = Readonly<Record<string, unknown>>;

/** @param server where the API is, without a slash at its end */
export function openApiDocument(server: string): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = `/api/${operation.route}`;
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: toOperation(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'AKS Node Image Keeper',
      version: '0.1.0',
      description:
        'Keeps the node images of AKS clusters current inside their maintenance windows, and keeps the record. Lists answer {value, nextLink?}; errors are RFC 9457 problem documents that say what to do.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: server }],
    security: [{ keyInHeader: [] }, { keyInQuery: [] }],
    paths,
    components: {
      securitySchemes: {
        keyInHeader: { type: 'apiKey', in: 'header', name: 'x-functions-key', description: 'A function key.' },
        keyInQuery: { type: 'apiKey', in: 'query', name: 'code', description: 'The same in the URL.' },
      },
      schemas: { Problem: problemSchema },
      responses: {
        Problem: {
          description: 'What is wrong, and what to do.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
        Unauthorized: { description: 'The key is missing or wrong. The functions host answers, without a body.' },
      },
    },
  };
}

function toOperation({ name, summary, route, query, headers, body, answers, anonymous }: Operation): Json {
  const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => ({
    name: parameter,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return {
    operationId: name,
    summary,
    ...(anonymous && { security: [] }),
    parameters: [...inPath, ...(query ? parametersOf(query) : []), ...(headers ?? []).map(toHeader)],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(body.schema), example: body.example } },
      },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, toAnswer(answer)])),
      ...(!anonymous && { 401: { $ref: '#/components/responses/Unauthorized' } }),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function toAnswer({ description, types }: Operation['answers'][number]): Json {
  const content = Object.entries(types).map(([type, example]) => [
    type,
    { schema: type === 'application/json' ? shapeOf(example) : { type: 'string' }, example },
  ]);
  return { description, content: Object.fromEntries(content) as Json };
}

/** The least that an answer like the example holds: its outermost fields. */
function shapeOf(example: unknown): Json {
  const fields = Object.entries(example as Json);
  const typeOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([field, value]) => [field, { type: typeOf(value) }])),
  };
}

function parametersOf(query: z.ZodType): readonly Json[] {
  const { properties = {}, required = [] } = schemaOf(query) as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: Object.keys(schema).length > 0 ? schema : { type: 'string' },
  }));
}

function toHeader(name: string): Json {
  return { name, in: 'header', required: false, schema: { type: 'string' } };
}

/** What clients send: before the schema turns texts into values. What JSON Schema can't say is left open. */
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What was found, what is allowed, and what to do.' },
    errors: { type: 'array', items: { type: 'object' }, description: 'Every parameter or field that is wrong.' },
  },
  examples: [
    {
      type: 'about:blank',
      title: 'The query is not valid',
      status: 400,
      detail: 'week is "last"; give an ISO week, for example 2026-W47, or leave it out for the last one that is over.',
      errors: [{ parameter: 'week', message: 'is "last"; give an ISO week, for example 2026-W47' }],
    },
  ],
} as const;
