import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { handler } from '../../functions/getOpenApi.ts';
import { operations } from '../../shared/operations.ts';
import { call, composeAt } from './request.ts';

const folder = fileURLToPath(new URL('../../functions/', import.meta.url));

/** The HTTP functions by their registrations: `GET history function`. */
const registered = readdirSync(folder)
  .map((file) => readFileSync(`${folder}${file}`, 'utf8'))
  .flatMap((text) => {
    const [, name = ''] = /app\.http\('(\w+)'/.exec(text) ?? [];
    const [, methods = ''] = /methods: \[([^\]]*)\]/.exec(text) ?? [];
    const [, route = ''] = /route: '([^']+)'/.exec(text) ?? [];
    const [, level = ''] = /authLevel: '(\w+)'/.exec(text) ?? [];
    return name === ''
      ? []
      : [{ name, methods: [...methods.matchAll(/'(\w+)'/g)].map(([, one]) => one), route, level }];
  });

type Document = {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: { readonly schemas: object; readonly responses: object };
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
  it('lists every HTTP function and no other, each with its methods and its key', async () => {
    const { paths } = await document();
    const listed = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId, security }]) => ({
        name: operationId,
        methods: [method.toUpperCase()],
        route: path.replace('/api/', ''),
        level: security?.length === 0 ? 'anonymous' : 'function',
      })),
    );
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(listed.toSorted(byName)).toEqual(registered.toSorted(byName));
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
    expect(text).toContain('"url":"https://keeper.example"');
    expect(found.openapi).toBe('3.1.0');
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

it('every answer has an example in JSON', () => {
  for (const { name, answers } of operations) {
    for (const { types } of Object.values(answers)) {
      expect([name, JSON.parse(JSON.stringify(types['application/json']))]).toEqual([name, expect.any(Object)]);
    }
  }
});
