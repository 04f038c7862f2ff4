// What an app or its caller can tell of the host, beside routes and answers: keys, headers, limits, time-outs, log levels,
// disabled functions. Each group is a row of docs/functions-host.md.
import { connect } from 'node:net';
import { app, type InvocationContext } from '@azure/functions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FunctionsHost, startFunctionsHost } from '../../../local/functionsHost/startFunctionsHost.ts';
import { createHandClock } from './handClock.ts';

const lines: string[] = [];
const contexts: InvocationContext[] = [];
const keys = { default: 'the-key', master: 'the-master', eventGrid: 'the-system-key', functions: { keyed: 'its-own' } };
const hand = createHandClock('2026-11-20T10:00:30Z');
const runs: string[] = [];
let host: FunctionsHost;
let releaseSlow = () => {};

function register() {
  const answer = (name: string) => () => ({ body: name });
  app.http('keyed', { authLevel: 'function', handler: answer('keyed') });
  app.http('alsoKeyed', { authLevel: 'function', handler: answer('alsoKeyed') });
  app.http('forAdmins', { authLevel: 'admin', handler: answer('forAdmins') });
  app.http('off', { authLevel: 'anonymous', handler: answer('off') });
  app.http('adminPage', { authLevel: 'anonymous', route: '{*path}', handler: answer('catchAll') });
  app.http('context', {
    authLevel: 'anonymous',
    handler: async (request, context) => {
      contexts.push(context);
      return {
        jsonBody: {
          url: request.url,
          user: request.user,
          requestId: request.headers.get('x-ms-request-id'),
          original: request.headers.get('x-original-url'),
          key: request.headers.get('x-functions-key'),
        },
      };
    },
  });
  app.post('echo', { authLevel: 'anonymous', handler: async (request) => ({ body: await request.text() }) });
  app.http('slow', {
    authLevel: 'anonymous',
    handler: () =>
      new Promise((resolve) => {
        releaseSlow = () => resolve({ body: 'too late' });
      }),
  });
  app.http('talks', {
    authLevel: 'anonymous',
    handler: (_request, context) => {
      for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) context[level](`${level} said`);
      return {};
    },
  });
  app.http('quiet', {
    authLevel: 'anonymous',
    handler: (_request, context) => {
      context.error('never seen');
      return {};
    },
  });
  app.timer('offTimer', { schedule: '0 * * * * *', handler: () => void runs.push('offTimer') });
  app.eventGrid('offEvents', { handler: () => {} });
}

beforeAll(async () => {
  host = await startFunctionsHost({
    load: async () => register(),
    settings: {
      'AzureWebJobs.off.Disabled': 'true',
      'AzureWebJobs.OffTimer.Disabled': '1',
      'AzureWebJobs.offEvents.Disabled': 'True',
      'AzureWebJobs.echo.Disabled': 'false',
      FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '10',
      AzureFunctionsJobHost__functionTimeout: '00:02:00',
    },
    host: {
      functionTimeout: '00:05:00',
      logging: { logLevel: { 'Function.talks.User': 'Debug', 'Function.quiet': 'None' } },
    },
    port: 0,
    keys,
    log: (line) => lines.push(line),
    ...hand,
  });
});

afterAll(async () => {
  await host.stop();
});

const call = (path: string, init?: RequestInit) => fetch(`${host.url}${path}`, init);
const withKey = (path: string, key: string, method = 'GET') =>
  call(path, { method, headers: { 'x-functions-key': key } });

describe('keys', () => {
  it.each([
    ['/api/keyed', 'its-own', 200],
    ['/api/alsoKeyed', 'its-own', 401],
    ['/api/alsoKeyed', 'the-key', 200],
    ['/api/forAdmins', 'its-own', 401],
    ['/api/forAdmins', 'the-master', 200],
    // The header counts, even when it is empty.
    ['/api/keyed?code=its-own', '', 401],
  ])('%s with "%s" is %i', async (path, key, status) => {
    expect((await withKey(path, key)).status).toBe(status);
  });

  it('of a function are made where none is given', () => {
    expect(host.keys.functions).toMatchObject({ keyed: 'its-own', alsoKeyed: expect.stringMatching(/^[\w-]{43}$/) });
    expect(host.keys.functions).not.toHaveProperty('offTimer');
  });

  it.each([
    ['/admin/host/keys', { keys: [{ name: 'default', value: 'the-key' }] }],
    ['/admin/host/functionkeys/default', { name: 'default', value: 'the-key' }],
    ['/admin/host/systemkeys', { keys: [{ name: 'eventgrid_extension', value: 'the-system-key' }] }],
    ['/admin/host/systemkeys/_master', { name: '_master', value: 'the-master' }],
    ['/admin/functions/KEYED/keys', { keys: [{ name: 'default', value: 'its-own' }] }],
    ['/admin/functions/keyed/keys/default', { name: 'default', value: 'its-own' }],
    ['/admin/functions/offTimer/keys', { keys: [] }],
    ['/admin/host/status', { state: 'Running' }],
  ])('are shown at %s, to the master key', async (path, expected) => {
    expect((await withKey(path, 'the-key')).status).toBe(401);
    expect(await (await withKey(path, 'the-master')).json()).toEqual(expected);
  });

  it.each(['/admin/host/keys/other', '/admin/functions/nobody/keys', '/admin/nothing', '/admin/host/keys/default/x'])(
    '%s is 404',
    async (path) => {
      expect((await withKey(path, 'the-master')).status).toBe(404);
    },
  );
});

describe('addresses that the host keeps for itself', () => {
  it.each([
    ['/admin/host/ping', 200],
    ['/admin/anything', 401],
    ['/runtime/anything', 404],
    ['/', 200],
  ])('%s is %i, whatever routes the app has', async (path, status) => {
    const answer = await call(path);
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain('catchAll');
  });

  it('an unknown function can not be run', async () => {
    const run = (name: string, body: string) =>
      call(`/admin/functions/${name}`, { method: 'POST', headers: { 'x-functions-key': 'the-master' }, body });
    expect((await run('nobody', '{}')).status).toBe(404);
    expect((await run('offTimer', '')).status).toBe(400);
  });
});

describe('requests', () => {
  it('have the URL that the caller used, as the front end tells it', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'disguised-host': 'keeper.azurewebsites.net' };
    const { url } = (await (await call('/api/context?a=1', { headers })).json()) as { url: string };
    expect(url).toBe('https://keeper.azurewebsites.net/api/context?a=1');
  });

  it('keep the x-ms- headers that they came with, the key and the user among them', async () => {
    const principal = { claims: [], name_typ: 'name', role_typ: 'roles' };
    const headers = {
      'x-ms-client-principal': Buffer.from(JSON.stringify(principal)).toString('base64'),
      'x-ms-client-principal-id': '7',
      'x-ms-client-principal-name': 'ada@example.org',
      'x-ms-client-principal-idp': 'aad',
      'x-ms-request-id': 'r1',
      'x-original-url': '/before',
      'x-functions-key': 'whatever',
    };
    const answer = await call('/api/context', { headers });
    expect(await answer.json()).toMatchObject({
      user: { type: 'AppService', id: '7', username: 'ada@example.org', identityProvider: 'aad' },
      requestId: 'r1',
      original: '/before',
      key: 'whatever',
    });
    // The host itself says nothing of a request's or an invocation's id to the caller.
    expect([...answer.headers.keys()].filter((name) => name.startsWith('x-'))).toEqual([]);
  });

  it('belong to the trace of their caller, or start one', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${trace}-00f067aa0ba902b7-01`, tracestate: 'a=b' };
    await call('/api/context', { headers });
    await call('/api/context', { headers: { traceparent: 'nonsense' } });
    const [first, second] = contexts.slice(-2).map(({ traceContext }) => traceContext);
    expect(first?.traceParent).toMatch(new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
    expect(first?.traceState).toBe('a=b');
    expect(second?.traceParent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(contexts.at(-1)?.retryContext).toBeUndefined();
    expect(contexts.at(-1)?.invocationId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('that are too large are 500, and the function does not run', async () => {
    const post = async (body: string) => {
      const answer = await call('/api/echo', { method: 'POST', body });
      return [answer.status, await answer.text()];
    };
    expect(await post('0123456789')).toEqual([200, '0123456789']);
    expect(await post('0123456789+')).toEqual([500, '']);
    const log = lines.join('\n');
    expect(log).toContain("Executed 'Functions.echo' (Failed");
    expect(log).toContain(
      "Exception binding parameter 'req'. Request body too large. The max request body size is 10 bytes.",
    );
  });
});

describe('disabled functions', () => {
  it('are 404 to all but the master key', async () => {
    expect((await call('/api/off')).status).toBe(404);
    expect((await withKey('/api/off', 'the-key')).status).toBe(404);
    expect(await (await withKey('/api/off', 'the-master')).text()).toBe('off');
  });

  it('get no events', async () => {
    const webhook = '/runtime/webhooks/eventgrid?functionName=offEvents&code=the-system-key';
    const headers = { 'aeg-event-type': 'Notification' };
    expect((await call(webhook, { method: 'POST', headers, body: '[]' })).status).toBe(404);
  });

  it('do not run on their schedule, but by hand', async () => {
    await hand.advanceTo('2026-11-20T10:01:10Z');
    expect(runs).toEqual([]);
    const headers = { 'x-functions-key': 'the-master' };
    expect((await call('/admin/functions/offTimer', { method: 'POST', headers, body: '{}' })).status).toBe(202);
    await expect.poll(() => runs).toEqual(['offTimer']);
  });

  it('are listed as such', () => {
    expect(lines).toContain('\toff: disabled');
    expect(lines).toContain(`\techo: [POST] ${host.url}/api/echo`);
  });
});

describe('host.json', () => {
  it('functionTimeout ends an invocation that outlives it, and an app setting replaces it', async () => {
    const answering = call('/api/slow');
    await expect.poll(() => lines.some((line) => line.includes("Executing 'Functions.slow'"))).toBe(true);
    await expect.poll(() => hand.waiting()).toBe(1);
    await hand.advanceTo('2026-11-20T10:03:10Z');
    const answer = await answering;
    expect([answer.status, await answer.text()]).toEqual([500, '']);
    const log = lines.join('\n');
    expect(log).toMatch(
      /Timeout value of 00:02:00 exceeded by function 'Functions\.slow' \(Id: '[0-9a-f-]+'\)\. Initiating cancellation\./,
    );
    expect(log).toMatch(/Executed 'Functions\.slow' \(Failed, Id=[0-9a-f-]+, Duration=120000ms\)/);
    expect(log).toContain('Exception: Timeout value of 00:02:00 was exceeded by function: Functions.slow');
    expect(log).toContain('A function timeout has occurred. Azure would now restart the worker process');
    releaseSlow();
  });

  it('logging.logLevel says what is logged, by category', async () => {
    const before = lines.length;
    await call('/api/talks');
    await call('/api/quiet');
    const told = lines.slice(before).map((line) => line.replace(/^\[[^\]]*\] /, ''));
    expect(told.filter((line) => line.endsWith(' said'))).toEqual([
      'debug said',
      'info said',
      'warn said',
      'error said',
    ]);
    expect(told.join('\n')).not.toMatch(/quiet|never seen/);
  });
});

it('the stop lets what runs end, and answers 503 to what still comes', async () => {
  const { port } = new URL(host.url);
  const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
  let received = '';
  socket.on('data', (text: string) => {
    received += text;
  });
  const get = (path: string) => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  const started = () => lines.filter((line) => line.includes("Executing 'Functions.slow'")).length;
  const before = started();
  get('/api/slow');
  await expect.poll(started).toBe(before + 1);
  const stopped = host.stop();
  get('/api/context');
  // Both requests stand in one connection, so the answers come in order.
  releaseSlow();
  await stopped;
  expect(received).toMatch(/^HTTP\/1\.1 200 OK.*too late.*HTTP\/1\.1 503 .*Function host is not running\.$/s);
});
