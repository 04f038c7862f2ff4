// Writes more changes of a partition than one transaction takes. Called by the stores whose rows don't depend on each other.
import { RefusedWrite, type RowChange, type TableName, type Tables } from '../../ports/tables.ts';

const perWrite = 100;
/** So many that fail in a row, and it is not these rows. */
const maxFailures = 3;

export type FailedChange = { readonly change: RowChange; readonly error: unknown };

/** Goes on after a conflict, and after what storage does not take. @throws what failed first, when all others are written */
export async function writeInBatches(
  tables: Tables,
  table: TableName,
  partition: string,
  changes: readonly RowChange[],
): Promise<void> {
  const [failed] = await writeWhatGoes(tables, table, partition, changes);
  if (failed) throw failed.error;
}

/** Each batch is all or nothing. @returns the changes that storage did not take @throws when it takes none */
export async function writeWhatGoes(
  tables: Tables,
  table: TableName,
  partition: string,
  changes: readonly RowChange[],
): Promise<readonly FailedChange[]> {
  const failed: FailedChange[] = [];
  for (let start = 0; start < changes.length; start += perWrite) {
    const some = changes.slice(start, start + perWrite);
    try {
      await tables.write(table, partition, some);
    } catch (error) {
      if (some.length === 1 && error instanceof RefusedWrite) failed.push({ change: some[0] as RowChange, error });
      else failed.push(...(await writeAlone(tables, table, partition, some)));
    }
  }
  return failed;
}

async function writeAlone(tables: Tables, table: TableName, partition: string, changes: readonly RowChange[]) {
  const failed: FailedChange[] = [];
  let inARow = 0;
  for (const change of changes) {
    try {
      await tables.write(table, partition, [change]);
      inARow = 0;
    } catch (error) {
      if (!(error instanceof RefusedWrite)) inARow += 1;
      if (inARow === maxFailures) throw error;
      failed.push({ change, error });
    }
  }
  return failed;
}
