// The golden rows and digests of goldenRows.jsonl, a row a line, and tables that hold them. Used by the tests beside it.
import { readFileSync } from 'node:fs';
import { createMemoryDocuments } from '../../shared/adapters/storage/memoryDocuments.ts';
import { createMemoryTables } from '../../shared/adapters/storage/memoryTables.ts';
import type { Documents } from '../../shared/ports/documents.ts';
import type { TableName, Tables } from '../../shared/ports/tables.ts';

export type GoldenRow = {
  /** The run that it was taken from; `alone`: of any run, to be read without others. */
  readonly of: 'seed 2' | 'seed 26' | 'alone';
  readonly table: TableName;
  readonly partition: string;
  readonly rowKey: string;
  readonly value: unknown;
};
type GoldenDigest = { readonly of: 'seed 2'; readonly digest: string; readonly text: string };

const lines = readFileSync(new URL('goldenRows.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as GoldenRow | GoldenDigest);

export const goldenRows = lines.filter((line) => 'rowKey' in line);
const goldenDigests = lines.filter((line) => 'digest' in line);

/** Rows that stand in tables together. */
export const goldenGroups: readonly (readonly GoldenRow[])[] = [
  ...['seed 2', 'seed 26'].map((run) => goldenRows.filter(({ of }) => of === run)),
  ...goldenRows.filter(({ of }) => of === 'alone').map((row) => [row]),
];

export const rowsOfRun = (run: GoldenRow['of']) => goldenRows.filter(({ of }) => of === run);

export async function tablesWith(rows: readonly GoldenRow[]): Promise<Tables> {
  const tables = createMemoryTables();
  for (const { table, partition, rowKey, value } of rows) {
    await tables.write(table, partition, [{ kind: 'insert', rowKey, value }]);
  }
  return tables;
}

export async function listOf<T>(of: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const one of of) list.push(one);
  return list;
}

/** @param change what becomes of a digest's text */
export async function digestsWith(change = (text: string, _name: string) => text): Promise<Documents> {
  const digests = createMemoryDocuments();
  for (const { digest, text } of goldenDigests) await digests.write(digest, change(text, digest));
  return digests;
}
