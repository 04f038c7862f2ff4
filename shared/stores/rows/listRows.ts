// Rows of a partition, all at once. Called by the stores whose partitions are small.
import type { z } from 'zod';
import type { Stored } from '../../domain/text/stored.ts';
import type { Row, RowRange, TableName, Tables } from '../../ports/tables.ts';
import { type Codec, valueIfRead } from './readRow.ts';
import { writeInBatches } from './writeInBatches.ts';

export async function listRows(
  tables: Tables,
  table: TableName,
  partition: string,
  range?: RowRange,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const row of tables.query(table, partition, range)) rows.push(row);
  return rows;
}

/** The values of those that can be read. */
export async function listValues<Schema extends z.ZodType>(
  tables: Tables,
  codec: Codec<Schema>,
  partition: string,
): Promise<readonly Stored<Schema>[]> {
  const values = (await listRows(tables, codec.table, partition)).map((row) => valueIfRead(codec, row));
  return values.filter((value) => value !== undefined);
}

export async function deleteRows(tables: Tables, table: TableName, partition: string, rows: readonly Row[]) {
  const changes = rows.map(({ rowKey, etag }) => ({ kind: 'delete', rowKey, etag }) as const);
  await writeInBatches(tables, table, partition, changes);
}
