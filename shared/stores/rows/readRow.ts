// Reads rows that somebody else may have written: the value, or what is wrong with the row. Called by the stores.
import { type Row, type TableName, UnreadableRow } from '../../ports/tables.ts';
import { departure, type Shape } from './shapes.ts';

export type RowRead<T> = { readonly value: T } | { readonly problem: string };

type Ours<T> = {
  readonly shape: Shape;
  /** False where the value tells of something else than its key. */
  readonly isOwn?: (value: T) => boolean;
};

/** The value of a row, as far as `shape` says what the app relies on; or what is wrong, as a sentence without its full stop. */
export function readRow<T>(table: TableName, row: Row, ours: Ours<T>): RowRead<T> {
  const why = departureOf(row, ours);
  if (why === undefined) return { value: row.value as T };
  return { problem: `Row "${row.rowKey}" of partition "${row.partitionKey}" in the table ${table} ${why}` };
}

/** The same where nothing can be done without the row. @throws UnreadableRow */
export function valueOrThrow<T>(table: TableName, row: Row, ours: Ours<T>): T {
  const why = departureOf(row, ours);
  if (why !== undefined) throw new UnreadableRow(table, row, why);
  return row.value as T;
}

/** The value of a row that can be done without; undefined where it can't be read, or there is none. */
export function valueIfRead<T>(row: Row | undefined, ours: Ours<T>): T | undefined {
  return row && departureOf(row, ours) === undefined ? (row.value as T) : undefined;
}

function departureOf<T>({ value }: Row, { shape, isOwn }: Ours<T>): string | undefined {
  if (value === undefined) return 'holds no JSON';
  const departs = departure(shape, value);
  if (departs !== undefined) return `is not as the keeper writes it (${departs})`;
  return isOwn && !isOwn(value as T) ? 'tells of something else than its key' : undefined;
}
