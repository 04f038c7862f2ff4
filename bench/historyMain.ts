// npm run bench:history: 100,000 transitions in Azurite; what each kind of query takes, in requests and as a ratio to the
// same rows read with the bare SDK, and how much memory an export of all of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startAzurite } from '../local/azurite.ts';
import { readArguments } from '../local/commandLine.ts';
import { createAzureTables } from '../shared/adapters/storage/azureTables.ts';
import { historyQueries } from './history.ts';
import { fillHistory, rows } from './historyFleet.ts';

const usage = `npm run bench:history
  Makes 100,000 history rows in Azurite and asks for them, some minutes long. It takes no options`;

readArguments({ script: 'npm run bench:history', usage, options: {} }, () => undefined);
const azurite = await startAzurite();
try {
  const tables = createAzureTables({ kind: 'connectionString', value: azurite.connectionString });
  const begun = performance.now();
  await fillHistory(tables);
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  console.log(`${rows.toLocaleString('en')} transitions appended and projected in ${seconds} s.\n`);
  for (const format of ['ndjson', 'csv']) {
    for (const share of ['0.1', '1']) await exportInOwnProcess(format, share, []);
  }
  // Node lets garbage pile up where memory is plenty; what is held shows where it is not.
  console.log('The same where the heap may take 48 MB and new objects 2 MB:');
  for (const share of ['0.1', '1']) {
    await exportInOwnProcess('ndjson', share, ['--max-old-space-size=48', '--max-semi-space-size=2']);
  }
  console.log('');
  for await (const line of historyQueries(tables, azurite)) console.log(line);
} finally {
  await azurite.stop();
}

async function exportInOwnProcess(format: string, share: string, flags: readonly string[]): Promise<void> {
  const script = fileURLToPath(new URL('historyMemory.ts', import.meta.url));
  const child = spawn(process.execPath, [...flags, '--expose-gc', script, format, share], {
    env: { ...process.env, AzureWebJobsStorage: azurite.connectionString },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('The export failed.');
}
