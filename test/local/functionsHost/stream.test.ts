// HTTP streams (app.setup({ enableHttpStream: true })): requests and answers pass through as they come.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { app } from '@azure/functions';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FunctionsHost, startFunctionsHost } from '../../../local/functionsHost/startFunctionsHost.ts';
import { afterTimeout } from '../../../local/functionsHost/worker/after.ts';

const lines: string[] = [];
let host: FunctionsHost;
let send: (chunk: string | null) => void = () => {};
let handling = false;
let fireSilence: () => void = () => {};

function register() {
  app.setup({ enableHttpStream: true });
  app.http('streams', {
    authLevel: 'anonymous',
    route: 'streams/{cluster}',
    handler: (request) => {
      const body = new Readable({ read: () => {} });
      send = (chunk) => body.push(chunk);
      handling = true;
      return {
        status: 201,
        headers: { 'content-type': 'text/event-stream', 'x-for': request.params['cluster'] ?? '' },
        body,
      };
    },
  });
  app.post('counts', {
    authLevel: 'function',
    handler: async (request) => {
      let bytes = 0;
      for await (const chunk of request.body ?? []) bytes += (chunk as Uint8Array).length;
      return {
        jsonBody: { bytes, url: request.url, query: request.query.get('q'), header: request.headers.get('x-test') },
        cookies: [{ name: 'a', value: 'b' }],
      };
    },
  });
  app.http('throws', {
    authLevel: 'anonymous',
    handler: () => {
      throw new Error('in the middle');
    },
  });
  app.generic('nothing', {
    trigger: { type: 'httpTrigger', name: 'r', authLevel: 'anonymous' },
    return: { type: 'http', name: '$return' },
    handler: () => undefined,
  });
  app.http('breaks', {
    authLevel: 'anonymous',
    handler: () => {
      async function* body() {
        yield Buffer.from('half');
        throw new Error('storage is away');
      }
      return { body: body() };
    },
  });
  app.http('large', {
    authLevel: 'anonymous',
    handler: () => ({ body: Readable.from(Array.from({ length: 2000 }, () => 'x'.repeat(1024))) }),
  });
}

beforeAll(async () => {
  host = await startFunctionsHost({
    load: async () => register(),
    settings: {},
    host: {},
    port: 0,
    log: (line) => lines.push(line),
    after: (milliseconds, run) => {
      if (milliseconds !== 240_000) return afterTimeout(milliseconds, run);
      fireSilence = run;
      return () => {};
    },
    drainMilliseconds: 200,
  });
});

afterAll(async () => {
  await host.stop();
});

function open(path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpRequest(`${host.url}${path}`).once('response', resolve).once('error', reject).end();
  });
}

it('an answer arrives piece by piece, with its status and headers first', async () => {
  const answering = open('/api/streams/prod');
  await expect.poll(() => handling).toBe(true);
  // The library sends the head with the first piece.
  send('one');
  const answer = await answering;
  expect([answer.statusCode, answer.headers['x-for'], answer.headers['content-type']]).toEqual([
    201,
    'prod',
    'text/event-stream',
  ]);
  expect(answer.headers['x-ms-invocation-id']).toMatch(/^[0-9a-f-]{36}$/);
  const chunks: string[] = [];
  answer.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  await expect.poll(() => chunks).toEqual(['one']);
  expect(lines.join('\n')).not.toContain("Executed 'Functions.streams'");
  send('two');
  await expect.poll(() => chunks).toEqual(['one', 'two']);
  send(null);
  await expect.poll(() => lines.some((line) => line.includes("Executed 'Functions.streams' (Succeeded"))).toBe(true);
});

it('a request body arrives as a stream, larger than the host takes otherwise', async () => {
  const body = Readable.toWeb(Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(65_536))));
  const answer = await fetch(`${host.url}/api/counts?q=a%20b`, {
    method: 'POST',
    headers: { 'x-functions-key': host.keys.default, 'x-test': 'yes' },
    body,
    duplex: 'half',
  });
  expect(await answer.json()).toEqual({
    bytes: 64 * 65_536,
    url: `${host.url}/api/counts?q=a%20b`,
    query: 'a b',
    header: 'yes',
  });
  expect(answer.headers.getSetCookie()).toEqual(['a=b']);
});

it('keys are asked for as ever', async () => {
  expect((await fetch(`${host.url}/api/counts`, { method: 'POST' })).status).toBe(401);
});

it('a handler that throws is answered with 500 and a warning, because Azure would not answer at all', async () => {
  expect((await fetch(`${host.url}/api/throws`)).status).toBe(500);
  const log = lines.join('\n');
  expect(log).toContain("Executed 'Functions.throws' (Failed");
  expect(log).toContain("The caller of 'throws' gets 500. Azure would let it wait");
});

it('a body that fails half-way leaves its caller without a byte, as on Azure, for 240 s', async () => {
  const answer = await open('/api/breaks');
  let [text, isOver] = ['', false];
  answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  answer.once('error', () => (isOver = true)).once('end', () => (isOver = true));
  await expect.poll(() => lines.join('\n')).toContain("The answer of 'breaks' broke off. Its caller waits 240 s");
  await expect.poll(() => text).toBe('half');
  expect(isOver).toBe(false);
  fireSilence();
  await expect.poll(() => isOver).toBe(true);
});

it('a handler that gives nothing back is 204', async () => {
  expect((await fetch(`${host.url}/api/nothing`)).status).toBe(204);
});

it('a caller that goes away does not break the host', async () => {
  const answer = await open('/api/large');
  await new Promise((resolve) => answer.once('data', resolve));
  answer.destroy();
  expect((await fetch(`${host.url}/api/nothing`)).status).toBe(204);
});

it('the stop leaves none of the servers open, the library’s included', async () => {
  expect(process.getActiveResourcesInfo()).toContain('TCPServerWrap');
  await host.stop();
  await expect.poll(() => process.getActiveResourcesInfo()).not.toContain('TCPServerWrap');
});
