// Every refusal of the app, through the host and as bytes on the wire, is a problem document. What the host refuses for itself
// has no body: another method or path (404), what is no HTTP (400), a missing key (401).
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMemoryTables } from '../../shared/adapters/storage/memoryTables.ts';
import { operations } from '../../shared/http/operations/operations.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { type FuzzHost, startFuzzHost } from '../fuzz/requests/fuzzHost.ts';
import { type RawAnswer, type RawRequest, sendRaw } from '../fuzz/requests/sendRaw.ts';

let host: FuzzHost;
let isAway = false;

beforeAll(async () => {
  const tables = createMemoryTables();
  const unlessAway =
    <Asked extends readonly unknown[], Answer>(ask: (...asked: Asked) => Answer) =>
    (...asked: Asked): Answer => {
      if (isAway) throw new Error('storage is away');
      return ask(...asked);
    };
  const breakable: Tables = {
    ...tables,
    get: unlessAway(tables.get),
    query: unlessAway(tables.query),
    write: unlessAway(tables.write),
  };
  host = await startFuzzHost({ tables: breakable });
});

afterAll(async () => {
  await host.host.stop();
});

const pathOf = (route: string, part = 'x') => `/api/${route.replaceAll(/\{\w+\}/g, part)}`;

function send(method: string, target: string, { headers = [], body }: Partial<RawRequest> = {}) {
  const withKey = [['x-functions-key', host.host.keys.master] as const, ...headers];
  return sendRaw(host.port, { method, target, headers: withKey, body }, 10_000);
}

/** What is wrong with an answer that the app gave. */
function wrongWith(what: string, answer: RawAnswer | undefined): string | undefined {
  if (!answer) return `${what}: no answer`;
  const { status, contentType, text } = answer;
  if (status < 400) return undefined;
  if (contentType !== 'application/problem+json; charset=utf-8') return `${what}: ${status} as ${contentType} ${text}`;
  const { type, title, status: said, detail } = JSON.parse(text) as Record<string, unknown>;
  const isWhole = type === 'about:blank' && said === status && Boolean(title) && Boolean(detail);
  return isWhole ? undefined : `${what}: ${text}`;
}

const queries = [
  '?x=1',
  '?x=1&x=1',
  '?%',
  '?a=%ff',
  '?=',
  '?limit=0',
  '?cluster=%zz',
  '?format=%00',
  `?${'a'.repeat(7000)}`,
];
const parts = ['%00', '%0d%0a', '%20', '%c3%a9', 'a'.repeat(3000), '%2F'];
const bodies = ['', '{', 'null', '[]', '"x"', '\ufeff{}', 'a=1&b=2', '{"a":1}', '['.repeat(40_000), ' '.repeat(70_000)];
const types = ['application/json', 'text/plain', 'multipart/form-data'];

it.each(operations.map((one) => [one.name, one] as const))('%s refuses by problem documents', async (_name, one) => {
  const { method, route, body: takesBody } = one;
  const wrong: (string | undefined)[] = [];
  for (const query of queries) wrong.push(wrongWith(query, await send(method, pathOf(route) + query)));
  for (const part of route.includes('{') ? parts : [])
    wrong.push(wrongWith(part, await send(method, pathOf(route, part))));
  for (const type of takesBody ? types : types.slice(0, 1)) {
    for (const body of takesBody ? bodies : bodies.slice(0, 3)) {
      const headers = [['content-type', type]] as const;
      const what = `${type} ${body.slice(0, 10)}`;
      wrong.push(wrongWith(what, await send(method, pathOf(route), { headers, body })));
    }
  }
  const odd = [
    ['content-encoding', 'gzip'],
    ['if-match', '\u00e9"'],
    ['accept', 'image/png'],
    ['range', 'bytes=5-1'],
  ] as const;
  for (const header of odd)
    wrong.push(wrongWith(header[0], await send(method, pathOf(route), { headers: [header], body: '{}' })));
  isAway = true;
  // Health says so in its own words: that is no refusal.
  const away = await send(method, pathOf(route)).finally(() => (isAway = false));
  wrong.push(one.anonymous ? undefined : wrongWith('storage is away', away));
  expect(wrong.filter((one) => one !== undefined)).toEqual([]);
});

it('the host refuses other methods and paths by itself, without a body', async () => {
  for (const { method, route } of operations) {
    const others = operations.filter((one) => one.route === route).map((one) => one.method as string);
    for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
      (one) => one !== method && !others.includes(one),
    )) {
      expect(await send(other, pathOf(route))).toMatchObject({ status: 404, contentType: null, text: '' });
    }
  }
  const noHttp = await sendRaw(
    host.port,
    { method: 'GET', target: '/api/holds', headers: [['content-length', 'x']] },
    10_000,
  );
  expect(noHttp).toMatchObject({ status: 400, contentType: null, text: '' });
});
