// Writes more changes of a partition than one transaction takes. Called by the stores whose rows don't depend on each other.
import type { RowChange, TableName, Tables } from '../ports.ts';

const perWrite = 100;

/** Each batch is all or nothing, in the order of the changes; after one that meets a conflict the next go on. */
export async function writeInBatches(
  tables: Tables,
  table: TableName,
  partition: string,
  changes: readonly RowChange[],
): Promise<void> {
  for (let start = 0; start < changes.length; start += perWrite) {
    await tables.write(table, partition, changes.slice(start, start + perWrite));
  }
}
