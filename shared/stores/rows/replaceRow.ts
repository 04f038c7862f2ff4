// Changes a row that others change too: by its ETag, and again from the start where somebody came first. Called by the stores.
import type { Row, RowChange, TableName, Tables } from '../../ports/tables.ts';

export function insertOrReplace(rowKey: string, value: unknown, etag: string | undefined): RowChange {
  return etag === undefined ? { kind: 'insert', rowKey, value } : { kind: 'replace', rowKey, value, etag };
}

/** Ends without a limit to `tries` too: whenever ours fails, another change got through. @param make undefined: kept */
export async function replaceRow(
  tables: Tables,
  [table, partition, rowKey]: readonly [table: TableName, partition: string, rowKey: string],
  make: (stored: Row | undefined) => unknown,
  tries = Number.POSITIVE_INFINITY,
): Promise<'written' | 'kept' | 'contended'> {
  for (let tried = 0; tried < tries; tried += 1) {
    const stored = await tables.get(table, partition, rowKey);
    const value = make(stored);
    if (value === undefined) return 'kept';
    const change = insertOrReplace(rowKey, value, stored?.etag);
    if ((await tables.write(table, partition, [change])) === 'written') return 'written';
  }
  return 'contended';
}
