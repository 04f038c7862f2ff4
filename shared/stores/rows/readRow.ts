// Reads rows that somebody else may have written: the value by its schema, or what is wrong with the row. Called by the stores.
import type { z } from 'zod';
import type { Stored } from '../../domain/text/stored.ts';
import { type Row, rowVersion, type TableName, UnreadableRow } from '../../ports/tables.ts';

export type RowRead<T> = { readonly value: T } | { readonly problem: string };

export type Codec<Schema extends z.ZodType> = {
  readonly table: TableName;
  readonly schema: Schema;
  /** False where the value tells of something else than its key. */
  readonly isOwn?: (value: Stored<Schema>, row: Row) => boolean;
};

/** The problem is a sentence without its full stop. */
export function readRow<Schema extends z.ZodType>(codec: Codec<Schema>, row: Row): RowRead<Stored<Schema>> {
  const read = decode(codec, row);
  if ('value' in read) return read;
  const where = `Row "${row.rowKey}" of partition "${row.partitionKey}" in the table ${codec.table}`;
  return { problem: `${where} ${read.problem}` };
}

/** @throws UnreadableRow */
export function valueOrThrow<Schema extends z.ZodType>(codec: Codec<Schema>, row: Row): Stored<Schema> {
  const read = decode(codec, row);
  if ('value' in read) return read.value;
  throw new UnreadableRow(codec.table, row, read.problem);
}

/** Undefined where it can't be read, or there is none. */
export function valueIfRead<Schema extends z.ZodType>(codec: Codec<Schema>, row: Row | undefined) {
  const read = row && decode(codec, row);
  return read && 'value' in read ? read.value : undefined;
}

/** The problem finishes the sentence "row … ". */
function decode<Schema extends z.ZodType>({ schema, isOwn }: Codec<Schema>, row: Row): RowRead<Stored<Schema>> {
  if (row.value === undefined) return { problem: row.problem ?? 'holds no JSON' };
  if (row.version > rowVersion) return { problem: `was written by a newer version of the keeper (${row.version})` };
  const parsed = schema.safeParse(row.value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const departs = [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ');
    return { problem: `is not as the keeper writes it (${departs})` };
  }
  // The same value, but for the type of the fields that the schema does not know.
  const value = parsed.data as Stored<Schema>;
  return isOwn && !isOwn(value, row) ? { problem: 'tells of something else than its key' } : { value };
}
