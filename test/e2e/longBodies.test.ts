// Bodies whose length nobody knows beforehand, through a host that streams: the caller gets an answer while it still sends.
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FunctionsHost, startFunctionsHost } from '../../local/functionsHost/startFunctionsHost.ts';

let host: FunctionsHost;

beforeAll(async () => {
  host = await startFunctionsHost({
    load: async () => {
      await import('../../functions/evaluateWindow.ts');
      const { enableStreams } = await import('../../shared/http/streamedAnswer.ts');
      enableStreams();
    },
    settings: { AzureWebJobsStorage: 'UseDevelopmentStorage=true', SUBSCRIPTION_IDS: crypto.randomUUID() },
    host: {},
    port: 0,
    log: () => {},
    drainMilliseconds: 200,
  });
});

afterAll(async () => {
  await host.stop();
});

/** The status that a POST gets, whether all of it was read or not. */
function send(chunks: Iterable<string>, headers: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const all = { 'x-functions-key': host.keys.default, ...headers };
    const sent = httpRequest(`${host.url}/api/windows/evaluate`, { method: 'POST', headers: all });
    sent.once('error', reject).once('response', (response) => {
      response.resume();
      resolve(response.statusCode);
      sent.destroy();
    });
    Readable.from(chunks).pipe(sent);
  });
}

function* endless(): Generator<string> {
  for (;;) yield ' '.repeat(1024);
}

it.each([
  ['in pieces', () => ['{"maintenance', 'Window":1}'], {}, 200],
  ['without an end', endless, {}, 413],
  ['too long by its last piece', () => [' '.repeat(65_536), '{}'], {}, 413],
  ['of a length that is too long', () => ['{'], { 'content-length': '65537' }, 413],
])('answers a body %s', async (_what, chunks, headers, status) => {
  expect(await send(chunks(), headers)).toBe(status);
});
