// The OpenAPI document, made of the table of operations and the zod schemas. The tests check every answer against it.
import { z } from 'zod';
import { Problem } from './answers/problem.ts';
import type { Answer } from './operations/operation.ts';
import { type NamedOperation, operations } from './operations/operations.ts';
import type { ProblemDocument } from './problemDocument.ts';
import { maxBodyBytes } from './readRequest.ts';

type Json = Readonly<Record<string, unknown>>;

/** @param server where the API is, without a slash at its end; `/`: where the document was asked for */
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
      responses,
    },
  };
}

function toOperation({ name, summary, anonymous, body, answers, problems = {}, ...takes }: NamedOperation): Json {
  return {
    operationId: name,
    summary,
    security: anonymous && [],
    parameters: parametersOf(takes),
    requestBody: body && {
      required: true,
      content: { 'application/json': { schema: schemaOf(body.schema), example: body.example } },
    },
    responses: {
      ...mapValues(answers, toResponse),
      400: shared('BadRequest'),
      ...(anonymous ? {} : { 401: shared('Unauthorized'), 500: shared('Failed') }),
      ...(body ? { 413: shared('TooLong') } : {}),
      ...mapValues(problems, (when) => asProblem(when)),
    },
  };
}

/** `x-lines`: the schema of a line of newline-delimited JSON. OpenAPI 3.1 has no field for it, so this one is ours. */
function toResponse({ description, content }: Answer): Json {
  return {
    description,
    content: mapValues(content, ({ schema, example, lines }) => ({
      schema: referTo(schema),
      example,
      'x-lines': lines && { anyOf: lines.map(referTo) },
    })),
  };
}

function asProblem(description: string, example?: ProblemDocument): Json {
  return { description, content: { 'application/problem+json': { schema: referTo(Problem), example } } };
}

const shared = (name: keyof typeof responses) => ({ $ref: `#/components/responses/${name}` });

const componentUri = (id: string) => `#/components/schemas/${id}`;

function referTo(schema: z.ZodType): Json {
  const id = z.globalRegistry.get(schema)?.id;
  return id === undefined ? withoutDraft(z.toJSONSchema(schema)) : { $ref: componentUri(id) };
}

function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri: componentUri, override: forClients });
  return mapValues(schemas, withoutDraft);
}

/** Drops the bounds that zod gives every whole number, and zod's own ids. Generators make a list of so many of a pair anyway. */
function forClients({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  delete jsonSchema.id;
  if (jsonSchema.prefixItems === undefined) return;
  const { length } = jsonSchema.prefixItems;
  Object.assign(jsonSchema, { items: { anyOf: jsonSchema.prefixItems }, minItems: length, maxItems: length });
  delete jsonSchema.prefixItems;
}

function withoutDraft({ $schema: _draft, $id: _uri, ...rest }: Json): Json {
  return rest;
}

function parametersOf({ route, path, query, headers = {} }: TakenByUrl): readonly Json[] {
  const inPath: z.core.JSONSchema.BaseSchema = path ? schemaOf(path) : {};
  const inQuery: z.core.JSONSchema.BaseSchema = query ? schemaOf(query) : {};
  return [
    ...[...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) =>
      parameter(name, 'path', true, inPath.properties?.[name]),
    ),
    ...Object.entries(inQuery.properties ?? {}).map(([name, given]) =>
      parameter(name, 'query', inQuery.required?.includes(name) ?? false, given),
    ),
    ...Object.entries(headers).map(([name, description]) =>
      parameter(name, 'header', false, { type: 'string', description }),
    ),
  ];
}

type TakenByUrl = Pick<NamedOperation, 'route' | 'path' | 'query' | 'headers'>;

function parameter(name: string, where: 'path' | 'query' | 'header', required: boolean, given: unknown): Json {
  const { description, ...schema } = given as Json;
  return { name, in: where, required, description, schema };
}

/** The schema of what clients send, before texts become values. What JSON Schema can't say stays open. */
function schemaOf(schema: z.ZodType): Json {
  return withoutDraft(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

function mapValues<T>(values: Readonly<Record<string, T>>, toValue: (value: T) => Json): Json {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, toValue(value)]));
}

const responses = {
  BadRequest: asProblem('What the request asks for is not understood: every parameter or field that is wrong.', {
    type: 'about:blank',
    title: 'The query is not valid',
    status: 400,
    detail: 'week is "last"; give an ISO week, for example 2026-W47, or leave it out for the last one that is over.',
    errors: [{ parameter: 'week', message: 'is "last"; give an ISO week, for example 2026-W47' }],
  }),
  Failed: asProblem("Something went wrong that is not the request's fault; the app's log says what."),
  TooLong: asProblem(`The body is longer than ${maxBodyBytes} bytes; it was not read.`),
  Unauthorized: { description: 'The key is missing or wrong. The functions host answers, without a body.' },
};
