// How much memory an export of the history takes in the functions host, over HTTP. Called by historyMain, for each export
// in a process of its own, whose memory is nobody else's: argv has the query, the environment the storage.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { startFunctionsHost } from '../local/functionsHost/startFunctionsHost.ts';
import { momentAt, subscription } from './historyFleet.ts';

const mega = 1024 * 1024;
const [format = 'ndjson', share = '1'] = process.argv.slice(2);

const host = await startFunctionsHost({
  load: async () => {
    await import('../functions/http.ts');
  },
  settings: { AzureWebJobsStorage: process.env['AzureWebJobsStorage'] ?? '', SUBSCRIPTION_IDS: subscription },
  host: JSON.parse(await readFile(new URL('../host.json', import.meta.url), 'utf8')),
  port: 0,
  log: () => {},
});

/** @returns the length of the answer in bytes; it is read and dropped */
async function read(query: string): Promise<number> {
  const response = await fetch(`${host.url}/api/history?${query}`, {
    headers: { 'x-functions-key': host.keys.default },
  });
  if (response.status !== 200) throw new Error(`The export answered ${response.status}.`);
  let bytes = 0;
  for await (const chunk of response.body ?? []) bytes += (chunk as Uint8Array).length;
  return bytes;
}

// What is compiled and connected once is not the export's.
await read(`format=${format}&since=${momentAt(0.99)}`);
globalThis.gc?.();
await delay(500);
const before = process.memoryUsage.rss();
let peak = before;
const timer = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 10);
const bytes = await read(`format=${format}&since=${momentAt(1 - Number(share))}`);
clearInterval(timer);
await host.stop();
const size = `${(bytes / mega).toFixed(0)} MB`.padStart(6);
const above = ((peak - before) / mega).toFixed(0);
console.log(
  `export of ${(100 * Number(share)).toFixed(0).padStart(3)} % as ${format.padEnd(6)} ${size}, resident memory at its peak ${above} MB above the ${(before / mega).toFixed(0)} MB before`,
);
