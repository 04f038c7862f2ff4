// HTTP functions on the local host: routes, keys, requests, answers, log. One host per process, so one per test file.
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FunctionsHost, startFunctionsHost } from '../../../local/functionsHost/startFunctionsHost.ts';

import { sendRaw } from '../../fuzz/requests/sendRaw.ts';

const lines: string[] = [];
const keys = { default: 'the-key', master: 'the-master', eventGrid: 'the-system-key' };
let host: FunctionsHost;

beforeAll(async () => {
  host = await startFunctionsHost({
    load: async () => {
      await import('./httpFunctions.ts');
    },
    settings: { ROUTE: 'from/settings', HOST_TEST_VALUE: 'visible' },
    host: { version: '2.0', logging: { logLevel: { default: 'Information' } } },
    port: 0,
    keys,
    log: (line) => lines.push(line),
  });
});

afterAll(async () => {
  await host.stop();
});

const call = (path: string, init?: RequestInit) => fetch(`${host.url}${path}`, init);
const echoed = async (path: string, init?: RequestInit) => (await call(path, init)).json();

describe('routes', () => {
  it.each([
    ['/api/plain', { function: 'Plain', params: {} }],
    ['/API/PLAIN/', { function: 'Plain' }],
    ['/api/pools/prod', { function: 'pool', params: { cluster: 'prod' } }],
    ['/api/pools/prod/user1', { function: 'pool', params: { cluster: 'prod', pool: 'user1' } }],
    ['/api/pools/Latest', { function: 'literal', params: {} }],
    ['/api/pools/42', { function: 'numbered', params: { id: '42' } }],
    ['/api/files', { function: 'files', params: {} }],
    ['/api/files/a/b%20c.txt', { function: 'files', params: { rest: 'a/b c.txt' } }],
    ['/api/images/a.b.png', { function: 'image', params: { name: 'a', extension: 'b.png' } }],
    ['/api/from/settings/here', { function: 'configured' }],
    ['/api/pools/a%2Fb', { function: 'pool', params: { cluster: 'a%2Fb' } }],
  ])('%s', async (path, expected) => {
    expect(await echoed(path)).toMatchObject(expected);
  });

  it.each([
    ['GET', '/api/nothing'],
    ['GET', '/plain'],
    ['GET', '/api/pools'],
    ['GET', '/api/pools/a/b/c'],
    ['GET', '/api/pools/%E0%A4%A'],
    ['PUT', '/api/plain'],
    // The real host does not answer HEAD for GET.
    ['HEAD', '/api/plain'],
  ])('%s %s is 404, as in the real host', async (method, path) => {
    expect((await call(path, { method })).status).toBe(404);
  });

  it.each<[string, string, number]>([
    ['/api/plain', 'keeper.example:7071', 200],
    ['/api/plain', '[::1]', 200],
    ['http://other.example/api/plain', 'localhost', 200],
    ['//other.example/api/plain', 'localhost', 404],
    ['*', 'localhost', 400],
    ['api/plain', 'localhost', 400],
    ['/api/plain', 'a b', 400],
    ['/api/plain', 'localhost:port', 400],
    ['/api/plain', 'localhost/x?', 400],
    ['/api/plain', 'user@localhost', 400],
    ['/api/plain', '\u00e9', 400],
  ])('GET %s of the host %s is %i', async (target, name, status) => {
    const answer = await sendRaw(
      Number(new URL(host.url).port),
      { method: 'GET', target, headers: [['host', name]] },
      5000,
    );
    expect(answer?.status).toBe(status);
  });
});

describe('requests', () => {
  it('hand the function method, URL, query, headers and the bytes of the body', async () => {
    const body = Buffer.from([1, 0, 254]);
    const answer = await echoed('/api/plain?a=1&b=x%20y&a=2', { method: 'POST', headers: { 'x-test': 'yes' }, body });
    expect(answer).toEqual({
      function: 'Plain',
      method: 'POST',
      url: `${host.url}/api/plain?a=1&b=x%20y&a=2`,
      params: {},
      query: { a: '1,2', b: 'x y' },
      header: 'yes',
      body: body.toString('base64'),
    });
  });

  it('find the app settings in the environment', async () => {
    expect(await (await call('/api/environment')).text()).toBe('visible');
  });
});

describe('answers', () => {
  it('are 500 and empty when the handler throws, and the log says why', async () => {
    const answer = await call('/api/throws');
    expect([answer.status, await answer.text()]).toEqual([500, '']);
    const log = lines.join('\n');
    expect(log).toMatch(/Executed 'Functions\.throws' \(Failed, Id=[0-9a-f-]+, Duration=\d+ms\)/);
    expect(log).toMatch(/Exception: the disk is full\nStack: Error: the disk is full\n\s+at /);
  });

  it('are 500 when the handler answers no object', async () => {
    expect((await call('/api/badAnswer')).status).toBe(500);
  });

  it('are 204 when there is none', async () => {
    expect((await call('/api/silent')).status).toBe(204);
    expect((await call('/api/removes', { method: 'DELETE' })).status).toBe(204);
  });

  it('carry bytes', async () => {
    expect([...new Uint8Array(await (await call('/api/binary')).arrayBuffer())]).toEqual([0, 255, 10]);
  });

  it('to HEAD have the headers and no body', async () => {
    const answer = await call('/api/heads', { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '12', '']);
  });

  it('carry headers and cookies', async () => {
    const answer = await call('/api/cookies');
    expect([answer.headers.get('x-own'), answer.headers.get('content-length')]).toEqual(['yes', '0']);
    expect(answer.headers.getSetCookie()).toEqual([
      'a=b%20c; domain=example.org; path=/; secure; samesite=strict; httponly',
      'c=d; expires=Tue, 01 Dec 2026 00:00:00 GMT; max-age=60',
    ]);
  });
});

describe('keys', () => {
  it.each([
    ['/api/withKey', undefined, 401],
    ['/api/withKey', 'wrong', 401],
    ['/api/withKey', keys.eventGrid, 401],
    ['/api/withKey', keys.default, 200],
    ['/api/withKey', keys.master, 200],
    ['/api/withKey?code=the-key', undefined, 200],
    ['/api/withKey?code=the-key', 'wrong', 401],
    ['/api/forAdmins', keys.default, 401],
    ['/api/forAdmins', keys.master, 200],
    ['/api/plain', 'wrong', 200],
  ])('%s with x-functions-key %s is %i', async (path, key, status) => {
    const headers = key === undefined ? {} : { 'x-functions-key': key };
    expect((await call(path, { headers })).status).toBe(status);
  });
});

describe('the log', () => {
  it('lists the functions at the start', () => {
    expect(lines.slice(0, 2)).toEqual(['', 'Functions:']);
    expect(lines).toContain(`\tpool: [GET,POST] ${host.url}/api/pools/{cluster}/{pool?}`);
    expect(lines).toContain(`\tremoves: [DELETE] ${host.url}/api/removes`);
  });

  it("tells each invocation, and the function's own lines from information up", async () => {
    const before = lines.length;
    await call('/api/logs');
    const told = lines.slice(before).map((line) => line.replace(/^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] /, ''));
    expect(told).toEqual([
      expect.stringMatching(/^Executing 'Functions\.logs' \(Reason='This function was programmatically called/),
      'planned { pools: 2 }',
      'careful',
      expect.stringMatching(/^Executed 'Functions\.logs' \(Succeeded, Id=[0-9a-f-]{36}, Duration=\d+ms\)$/),
    ]);
  });
});

it('a bundle gets the core module through a require of its own', () => {
  const required: unknown = createRequire(import.meta.url)('@azure/functions-core');
  expect(required).toHaveProperty('registerFunction');
});

it('a second host in the process is refused', async () => {
  const second = startFunctionsHost({ load: async () => {}, settings: {}, host: {}, port: 0, log: () => {} });
  await expect(second).rejects.toThrow('it can have only one');
});
