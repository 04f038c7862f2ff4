// Rows of a table, all at once. Used where the simulation reads what is stored.
import type { Row, Tables } from '../../../shared/ports/tables.ts';

export async function rowsOf(tables: Tables, ...of: Parameters<Tables['query']>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const row of tables.query(...of)) rows.push(row);
  return rows;
}
