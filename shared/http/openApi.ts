// The OpenAPI 3.1 document of the HTTP API, made of the table of operations and the zod schemas of requests and answers.
// Called by getOpenApi, and by the tests, which check every answer against it.
import { z } from 'zod';
import { Problem } from './answers/problem.ts';
import { maxBodyBytes } from './jsonBody.ts';
import { componentUri, type Json, type Operation, referTo } from './operations/operation.ts';
import { operations } from './operations/operations.ts';
import type { ProblemDocument } from './problemDocument.ts';

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
      schemas: componentSchemas(),
      responses: {
        BadRequest: asProblem(
          'What the request asks for is not understood: every parameter or field that is wrong.',
          badWeek,
        ),
        Failed: asProblem("Something went wrong that is not the request's fault; the app's log says what."),
        TooLong: asProblem(`The body is longer than ${maxBodyBytes} bytes; it was not read.`),
        Unauthorized: { description: 'The key is missing or wrong. The functions host answers, without a body.' },
      },
    },
  };
}

function toOperation({ name, summary, anonymous, body, answers, problems = {}, ...takes }: Operation): Json {
  return {
    operationId: name,
    summary,
    ...(anonymous && { security: [] }),
    parameters: parametersOf(takes),
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(body.schema), example: body.example } },
      },
    }),
    responses: {
      ...answers,
      ...(!anonymous && everyKeyed),
      ...(body && { 413: { $ref: '#/components/responses/TooLong' } }),
      ...Object.fromEntries(Object.entries(problems).map(([status, when]) => [status, asProblem(when)])),
    },
  };
}

/** Every operation that needs a key can answer these. */
const everyKeyed = {
  400: { $ref: '#/components/responses/BadRequest' },
  401: { $ref: '#/components/responses/Unauthorized' },
  500: { $ref: '#/components/responses/Failed' },
};

function asProblem(description: string, example?: ProblemDocument): Json {
  const content = { schema: referTo(Problem), ...(example && { example }) };
  return { description, content: { 'application/problem+json': content } };
}

/** Every named schema of an answer, written once. */
function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri: componentUri, override: withoutNoise });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _draft, $id: _uri, ...rest }]) => [id, rest]));
}

/** Drops the bounds that zod gives every whole number, and zod's own ids. */
function withoutNoise({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  delete jsonSchema.id;
}

function parametersOf({ route, query, headers = [] }: Pick<Operation, 'route' | 'query' | 'headers'>): readonly Json[] {
  const schema = { type: 'string' };
  const { properties = {}, required = [] }: ObjectSchema = query ? schemaOf(query) : {};
  return [
    ...[...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema })),
    ...Object.entries(properties).map(([name, given]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema: Object.keys(given).length > 0 ? given : schema,
    })),
    ...headers.map((name) => ({ name, in: 'header', required: false, schema })),
  ];
}

type ObjectSchema = {
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
};

/** The schema of what clients send, before texts become values. What JSON Schema can't say stays open. */
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

const badWeek: ProblemDocument = {
  type: 'about:blank',
  title: 'The query is not valid',
  status: 400,
  detail: 'week is "last"; give an ISO week, for example 2026-W47, or leave it out for the last one that is over.',
  errors: [{ parameter: 'week', message: 'is "last"; give an ISO week, for example 2026-W47' }],
};
