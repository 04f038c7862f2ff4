import { beforeEach, expect, it } from 'vitest';
import { createMemoryDocuments } from '../../../shared/adapters/storage/memoryDocuments.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import type { Documents } from '../../../shared/ports/documents.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { collect } from './tablesContract.ts';

const days = Array.from({ length: 2000 }, (_, i) => ({ start: `day ${i}`, end: `day ${i}` }));
const facts = (readAt: string) => ({
  readAt,
  window: { value: { readAt, maintenanceWindow: { notAllowedDates: days } } },
});
const put = (tables: Tables, rowKey: string, value: unknown) =>
  tables.write('Facts', 'p', [{ kind: 'upsert', rowKey, value }]);

let documents: Documents;
beforeEach(() => {
  documents = createMemoryDocuments();
});

it('keeps a part that is the same in several rows, and at later times, once', async () => {
  const tables = createMemoryTables(documents);
  for (const readAt of ['1', '2', '3']) await put(tables, 'a', facts(readAt));
  await put(tables, 'b', { attempt: facts('4') });
  expect(await documents.list()).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  const [name = ''] = await documents.list();
  expect(await documents.read(name)).toBe(JSON.stringify(days));
});

it('writes the part first: a row never names what is not there', async () => {
  const failing = { ...documents, write: () => Promise.reject(new Error('blobs are away')) };
  const tables = createMemoryTables(failing);
  await put(tables, 'a', 'before');
  await expect(put(tables, 'a', facts('1'))).rejects.toThrow('blobs are away');
  expect((await tables.get('Facts', 'p', 'a'))?.value).toBe('before');
});

it.each<[string, Documents['read'], RegExp]>([
  ['is gone', async () => undefined, /document [0-9a-f]{64} is not there$/],
  ['is another', async () => '[]', /document [0-9a-f]{64} is not what was written$/],
  ['can’t be read', () => Promise.reject(new Error('403')), /can't be read: 403$/],
])('a part that %s makes its own row unreadable, and no other', async (_what, read, problem) => {
  await put(createMemoryTables(documents), 'x', facts('1'));
  const tables = createMemoryTables({ ...documents, read });
  await put(tables, 'large', facts('1'));
  await put(tables, 'small', 7);
  const rows = await collect(tables.query('Facts', 'p'));
  expect(rows).toMatchObject([
    { rowKey: 'large', value: undefined, problem: expect.stringMatching(problem) },
    { rowKey: 'small', value: 7 },
  ]);
});

it('reads a part that many rows have once', async () => {
  let reads = 0;
  const tables = createMemoryTables({
    ...documents,
    read: (name) => {
      reads += 1;
      return documents.read(name);
    },
  });
  for (let i = 0; i < 20; i += 1) await put(tables, `row${i}`, facts(String(i)));
  expect(await collect(tables.query('Facts', 'p'))).toHaveLength(20);
  expect(reads).toBe(1);
});
