// Rows of a partition, all at once. Called by the stores whose partitions are small.
import type { z } from 'zod';
import type { Row, RowRange, TableName, Tables } from '../../ports/tables.ts';
import { type Codec, valueIfRead } from './readRow.ts';
import { writeInBatches } from './writeInBatches.ts';

export function listRows(tables: Tables, table: TableName, partition: string, range?: RowRange) {
  return Array.fromAsync(tables.query(table, partition, range));
}

/** The values of those that can be read. */
export async function listValues<Schema extends z.ZodType>(tables: Tables, codec: Codec<Schema>, partition: string) {
  const values = (await listRows(tables, codec.table, partition)).map((row) => valueIfRead(codec, row));
  return values.filter((value) => value !== undefined);
}

export async function deleteRows(tables: Tables, table: TableName, partition: string, rows: readonly Row[]) {
  const changes = rows.map(({ rowKey, etag }) => ({ kind: 'delete', rowKey, etag }) as const);
  await writeInBatches(tables, table, partition, changes);
}
