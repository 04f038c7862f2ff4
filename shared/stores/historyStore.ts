// The history views: each transition stands in its cluster's partition and in its subscription's month, newest first.
// Rebuilt from the ledger by projectCluster; nothing is true because it is here.
import { type ClusterKey, clusterKey, subscriptionOf } from '../domain/cluster.ts';
import type { HistoryRow } from '../domain/ledger.ts';
import type { RowRange, Tables } from '../ports.ts';
import { descending } from './keys.ts';

/** How far a cluster's ledger is projected. */
export type Cursor = { readonly sequence: number; readonly etag?: string };

const cursorRow = 'cursor';
const monthsPartition = (subscription: string) => `months|${subscription}`;
const clusterPartition = (key: ClusterKey) => `history|${key}`;
const monthPartition = (subscription: string, month: string) => `history|${subscription}|${month}`;

/** Sorts by completion, newest first, then by cluster and sequence: the order of every history answer. */
export function historyKey(row: HistoryRow): string {
  const time = descending(Date.parse(row.completedAt));
  return `${time}|${clusterKey(row.cluster)}|${descending(row.sequence)}`;
}

export async function readCursor(tables: Tables, key: ClusterKey): Promise<Cursor> {
  const row = await tables.get('Views', clusterPartition(key), cursorRow);
  return row ? { sequence: (row.value as Cursor).sequence, etag: row.etag } : { sequence: 0 };
}

/** Writes rows and moves the cursor; `conflict`: another projection moved it meanwhile. Writing rows again is harmless. */
export async function project(
  tables: Tables,
  key: ClusterKey,
  rows: readonly HistoryRow[],
  cursor: Cursor,
  sequence: number,
): Promise<'written' | 'conflict'> {
  for (const row of rows) {
    const upsert = { kind: 'upsert', rowKey: historyKey(row), value: row } as const;
    const month = row.completedAt.slice(0, 7);
    const known = { kind: 'upsert', rowKey: month, value: {} } as const;
    await tables.write('Views', monthsPartition(subscriptionOf(key)), [known]);
    await tables.write('Views', monthPartition(subscriptionOf(key), month), [upsert]);
    await tables.write('Views', clusterPartition(key), [upsert]);
  }
  const value = { sequence };
  return tables.write('Views', clusterPartition(key), [
    cursor.etag === undefined
      ? { kind: 'insert', rowKey: cursorRow, value }
      : { kind: 'replace', rowKey: cursorRow, value, etag: cursor.etag },
  ]);
}

/** A cluster's history, newest first. Keys begin with a digit, so the cursor's row lies behind them. */
export async function* readClusterHistory(tables: Tables, key: ClusterKey, range: RowRange): AsyncIterable<HistoryRow> {
  const to = range.to ?? cursorRow;
  for await (const row of tables.query('Views', clusterPartition(key), { ...range, to })) yield row.value as HistoryRow;
}

/** The first calendar month (`YYYY-MM`, UTC) in which a subscription has history. */
export async function readFirstMonth(tables: Tables, subscription: string): Promise<string | undefined> {
  for await (const row of tables.query('Views', monthsPartition(subscription.toLowerCase()))) return row.rowKey;
  return undefined;
}

/** A subscription's history in one calendar month (`YYYY-MM`, UTC), newest first. */
export async function* readMonthHistory(
  tables: Tables,
  subscription: string,
  month: string,
  range: RowRange,
): AsyncIterable<HistoryRow> {
  for await (const row of tables.query('Views', monthPartition(subscription.toLowerCase(), month), range)) {
    yield row.value as HistoryRow;
  }
}
