// Bodies whose length nobody knows beforehand, through a host that streams: the caller gets an answer while it still sends.
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FunctionsHost, startFunctionsHost } from '../../local/functionsHost/startFunctionsHost.ts';
import { ask } from './ask.ts';

let host: FunctionsHost;

beforeAll(async () => {
  host = await startFunctionsHost({
    load: async () => {
      await import('../../functions/http.ts');
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

function* endless(): Generator<string> {
  for (;;) yield ' '.repeat(1024);
}

it.each([
  ['in pieces', () => ['{"maintenance', 'Window":1}'], 200],
  ['without an end', endless, 413],
  ['too long by its last piece', () => [' '.repeat(65_536), '{}'], 413],
])('answers a body %s', async (_what, pieces, status) => {
  // A stream is sent without a length. What is left of it when the answer is there is not sent.
  const body = Readable.toWeb(Readable.from(pieces()).map((piece: string) => Buffer.from(piece)));
  const headers = { 'x-functions-key': host.keys.default };
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' };
  expect((await ask(`${host.url}/api/windows/evaluate`, init)).status).toBe(status);
});
