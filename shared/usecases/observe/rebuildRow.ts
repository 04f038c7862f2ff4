// A row of the history views that can't be read, as the ledger has it. Called by whoever answers with the history.
import { idOfKey } from '../../domain/cluster/clusterId.ts';
import type { UnreadRow } from '../../domain/failure/explainRow.ts';
import { historyRows } from '../../domain/ledger/historyRow.ts';
import type { HistoryRow } from '../../domain/ledger/ledger.ts';
import type { Row, Tables } from '../../ports/tables.ts';
import { listWithAmended } from '../../stores/ledgerStore.ts';
import { numberIn } from '../../stores/rows/keys.ts';
import { clusterIn } from '../../stores/views/historyStore.ts';

/** The same where an answer must not go without the row: it says that there is one. */
export async function rebuildOrTell(tables: Tables, row: Row): Promise<HistoryRow | UnreadRow> {
  const { partitionKey, rowKey } = row;
  const id = `${partitionKey}|${rowKey}`;
  const reason = `Row "${rowKey}" of partition "${partitionKey}" of the history can't be read, and the ledger has no such row: GET /api/history/verify checks its cluster. If the ledger is whole, delete the row.`;
  const unread = { kind: 'unreadable', id, cluster: idOfKey(clusterIn(rowKey)), reason } as const;
  return (await rebuildRow(tables, row)) ?? unread;
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
