// The history views: each row stands in its cluster's partition and in its subscription's month, newest first.
// Made from the ledger by projectLedger: nothing is true because it is here.
import { z } from 'zod';
import { type ClusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { HistoryRow } from '../../domain/ledger/ledger.ts';
import type { Row, RowRange, TableName, Tables } from '../../ports/tables.ts';
import { valueIfRead } from '../rows/readRow.ts';
import { insertOrReplace } from '../rows/replaceRow.ts';
import { monthOf, readMonths, writeIndex } from './historyIndex.ts';
import { type TermedRow, termPartition, writeComplete, writeTerms } from './historyTerms.ts';
import { writeRows } from './writeRows.ts';

/**
 * `indexed`: up to where the index has the rows too; 0 after code that knows no index has projected. `byTarget`: up to where it
 * has them by their target as well, of which code before it knows nothing; never beyond `indexed`.
 */
export type Cursor = {
  readonly sequence: number;
  readonly indexed: number;
  readonly byTarget: number;
  readonly etag?: string | undefined;
};

/** A row with its key, by which all answers are ordered. */
export type StoredRow<T = never> = { readonly rowKey: string; readonly row: HistoryRow | NonNullable<T> };

const historyRows = { table: 'Views', schema: HistoryRow } as const;
const cursorRows = {
  table: 'Views',
  schema: z.looseObject({ sequence: z.number(), indexed: z.number().optional(), byTarget: z.number().optional() }),
} as const;

const cursorRow = 'cursor';
const clusterPartition = (key: ClusterKey) => `history|${key}`;
const monthPartition = (subscription: string, month: string) => `history|${subscription}|${month}`;

export async function readCursor(tables: Tables, key: ClusterKey): Promise<Cursor> {
  const row = await tables.get('Views', clusterPartition(key), cursorRow);
  // A cursor that says nothing begins again: projecting twice changes nothing.
  const stored = valueIfRead(cursorRows, row);
  const sequence = stored?.sequence ?? 0;
  const indexed = stored?.indexed === sequence ? sequence : 0;
  return { sequence, indexed, byTarget: stored?.byTarget === sequence ? indexed : 0, etag: row?.etag };
}

/** Writes rows and moves the cursor; `conflict`: another projection moved it meanwhile. Writing rows again is harmless. */
export async function project(
  tables: Tables,
  key: ClusterKey,
  termed: readonly TermedRow[],
  cursor: Cursor,
  sequence: number,
): Promise<'written' | 'conflict'> {
  // The indexes first: a row that no index leads to would be missing from answers.
  const subscription = subscriptionOf(key);
  const rows = termed.map(({ row }) => row);
  const isFirst = cursor.etag === undefined && (await readMonths(tables, subscription)).length === 0;
  if (isFirst) await writeComplete(tables, subscription, []);
  await writeTerms(tables, subscription, termed);
  await writeIndex(tables, key, rows);
  for (const [month, some] of Map.groupBy(rows, monthOf)) {
    await writeRows(tables, ['Views', monthPartition(subscription, month)], some);
  }
  await writeRows(tables, ['Views', clusterPartition(key)], rows);
  const value = { sequence, indexed: sequence, byTarget: sequence };
  return tables.write('Views', clusterPartition(key), [insertOrReplace(cursorRow, value, cursor.etag)]);
}

/** What stands in for a row that can't be read; undefined: the row is left out. */
type OnUnreadable<T> = (row: Row) => Promise<HistoryRow | T | undefined>;
const leaveOut: OnUnreadable<never> = async () => undefined;
/** Keys begin with a digit, so the cursor's row lies behind them. */
const beforeCursor = { to: cursorRow };

export function readClusterHistory<T = never>(
  tables: Tables,
  key: ClusterKey,
  range: RowRange = {},
  onUnreadable: OnUnreadable<T> = leaveOut,
): AsyncIterable<StoredRow<T>> {
  return readRows(tables, clusterPartition(key), { ...beforeCursor, ...range }, onUnreadable);
}

/** A calendar month (`YYYY-MM`, UTC), newest first. */
export function readMonthHistory<T = never>(
  tables: Tables,
  subscription: string,
  month: string,
  range: RowRange = {},
  onUnreadable: OnUnreadable<T> = leaveOut,
): AsyncIterable<StoredRow<T>> {
  return readRows(tables, monthPartition(subscription, month), range, onUnreadable);
}

/** The rows that have a term now, or had it. */
export function readTermHistory<T = never>(
  tables: Tables,
  subscription: string,
  term: string,
  range: RowRange = {},
  onUnreadable: OnUnreadable<T> = leaveOut,
): AsyncIterable<StoredRow<T>> {
  return readRows(tables, termPartition(subscription, term), range, onUnreadable, 'HistoryIndex');
}

async function* readRows<T>(
  tables: Tables,
  partition: string,
  range: RowRange,
  onUnreadable: OnUnreadable<T>,
  table: TableName = 'Views',
) {
  for await (const stored of tables.query(table, partition, range)) {
    const row = valueIfRead(historyRows, stored) ?? (await onUnreadable(stored));
    if (row) yield { rowKey: stored.rowKey, row };
  }
}

/** A cluster's rows as they are stored, whatever they hold, to compare them with the ledger; one that holds no JSON is undefined. */
export const readStoredCluster = (tables: Tables, key: ClusterKey) =>
  storedRows(tables.query('Views', clusterPartition(key), beforeCursor));

export const readStoredMonth = (tables: Tables, subscription: string, month: string) =>
  storedRows(tables.query('Views', monthPartition(subscription, month)));

export const readStoredTerm = (tables: Tables, subscription: string, term: string) =>
  storedRows(tables.query('HistoryIndex', termPartition(subscription, term)));

async function* storedRows(rows: AsyncIterable<Row>) {
  for await (const stored of rows) {
    yield { rowKey: stored.rowKey, row: stored.value };
  }
}

/** The cluster's key in the key of a row, between its time and its sequence. */
export function clusterIn(rowKey: string): ClusterKey {
  return rowKey.split('|').slice(1, -1).join('|') || rowKey;
}
