import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startAzurite } from '../../local/azurite.ts';
import { createAzureDocuments } from '../../shared/adapters/storage/azureDocuments.ts';
import { createAzureQueues } from '../../shared/adapters/storage/azureQueues.ts';
import { createAzureTables } from '../../shared/adapters/storage/azureTables.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'azurite-test-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function isListening(endpoint: string): Promise<boolean> {
  const { port, hostname } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  const listening = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return listening;
}

describe('startAzurite', () => {
  it('serves tables, queues and blobs until it is stopped', async () => {
    const azurite = await startAzurite();
    const connection = { kind: 'connectionString', value: azurite.connectionString } as const;
    await createAzureTables(connection).write('Facts', 'partition', [{ kind: 'insert', rowKey: 'row', value: 1 }]);
    await createAzureQueues(connection).send('observe-cluster', 1, 0);
    await createAzureDocuments({ ...connection, container: 'digests' }).write('name', 'text');
    await azurite.stop();
    expect(await isListening(azurite.tableEndpoint)).toBe(false);
    expect(await isListening(azurite.queueEndpoint)).toBe(false);
    expect(await isListening(azurite.blobEndpoint)).toBe(false);
    await azurite.stop();
  });

  it('keeps the data in a folder, for the next start', async () => {
    const first = await startAzurite({ dir });
    const tables = createAzureTables({ kind: 'connectionString', value: first.connectionString });
    await tables.write('Facts', 'partition', [{ kind: 'insert', rowKey: 'row', value: 'kept' }]);
    await first.stop();

    const second = await startAzurite({ dir });
    const tablesAgain = createAzureTables({ kind: 'connectionString', value: second.connectionString });
    const row = await tablesAgain.get('Facts', 'partition', 'row');
    await second.stop();
    expect(row?.value).toBe('kept');
    expect(await readdir(dir)).toContain('__azurite_db_table__.json');
  });

  it('keeps what it has acknowledged when it is cut off, for the next start on the same ports', async () => {
    const first = await startAzurite({ dir });
    const tables = createAzureTables({ kind: 'connectionString', value: first.connectionString });
    await tables.write('Facts', 'partition', [{ kind: 'insert', rowKey: 'row', value: 'kept' }]);
    await first.cut();
    expect(await isListening(first.tableEndpoint)).toBe(false);

    const second = await startAzurite({ dir, ports: first.ports });
    const row = await tables.get('Facts', 'partition', 'row');
    await second.stop();
    expect(row?.value).toBe('kept');
  });

  it('says why a service did not start', async () => {
    const file = join(dir, 'file');
    await writeFile(file, '');
    await expect(startAzurite({ dir: file })).rejects.toThrow(
      /^Azurite's (table|queue|blob) service ended while starting: .*(EEXIST|ENOTDIR)/s,
    );
  });

  it('ends with its parent, even one that is killed', async () => {
    const module = new URL('../../local/azurite.ts', import.meta.url).href;
    const parent = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `const { startAzurite } = await import('${module}'); console.log((await startAzurite()).connectionString);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = await once(parent.stdout, 'data');
    const [tableEndpoint = '', queueEndpoint = '', blobEndpoint = ''] = String(line).match(/http:[^;]+/g) ?? [];
    expect(await isListening(tableEndpoint)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitUntil(async () => !(await isListening(tableEndpoint)), 10_000);
    await vi.waitUntil(async () => !(await isListening(queueEndpoint)), 10_000);
    await vi.waitUntil(async () => !(await isListening(blobEndpoint)), 10_000);
  });
});
