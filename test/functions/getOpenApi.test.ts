import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { handler } from '../../functions/getOpenApi.ts';
import { operations } from '../../shared/http/operations/operations.ts';
import { checkAnswer } from '../http/checkAnswer.ts';
import { call, composeAt } from './request.ts';

const folder = fileURLToPath(new URL('../../functions/', import.meta.url));

/** The names of the HTTP functions. */
const registered = readdirSync(folder).flatMap((file) => {
  const [, name] =
    /\b(?:http|query|body|end)Trigger(?:<[^()]*>)?\(\s*'(\w+)'/.exec(readFileSync(`${folder}${file}`, 'utf8')) ?? [];
  return name ?? [];
});

type Document = {
  readonly openapi: string;
  readonly servers: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly description?: string }>>;
    readonly responses: Readonly<Record<string, { readonly content?: Record<string, { readonly example: object }> }>>;
  };
};
type OperationObject = {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly security?: readonly unknown[];
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: object }>>;
};

async function document(): Promise<Document> {
  composeAt('2026-11-20T00:00:00Z');
  const { status, body } = await call(handler, '/api/openapi.json?code=key');
  expect(status).toBe(200);
  return body as unknown as Document;
}

describe('GET /api/openapi.json', () => {
  // test/build.test.ts holds methods, routes and keys against what the built app registers.
  it('lists every HTTP function and no other', async () => {
    const { paths } = await document();
    const listed = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(listed.length).toBeGreaterThan(20);
    expect(listed.toSorted()).toEqual(registered.toSorted());
  });

  it('names every part of a path, and the parameters of each query', async () => {
    const { paths } = await document();
    const names = (path: string, where: string) =>
      paths[path]?.['get']?.parameters.filter((one) => one.in === where).map(({ name }) => name);
    expect(names('/api/report', 'query')).toEqual(['week', 'format']);
    expect(names('/api/windows', 'query')).toEqual(['cluster', 'count', 'timeZone']);
    expect(names('/api/nodepools/{subscription}/{resourceGroup}/{cluster}/{nodePool}/decisions', 'path')).toEqual([
      'subscription',
      'resourceGroup',
      'cluster',
      'nodePool',
    ]);
    expect(names('/api/history', 'query')).toContain('cluster');
  });

  it('refers to nothing that is not there, and is where it is asked', async () => {
    const found = await document();
    const text = JSON.stringify(found);
    for (const [, path = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const target = path.split('/').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], found);
      expect([path, typeof target]).toEqual([path, 'object']);
    }
    expect(found.servers).toEqual([{ url: '/' }]);
    expect(found.openapi).toBe('3.1.0');
  });

  it('is valid OpenAPI 3.1 by a public validator', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(await document());
    expect([validator.version, valid, errors]).toEqual(['3.1', true, undefined]);
  });

  it('holds no schema that nothing refers to, and says of each what it is', async () => {
    const found = await document();
    const text = JSON.stringify(found);
    for (const [name, { description }] of Object.entries(found.components.schemas)) {
      expect([name, text.includes(`"#/components/schemas/${name}"`)]).toEqual([name, true]);
      expect([name, description]).toEqual([name, expect.stringMatching(/^.+\.$/)]);
    }
  });

  it('shows a problem as it would be answered', async () => {
    const { components } = await document();
    const { content = {} } = components.responses['BadRequest'] ?? {};
    for (const [contentType, { example }] of Object.entries(content)) {
      const text = JSON.stringify(example);
      expect(() => checkAnswer({ method: 'GET', url: '/api/report', status: 400, contentType, text })).not.toThrow();
    }
    expect(Object.keys(content)).toEqual(['application/problem+json']);
  });

  it('lists every status that an operation can answer, and no others by default', async () => {
    const { paths } = await document();
    const statuses = (path: string, method: string) => Object.keys(paths[path]?.[method]?.responses ?? {});
    expect(statuses('/api/policy', 'put')).toEqual(['200', '201', '400', '401', '412', '413', '428', '500']);
    expect(statuses('/api/approvals', 'post')).toEqual(['201', '400', '401', '409', '413', '500']);
    expect(statuses('/api/health', 'get')).toEqual(['200', '400', '503']);
  });

  it('takes no parameters', async () => {
    expect(await call(handler, '/api/openapi.json?x=1')).toMatchObject({ status: 400 });
  });
});

it.each(operations.flatMap(({ name, body }) => (body ? [[name, body] as const] : [])))(
  'the example of a request to %s is one that it takes',
  (_name, { schema, example }) => {
    expect(schema.safeParse(example).error).toBeUndefined();
  },
);

const examples = operations.flatMap(({ method, route, answers }) =>
  Object.entries(answers).flatMap(([status, { content }]) =>
    Object.entries(content).map(([contentType, { example }]) => ({ method, route, status, contentType, example })),
  ),
);

it.each(examples)('the example of $method $route, $status $contentType, is what it can answer', (one) => {
  const { method, route, status, contentType, example } = one;
  const text = contentType.endsWith('json') && typeof example !== 'string' ? JSON.stringify(example) : String(example);
  expect(() => checkAnswer({ method, url: `/api/${route}`, status: Number(status), contentType, text })).not.toThrow();
});
