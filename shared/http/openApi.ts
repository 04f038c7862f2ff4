// The OpenAPI 3.1 document of the HTTP API, made of the table of operations and the zod schemas of requests and answers.
// Called by getOpenApi, and by the tests, which check every answer against it.
import { z } from 'zod';
import { Problem } from './answers/problem.ts';
import { longestBody } from './jsonBody.ts';
import { type Content, type Operation, operations } from './operations.ts';
import type { ProblemDocument } from './problem.ts';

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
      schemas: componentSchemas(),
      responses: {
        BadRequest: asProblem(
          'What the request asks for is not understood: every parameter or field that is wrong.',
          problem,
        ),
        Failed: asProblem("Something went wrong that is not the request's fault; the app's log says what."),
        TooLong: asProblem(`The body is longer than ${longestBody} bytes; it was not read.`),
        Unauthorized: { description: 'The key is missing or wrong. The functions host answers, without a body.' },
      },
    },
  };
}

function toOperation(operation: Operation): Json {
  const { name, summary, route, query, headers, body, answers, problems = {}, anonymous } = operation;
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
      ...(!anonymous && everyKeyed),
      ...(body && { 413: { $ref: '#/components/responses/TooLong' } }),
      ...Object.fromEntries(Object.entries(problems).map(([status, when]) => [status, asProblem(when)])),
    },
  };
}

/** What an operation that needs a key can answer, whatever it is. */
const everyKeyed = {
  400: { $ref: '#/components/responses/BadRequest' },
  401: { $ref: '#/components/responses/Unauthorized' },
  500: { $ref: '#/components/responses/Failed' },
};

function toAnswer({ description, types }: Operation['answers'][number]): Json {
  const content = Object.entries(types).map(([type, one]) => [type, toContent(one)]);
  return { description, content: Object.fromEntries(content) as Json };
}

/** OpenAPI 3.1 has no word for the schema of a line: `x-lines` is this document's own. */
function toContent({ schema, example, lines }: Content): Json {
  return { schema: answerSchema(schema), ...(lines && { 'x-lines': { anyOf: lines.map(answerSchema) } }), example };
}

function asProblem(description: string, example?: ProblemDocument): Json {
  const content = { schema: answerSchema(Problem), ...(example && { example }) };
  return { description, content: { 'application/problem+json': content } };
}

const componentUri = (id: string) => `#/components/schemas/${id}`;

/** Every schema of an answer that has a name, each written once. */
function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri: componentUri, override: withoutNoise });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _draft, $id: _uri, ...rest }]) => [id, rest]));
}

/** A reference to the schema's component, or a schema without a name as it is. */
function answerSchema(schema: z.ZodType): Json {
  const id = z.globalRegistry.get(schema)?.id;
  if (id !== undefined) return { $ref: componentUri(id) };
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema);
  return rest;
}

/** What zod says of every whole number, and of names that are its own. */
function withoutNoise({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  delete jsonSchema.id;
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

const problem: ProblemDocument = {
  type: 'about:blank',
  title: 'The query is not valid',
  status: 400,
  detail: 'week is "last"; give an ISO week, for example 2026-W47, or leave it out for the last one that is over.',
  errors: [{ parameter: 'week', message: 'is "last"; give an ISO week, for example 2026-W47' }],
};
