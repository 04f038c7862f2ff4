// The history views: each row stands in its cluster's partition and in its subscription's month, newest first; two indexes say
// which months and pools there are. Made from the ledger by projectLedger: nothing is true because it is here.
import { z } from 'zod';
import { ClusterId, type ClusterKey, clusterKey, idOfKey, subscriptionOf } from '../../domain/cluster/cluster.ts';
import { newestIn, timeOf } from '../../domain/ledger/historyRow.ts';
import { HistoryRow } from '../../domain/ledger/ledger.ts';
import { digestOf } from '../../domain/ledger/viewCheck.ts';
import type { Stored } from '../../domain/text/stored.ts';
import { type Row, type RowRange, type Tables, UnreadableRow } from '../../ports/tables.ts';
import { descending } from '../rows/keys.ts';
import { listRows } from '../rows/listRows.ts';
import { valueIfRead } from '../rows/readRow.ts';
import { insertOrReplace, replaceRow } from '../rows/replaceRow.ts';
import { writeInBatches } from '../rows/writeInBatches.ts';

export type Cursor = { readonly sequence: number; readonly etag?: string | undefined };

/** A row with its key, by which all answers are ordered. */
export type StoredRow = { readonly rowKey: string; readonly row: HistoryRow };

/** A pool that the history has rows of, whether it is still there or not. */
const KnownPool = z.looseObject({ key: z.string(), cluster: ClusterId, nodePool: z.string() });
type KnownPool = Stored<typeof KnownPool>;

const historyRows = { table: 'Views', schema: HistoryRow } as const;
const cursorRows = { table: 'Views', schema: z.looseObject({ sequence: z.number() }) } as const;
const knownPools = { table: 'Views', schema: KnownPool } as const;

const cursorRow = 'cursor';
const monthsPartition = (subscription: string) => `months|${subscription}`;
const knownPartition = (subscription: string) => `known|${subscription}`;
const clusterPartition = (key: ClusterKey) => `history|${key}`;
const monthPartition = (subscription: string, month: string) => `history|${subscription}|${month}`;
const monthOf = (row: HistoryRow) => timeOf(row).slice(0, 7);

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
  const subscription = subscriptionOf(key);
  // The indexes first: a row that no index leads to would be missing from answers.
  const months = rows.map((row) => [monthOf(row), {}] as const);
  await writeIndex(tables, monthsPartition(subscription), new Map(months));
  const pools = rows.flatMap(({ cluster, nodePool }) =>
    nodePool === undefined ? [] : [[`${key}|${nodePool.toLowerCase()}`, { key, cluster, nodePool }] as const],
  );
  await writeIndex(tables, knownPartition(subscription), new Map(pools));
  for (const [month, some] of Map.groupBy(rows, monthOf)) {
    await writeRows(tables, monthPartition(subscription, month), some);
  }
  await writeRows(tables, clusterPartition(key), rows);
  return tables.write('Views', clusterPartition(key), [insertOrReplace(cursorRow, { sequence }, cursor.etag)]);
}

async function writeIndex(tables: Tables, partition: string, names: ReadonlyMap<string, object>): Promise<void> {
  const changes = [...names].map(([rowKey, value]) => ({ kind: 'upsert', rowKey, value }) as const);
  await writeInBatches(tables, 'Views', partition, changes);
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

/** The calendar months (`YYYY-MM`, UTC) that have rows, oldest first. */
export async function readMonths(tables: Tables, subscription: string): Promise<readonly string[]> {
  return (await listRows(tables, 'Views', monthsPartition(subscription))).map(({ rowKey }) => rowKey);
}

/** The pools that have rows. @param isStrict leaves out rows that can't be read; else their keys speak for them */
export async function readKnownPools(
  tables: Tables,
  subscription: string,
  isStrict = false,
): Promise<readonly KnownPool[]> {
  const rows = await listRows(tables, 'Views', knownPartition(subscription));
  return rows.flatMap((row) => valueIfRead(knownPools, row) ?? (isStrict ? [] : (poolInKey(row.rowKey) ?? [])));
}

/** What the key of a row that can't be read still says. */
function poolInKey(rowKey: string): KnownPool | undefined {
  const end = rowKey.lastIndexOf('|');
  const key = rowKey.slice(0, Math.max(end, 0));
  const cluster = idOfKey(key);
  return cluster === undefined ? undefined : { key, cluster, nodePool: rowKey.slice(end + 1) };
}
