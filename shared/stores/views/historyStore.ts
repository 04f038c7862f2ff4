// The history views: each row stands in its cluster's partition and in its subscription's month, newest first.
// Made from the ledger by projectLedger: nothing is true because it is here.
import { z } from 'zod';
import { type ClusterKey, clusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { newestIn, timeOf } from '../../domain/ledger/historyRow.ts';
import { HistoryRow } from '../../domain/ledger/ledger.ts';
import { digestOf } from '../../domain/ledger/viewCheck.ts';
import { type Row, type RowRange, type Tables, UnreadableRow } from '../../ports/tables.ts';
import { descending } from '../rows/keys.ts';
import { valueIfRead } from '../rows/readRow.ts';
import { insertOrReplace, replaceRow } from '../rows/replaceRow.ts';
import { monthOf, writeIndex } from './historyIndex.ts';

export type Cursor = { readonly sequence: number; readonly etag?: string | undefined };

/** A row with its key, by which all answers are ordered. */
export type StoredRow = { readonly rowKey: string; readonly row: HistoryRow };

const historyRows = { table: 'Views', schema: HistoryRow } as const;
const cursorRows = { table: 'Views', schema: z.looseObject({ sequence: z.number() }) } as const;

const cursorRow = 'cursor';
const clusterPartition = (key: ClusterKey) => `history|${key}`;
const monthPartition = (subscription: string, month: string) => `history|${subscription}|${month}`;

// The largest rows that storage takes, all of characters that are sent as six, stay below the 4 MiB of a transaction.
const rowsPerWrite = 20;
const tries = 8;

/** Sorts by time, newest first, then by cluster and sequence: the order of every history answer. */
export function historyKey(row: HistoryRow): string {
  const time = descending(Date.parse(timeOf(row)));
  return `${time}|${clusterKey(row.cluster)}|${descending(row.sequence)}`;
}

export async function readCursor(tables: Tables, key: ClusterKey): Promise<Cursor> {
  const row = await tables.get('Views', clusterPartition(key), cursorRow);
  // A cursor that says nothing begins again: projecting twice changes nothing.
  return { sequence: valueIfRead(cursorRows, row)?.sequence ?? 0, etag: row?.etag };
}

/** Writes rows and moves the cursor; `conflict`: another projection moved it meanwhile. Writing rows again is harmless. */
export async function project(
  tables: Tables,
  key: ClusterKey,
  rows: readonly HistoryRow[],
  cursor: Cursor,
  sequence: number,
): Promise<'written' | 'conflict'> {
  // The indexes first: a row that no index leads to would be missing from answers.
  const subscription = subscriptionOf(key);
  await writeIndex(tables, key, rows);
  for (const [month, some] of Map.groupBy(rows, monthOf)) {
    await writeRows(tables, monthPartition(subscription, month), some);
  }
  await writeRows(tables, clusterPartition(key), rows);
  return tables.write('Views', clusterPartition(key), [insertOrReplace(cursorRow, { sequence }, cursor.etag)]);
}

async function writeRows(tables: Tables, partition: string, rows: readonly HistoryRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsPerWrite) {
    const some = rows.slice(start, start + rowsPerWrite);
    const inserts = some.map((row) => insertOrReplace(historyKey(row), row, undefined));
    if ((await tables.write('Views', partition, inserts)) === 'written') continue;
    for (const row of some) await writeUnlessNewer(tables, partition, row);
  }
}

// A projection that was held up must not put an older row over one with a later amendment:
//   one:   read ledger up to 10 · · · · · · · · · · · · · · · · · · · · · · · write row 10
//   other: · · · · · · · · · · · read up to 11, which amends 10 · write row 10
async function writeUnlessNewer(tables: Tables, partition: string, row: HistoryRow): Promise<void> {
  const rowKey = historyKey(row);
  const make = (stored: Row | undefined) => (!stored || isReplacedBy(row, stored.value) ? row : undefined);
  if ((await replaceRow(tables, ['Views', partition, rowKey], make, tries)) !== 'contended') return;
  throw new Error(
    `Row ${rowKey} of ${partition} was changed by others ${tries} times while it was written; try again.`,
  );
}

/** What somebody wrote by hand may be anything, and is replaced. */
function isReplacedBy(row: HistoryRow, stored: unknown): boolean {
  return digestOf(stored).newest <= newestIn(row) && JSON.stringify(stored) !== JSON.stringify(row);
}

/** What stands in for a row that can't be read; undefined: the row is left out. */
type OnUnreadable = (row: Row) => Promise<HistoryRow | undefined>;
const leaveOut: OnUnreadable = async () => undefined;
/** Keys begin with a digit, so the cursor's row lies behind them. */
const beforeCursor = { to: cursorRow };

export function readClusterHistory(tables: Tables, key: ClusterKey, range: RowRange = {}, onUnreadable = leaveOut) {
  return readRows(tables, clusterPartition(key), { ...beforeCursor, ...range }, onUnreadable);
}

/** A calendar month (`YYYY-MM`, UTC), newest first. */
export function readMonthHistory(
  tables: Tables,
  subscription: string,
  month: string,
  range: RowRange = {},
  onUnreadable = leaveOut,
): AsyncIterable<StoredRow> {
  return readRows(tables, monthPartition(subscription, month), range, onUnreadable);
}

async function* readRows(tables: Tables, partition: string, range: RowRange, onUnreadable: OnUnreadable) {
  for await (const stored of tables.query('Views', partition, range)) {
    const row = valueIfRead(historyRows, stored) ?? (await onUnreadable(stored));
    if (row) yield { rowKey: stored.rowKey, row };
  }
}

/** A cluster's rows as they are stored, whatever they hold, to compare them with the ledger. @throws UnreadableRow */
export const readStoredCluster = (tables: Tables, key: ClusterKey) =>
  storedRows(tables.query('Views', clusterPartition(key), beforeCursor));

export const readStoredMonth = (tables: Tables, subscription: string, month: string) =>
  storedRows(tables.query('Views', monthPartition(subscription, month)));

async function* storedRows(rows: AsyncIterable<Row>) {
  for await (const stored of rows) {
    if (stored.value === undefined) throw new UnreadableRow('Views', stored, 'holds no JSON');
    yield { rowKey: stored.rowKey, row: stored.value };
  }
}

/** The cluster's key in the key of a row, between its time and its sequence. */
export function clusterIn(rowKey: string): ClusterKey {
  return rowKey.split('|').slice(1, -1).join('|') || rowKey;
}
