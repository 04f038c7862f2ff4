// A row of the history views that can't be read, as the ledger has it. Called by whoever answers with the history.
import { historyRows } from '../domain/historyRow.ts';
import type { HistoryRow } from '../domain/ledger.ts';
import { type Row, type Tables, UnreadableRow } from '../ports.ts';
import { clusterIn } from '../stores/historyStore.ts';
import { numberIn } from '../stores/keys.ts';
import { listWithAmended } from '../stores/ledgerStore.ts';

/** The same where an answer must not go without the row. @throws UnreadableRow */
export async function rebuildOrThrow(tables: Tables, row: Row): Promise<HistoryRow> {
  const rebuilt = await rebuildRow(tables, row);
  if (!rebuilt) throw new UnreadableRow('Views', row, "can't be read, and the ledger has no such row");
  return rebuilt;
}

/** Undefined where the ledger has no such row, or can't be read either: GET /api/history/verify says so. */
export async function rebuildRow(tables: Tables, { rowKey }: Pick<Row, 'rowKey'>): Promise<HistoryRow | undefined> {
  const sequence = numberIn(rowKey.slice(rowKey.lastIndexOf('|') + 1));
  if (!Number.isSafeInteger(sequence) || sequence < 1) return undefined;
  try {
    const entries = await listWithAmended(tables, clusterIn(rowKey), sequence - 1);
    return historyRows(entries).find((row) => row.sequence === sequence);
  } catch {
    return undefined;
  }
}
