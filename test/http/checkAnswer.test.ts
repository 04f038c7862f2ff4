import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decision } from '../../shared/http/operations/examples.ts';
import { coverage, roll } from '../../shared/http/operations/history.ts';
import { hold } from '../../shared/http/operations/hold.ts';
import { checkAnswer } from './checkAnswer.ts';

const { hash: _hash, ...unhashed } = roll;
const json = 'application/json; charset=utf-8';
const ndjson = 'application/x-ndjson; charset=utf-8';

const answer = (url: string, body: unknown, others: Partial<Parameters<typeof checkAnswer>[0]> = {}) =>
  checkAnswer({
    method: 'GET',
    url,
    status: 200,
    contentType: json,
    text: typeof body === 'string' ? body : JSON.stringify(body),
    ...others,
  });

const lines = (...values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

describe('an answer is held against the OpenAPI document', () => {
  it.each<[string, () => void]>([
    [
      'a page of history',
      () => answer('/api/history?limit=1', { value: [roll], nextLink: 'http://localhost/x?cursor=y', coverage }),
    ],
    ['no lines', () => answer('/api/history', '', { contentType: ndjson })],
    [
      'lines',
      () =>
        answer('/api/history', lines(roll, { kind: 'end', clusters: 1, entries: 1, coverage }), {
          contentType: ndjson,
        }),
    ],
    [
      'a hold',
      () => answer('/api/holds', { ...hold, matches: { count: 0, first: [] } }, { method: 'POST', status: 201 }),
    ],
    ['a missing key', () => answer('/api/plan', '', { status: 401, contentType: null })],
  ])('takes %s', (_what, check) => {
    expect(check).not.toThrow();
  });

  it.each<[string, () => void, RegExp]>([
    [
      'a wrong value',
      () => answer('/api/history', { value: [{ ...roll, outcome: 'fine' }], coverage }),
      /^getHistory answered 200, .*: \/value\/0\/outcome must be equal to one of the allowed values/,
    ],
    [
      'a missing field',
      () => answer('/api/history', { value: [roll, unhashed], coverage }),
      /getHistory answered 200, .*: \/value\/1 must have required property 'hash'/,
    ],
    [
      'a field more',
      () => answer('/api/plan', { value: [{ ...decision, mood: 'good' }] }),
      /getPlan answered 200, .*: \/value\/0 must NOT have additional properties \(mood\)/,
    ],
    [
      'a field more, inside',
      () => answer('/api/history', { value: [{ ...roll, window: { ...roll.window, at: 'night' } }], coverage }),
      /\/value\/0\/window must NOT have additional properties \(at\)/,
    ],
    [
      'a time that is none',
      () => answer('/api/plan', { value: [{ ...decision, decidedAt: 'today' }] }),
      /\/value\/0\/decidedAt must match/,
    ],
    [
      'a status that is not listed',
      () => answer('/api/plan', {}, { status: 204 }),
      /getPlan answered 204, .*no such status/,
    ],
    [
      'another content type',
      () => answer('/api/plan', 'value', { contentType: 'text/plain' }),
      /getPlan answered 200, .*it lists application\/json, and this is text\/plain/,
    ],
    ['no content type', () => answer('/api/plan', '', { contentType: null }), /this is null/],
    [
      'a body where there is none',
      () => answer('/api/plan', 'no', { status: 401, contentType: null }),
      /it has no body/,
    ],
    ['what is no JSON', () => answer('/api/plan', '{'), /getPlan answered 200, .*SyntaxError/],
    [
      'a problem without detail',
      () =>
        answer(
          '/api/plan',
          { type: 'about:blank', title: 'No', status: 400 },
          {
            status: 400,
            contentType: 'application/problem+json',
          },
        ),
      /getPlan answered 400, .*must have required property 'detail'/,
    ],
    [
      'a wrong line',
      () => answer('/api/history', lines(roll, unhashed), { contentType: ndjson }),
      /getHistory answered 200, .*in line 2 the body must have required property 'hash'/,
    ],
    ['a line that is cut', () => answer('/api/history', lines(roll).trimEnd(), { contentType: ndjson }), /has no end/],
    ['another method', () => answer('/api/plan', {}, { method: 'POST' }), /POST \/api\/plan is no operation/],
    ['an unknown path', () => answer('/api/plans', {}), /GET \/api\/plans is no operation/],
  ])('refuses %s', (_what, check, message) => {
    expect(check).toThrow(message);
  });
});

describe('no test gets an answer past the check', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ path: join('test', file), text: readFileSync(join(root, 'test', file), 'utf8') }));

  /** Imports a function of the app, loads them all, or starts the app in another process. */
  const hasTheApp = ({ path, text }: (typeof files)[number]) =>
    text.includes('startProcess(') ||
    [...text.matchAll(/['"`]((?:\.\.?\/)+functions\/[^'"`]*)/g)].some(([, name = '']) =>
      relative(root, join(root, dirname(path), name)).startsWith('functions'),
    );

  it.each(files.filter(hasTheApp).map((file) => [file.path, file] as const))(
    '%s asks through functions/request.ts or e2e/ask.ts',
    (_path, { text }) => {
      expect(text).not.toMatch(
        /\bfetch\(|\bHttpRequest\b|\bInvocationContext\b|\{[^}]*\b(?:request|get)\b[^}]*\} from 'node:https?'/,
      );
    },
  );

  it('and there are such tests', () => {
    const found = files.filter(hasTheApp).map(({ path }) => path);
    expect(found).toEqual(
      expect.arrayContaining(['test/http/askWorld.ts', 'test/e2e/app.test.ts', 'test/e2e/start.test.ts']),
    );
    expect(found.length).toBeGreaterThan(12);
  });
});
