// The history views: each row stands in its cluster's partition and in its subscription's month, newest first, and two
// indexes say which months and which pools there are. Rebuilt from the ledger by projectLedger; nothing is true because
// it is here.
import { z } from 'zod';
import { ClusterId, type ClusterKey, clusterKey, idOfKey, subscriptionOf } from '../../domain/cluster/cluster.ts';
import { newestIn, timeOf } from '../../domain/ledger/historyRow.ts';
import { HistoryRow } from '../../domain/ledger/ledger.ts';
import type { Stored } from '../../domain/text/stored.ts';
import { type Row, type RowChange, type RowRange, type Tables, UnreadableRow } from '../../ports/tables.ts';
import { descending } from '../rows/keys.ts';
import { valueIfRead } from '../rows/readRow.ts';
import { writeInBatches } from '../rows/writeInBatches.ts';

/** How far a cluster's ledger is projected. */
export type Cursor = { readonly sequence: number; readonly etag?: string };

/** A row with its key, by which all answers are ordered. */
export type StoredRow = { readonly rowKey: string; readonly row: HistoryRow };

/** A pool that the history has rows of, whether it is still there or not. */
const KnownPool = z.looseObject({ key: z.string(), cluster: ClusterId, nodePool: z.string() });
type KnownPool = Stored<typeof KnownPool>;

const historyRows = { table: 'Views', schema: HistoryRow } as const;
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
  return row ? { sequence: Number((row.value as Cursor | null)?.sequence) || 0, etag: row.etag } : { sequence: 0 };
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
  await writeNames(tables, monthsPartition(subscription), new Map(rows.map((row) => [monthOf(row), {}])));
  const pools = rows.flatMap(({ cluster, nodePool }) =>
    nodePool === undefined ? [] : [[`${key}|${nodePool.toLowerCase()}`, { key, cluster, nodePool }] as const],
  );
  await writeNames(tables, knownPartition(subscription), new Map(pools));
  for (const [month, some] of Map.groupBy(rows, monthOf)) {
    await writeRows(tables, monthPartition(subscription, month), some);
  }
  await writeRows(tables, clusterPartition(key), rows);
  const value = { sequence };
  return tables.write('Views', clusterPartition(key), [
    cursor.etag === undefined
      ? { kind: 'insert', rowKey: cursorRow, value }
      : { kind: 'replace', rowKey: cursorRow, value, etag: cursor.etag },
  ]);
}

async function writeNames(tables: Tables, partition: string, names: ReadonlyMap<string, object>): Promise<void> {
  const changes = [...names].map(([rowKey, value]): RowChange => ({ kind: 'upsert', rowKey, value }));
  await writeInBatches(tables, 'Views', partition, changes);
}

async function writeRows(tables: Tables, partition: string, rows: readonly HistoryRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsPerWrite) {
    const some = rows.slice(start, start + rowsPerWrite);
    const inserts = some.map((row): RowChange => ({ kind: 'insert', rowKey: historyKey(row), value: row }));
    if ((await tables.write('Views', partition, inserts)) === 'written') continue;
    for (const row of some) await writeUnlessNewer(tables, partition, row);
  }
}

// A projection that was held up must not put an older row over one with a later amendment:
//   one:   read ledger up to 10 · · · · · · · · · · · · · · · · · · · · · · · write row 10
//   other: · · · · · · · · · · · read up to 11, which amends 10 · write row 10
async function writeUnlessNewer(tables: Tables, partition: string, row: HistoryRow): Promise<void> {
  const rowKey = historyKey(row);
  for (let tried = 0; tried < tries; tried += 1) {
    const stored = await tables.get('Views', partition, rowKey);
    if (stored && !replaces(row, stored.value)) return;
    const change: RowChange = stored
      ? { kind: 'replace', rowKey, value: row, etag: stored.etag }
      : { kind: 'insert', rowKey, value: row };
    if ((await tables.write('Views', partition, [change])) === 'written') return;
  }
  throw new Error(
    `Row ${rowKey} of ${partition} was changed by others ${tries} times while it was written; try again.`,
  );
}

// What somebody wrote by hand may be anything, and is replaced.
function replaces(row: HistoryRow, stored: unknown): boolean {
  const isNewer = newestIn((stored ?? {}) as HistoryRow) > newestIn(row);
  return !isNewer && JSON.stringify(stored) !== JSON.stringify(row);
}

/** What becomes of a row that can't be read; without it the row is thrown. A row in its place may be given. */
export type OnUnreadable = (row: Row) => Promise<HistoryRow | undefined>;

/** A cluster's history, newest first. Keys begin with a digit, so the cursor's row lies behind them. */
export function readClusterHistory(
  tables: Tables,
  key: ClusterKey,
  range: RowRange = {},
  onUnreadable?: OnUnreadable,
): AsyncIterable<StoredRow> {
  return readRows(tables, clusterPartition(key), { ...range, to: range.to ?? cursorRow }, onUnreadable);
}

/** A subscription's history in one calendar month (`YYYY-MM`, UTC), newest first. */
export function readMonthHistory(
  tables: Tables,
  subscription: string,
  month: string,
  range: RowRange = {},
  onUnreadable?: OnUnreadable,
): AsyncIterable<StoredRow> {
  return readRows(tables, monthPartition(subscription, month), range, onUnreadable);
}

async function* readRows(
  tables: Tables,
  partition: string,
  range: RowRange,
  onUnreadable: OnUnreadable | undefined,
): AsyncIterable<StoredRow> {
  for await (const row of tables.query('Views', partition, range)) {
    const { rowKey } = row;
    if (!onUnreadable) {
      // Whoever asks so compares rows with the ledger, whatever they hold.
      if (row.value === undefined) throw new UnreadableRow('Views', row, 'holds no JSON');
      yield { rowKey, row: row.value as HistoryRow };
      continue;
    }
    const read = valueIfRead(historyRows, row) ?? (await onUnreadable(row));
    if (read) yield { rowKey, row: read };
  }
}

/** The cluster's key in the key of a row, between its time and its sequence. */
export function clusterIn(rowKey: string): ClusterKey {
  return rowKey.split('|').slice(1, -1).join('|') || rowKey;
}

/** The calendar months (`YYYY-MM`, UTC) in which a subscription has history, oldest first. */
export async function readMonths(tables: Tables, subscription: string): Promise<readonly string[]> {
  const months: string[] = [];
  for await (const { rowKey } of tables.query('Views', monthsPartition(subscription))) months.push(rowKey);
  return months;
}

/**
 * The pools of a subscription that have history, by cluster.
 * @param isStrict leaves out rows that can't be read; else their keys speak for them
 */
export async function readKnownPools(
  tables: Tables,
  subscription: string,
  isStrict = false,
): Promise<readonly KnownPool[]> {
  const pools: KnownPool[] = [];
  for await (const row of tables.query('Views', knownPartition(subscription))) {
    const pool = valueIfRead(knownPools, row) ?? (isStrict ? undefined : poolInKey(row.rowKey));
    if (pool) pools.push(pool);
  }
  return pools;
}

/** What the key of a row that can't be read still says. */
function poolInKey(rowKey: string): KnownPool | undefined {
  const end = rowKey.lastIndexOf('|');
  const key = rowKey.slice(0, Math.max(end, 0));
  const cluster = idOfKey(key);
  return cluster === undefined ? undefined : { key, cluster, nodePool: rowKey.slice(end + 1) };
}
