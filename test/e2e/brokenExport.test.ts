// Exports that can't be finished, through a host that leaves a failed body open as Azure's does: storage is gone after 5 MB.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FunctionsHost, startFunctionsHost } from '../../local/functionsHost/startFunctionsHost.ts';
import { createMemoryTables } from '../../shared/adapters/storage/memoryTables.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { aTransition } from '../builders.ts';
import { record } from '../ledgers.ts';
import { clusterIdOf, subscription } from '../usecases/fleets.ts';
import { ask } from './ask.ts';

const megabytes = 5;
const cluster = clusterIdOf('shop');
let host: FunctionsHost;

beforeAll(async () => {
  const tables = createMemoryTables();
  const message = 'x'.repeat(20_000);
  const rolls = Array.from({ length: 400 }, () =>
    aTransition({ cluster, outcome: 'failed', error: { code: 'e', message } }),
  );
  for (let start = 0; start < rolls.length; start += 40) await record(tables, rolls.slice(start, start + 40));
  const query: Tables['query'] = async function* (...asked) {
    let bytes = 0;
    for await (const row of tables.query(...asked)) {
      bytes += JSON.stringify(row).length;
      if (bytes > megabytes * 1024 * 1024) throw new Error('storage is away');
      yield row;
    }
  };
  host = await startFunctionsHost({
    load: async () => {
      const { replaceParts } = await import('../../shared/composition.ts');
      replaceParts({ tables: { ...tables, query } });
      await import('../../functions/http.ts');
    },
    settings: { AzureWebJobsStorage: 'UseDevelopmentStorage=true', SUBSCRIPTION_IDS: subscription },
    host: {},
    port: 0,
    log: () => {},
    drainMilliseconds: 200,
  });
});

afterAll(async () => {
  await host.stop();
});

it.each(['format=csv', 'format=ndjson', 'format=ndjson&kind=ledger'])(
  'an export of %s ends within seconds when storage is gone after 5 MB, and its last line says so',
  async (query) => {
    const init = { headers: { 'x-functions-key': host.keys.default }, signal: AbortSignal.timeout(10_000) };
    const text = await (await ask(`${host.url}/api/history?${query}`, init)).text();
    expect(text.length).toBeGreaterThan((megabytes - 1) * 1024 * 1024);
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/^(\{"kind":"incomplete"|,incomplete,)/);
  },
);
