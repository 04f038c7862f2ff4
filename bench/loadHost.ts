// The functions host under load, in a process of its own: its event loop's blocks are nobody else's. Started by loadMain, which
// asks for the longest block since the last time; argv says which storage.
import { readFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startFunctionsHost } from '../local/functionsHost/startFunctionsHost.ts';
import { createAzureTables } from '../shared/adapters/storage/azureTables.ts';
import { createMemoryDocuments } from '../shared/adapters/storage/memoryDocuments.ts';
import { createMemoryTables } from '../shared/adapters/storage/memoryTables.ts';
import type { Tables } from '../shared/ports/tables.ts';
import { turn } from '../shared/ports/turn.ts';
import { fillFleet, subscription } from './loadFleet.ts';

const connection = process.env['AzureWebJobsStorage'] ?? '';
const isInMemory = process.argv[2] === 'memory';

const host = await startFunctionsHost({
  load: async () => {
    const { replaceParts } = await import('../shared/composition.ts');
    const value = { kind: 'connectionString', value: connection } as const;
    const tables = isInMemory ? takingTurns(createMemoryTables()) : createAzureTables(value);
    await fillFleet(tables);
    replaceParts(isInMemory ? { tables, digests: createMemoryDocuments() } : { tables });
    await import('../functions/http.ts');
    const { app } = await import('@azure/functions');
    const { handler } = await import('../functions/verifyClusters.ts');
    app.storageQueue('verifyClusters', { queueName: 'verify-history', connection: 'AzureWebJobsStorage', handler });
  },
  settings: { AzureWebJobsStorage: connection, SUBSCRIPTION_IDS: subscription },
  host: JSON.parse(await readFile(new URL('../host.json', import.meta.url), 'utf8')),
  port: 0,
  log: () => {},
});

const delays = monitorEventLoopDelay({ resolution: 10 });
delays.enable();
let used = process.cpuUsage();
process.on('message', () => {
  const { user, system } = process.cpuUsage(used);
  process.send?.({ blocked: delays.max / 1e6, processor: (user + system) / 1000 });
  delays.reset();
  used = process.cpuUsage();
});
process.on('disconnect', () => process.exit());
process.send?.({ url: host.url, key: host.keys.default });

/** As storage elsewhere does: no query answers all its rows in one turn of the event loop. */
function takingTurns(tables: Tables): Tables {
  return {
    ...tables,
    query: async function* (table, partitionKey, range) {
      let read = 0;
      for await (const row of tables.query(table, partitionKey, range)) {
        if (read % 50 === 0) await turn();
        read += 1;
        yield row;
      }
    },
  };
}
