// The history that teams ask for: a page of it, or all of it as it is read. Called by getHistory.
import { type AnsweredRow, withFailure } from '../../domain/failure/explainRow.ts';
import { matchesRow, type RowFilter } from '../../domain/ledger/historyFilter.ts';
import type { RowRange, Tables } from '../../ports/tables.ts';
import { descending, numberIn } from '../../stores/rows/keys.ts';
import { readMonths } from '../../stores/views/historyIndex.ts';
import { readClusterHistory, readMonthHistory, type StoredRow } from '../../stores/views/historyStore.ts';
import type { FleetTables } from '../dependencies.ts';
import { rebuildOrThrow } from '../observe/rebuildRow.ts';
import { findClusters } from './findClusters.ts';

export type HistoryFilter = RowFilter & {
  /** ISO: a roll by when it ended, all else by when it was seen. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly after?: string | undefined;
};

/** For more clusters than this, the months of all of them are read. */
const maxPartitions = 25;
/** Storage gives no more rows at once. */
const maxPage = 1000;

/** A page of rows, newest first. The place of a row never changes, so that none is skipped or repeated while others arrive. */
export async function queryHistory(
  parts: FleetTables,
  { limit, ...filter }: HistoryFilter & { readonly limit: number },
): Promise<{ readonly rows: readonly AnsweredRow[]; readonly next?: string }> {
  const rows: AnsweredRow[] = [];
  let last = '';
  for await (const { row, rowKey } of readMatching(parts, filter, limit)) {
    if (rows.length === limit) return { rows, next: last };
    rows.push(withFailure(row));
    last = rowKey;
  }
  return { rows };
}

export async function* readHistory(parts: FleetTables, filter: HistoryFilter, limit = Number.POSITIVE_INFINITY) {
  let rows = 0;
  for await (const { row } of readMatching(parts, filter, limit)) {
    yield withFailure(row);
    rows += 1;
    if (rows === limit) return;
  }
}

async function* readMatching({ tables, subscriptions }: FleetTables, filter: HistoryFilter, limit: number) {
  const asked = filter.subscription === undefined ? subscriptions : [filter.subscription];
  const clusters = await clustersOf(tables, asked, filter);
  const range = { ...rangeOf(filter), pageSize: pageSizeFor(filter, limit, (clusters ?? asked).length) };
  const sources =
    clusters?.map((key) => readClusterHistory(tables, key, range, (row) => rebuildOrThrow(tables, row))) ??
    asked.map((subscription) => readSubscription(tables, subscription, range));
  for await (const stored of mergeNewestFirst(sources)) {
    if (matchesRow(stored.row, filter)) yield stored;
  }
}

// Little more than fits the page: one row more says whether there is more, and a partition may hold twice its share.
function pageSizeFor(filter: HistoryFilter, limit: number, partitions: number): number {
  const { nodePool, image, release, outcome, cause, inWindow } = filter;
  const isSparse = [nodePool, image, release, outcome, cause, inWindow].some((one) => one !== undefined);
  if (isSparse || !Number.isFinite(limit)) return maxPage;
  const share = partitions > 1 ? Math.ceil((2 * (limit + 1)) / partitions) : limit + 1;
  return share > maxPage ? Math.ceil(share / 2) : share;
}

/** The clusters whose partitions hold the answer; undefined where the months are the shorter way. */
async function clustersOf(tables: Tables, asked: readonly string[], filter: HistoryFilter) {
  const { cluster, resourceGroup, nodePool } = filter;
  if (cluster === undefined && resourceGroup === undefined && nodePool === undefined) return undefined;
  const keys = await findClusters({ tables, subscriptions: asked }, filter);
  return keys.length > maxPartitions ? undefined : keys;
}

// Keys fall with time: `until` is where reading begins, `since` where it ends. No row is older than 1970.
function rangeOf({ since, until, after }: HistoryFilter): RowRange {
  const before = (time: string) => descending(Math.max(0, Date.parse(time) - 1));
  // No key lies between a key and itself with a space: keys hold no control characters.
  const from = [until === undefined ? '' : before(until), after === undefined ? '' : `${after} `].sort().at(-1);
  return { ...(from ? { from } : {}), ...(since === undefined ? {} : { to: before(since) }) };
}

async function* readSubscription(tables: Tables, subscription: string, range: RowRange): AsyncIterable<StoredRow> {
  const [newest, oldest] = [monthIn(range.from), monthIn(range.to)];
  for (const month of (await readMonths(tables, subscription)).toReversed()) {
    if ((newest !== undefined && month > newest) || (oldest !== undefined && month < oldest)) continue;
    yield* readMonthHistory(tables, subscription, month, range, (row) => rebuildOrThrow(tables, row));
  }
}

/** The calendar month (`YYYY-MM`, UTC) of a row key; undefined where it is of none: a caller's cursor may be anything. */
function monthIn(rowKey: string | undefined): string | undefined {
  const [key] = /^\d{15}/.exec(rowKey ?? '') ?? [];
  const date = key === undefined ? undefined : new Date(numberIn(key));
  // Months of five digits of year have no order among the others.
  return date && date.getUTCFullYear() <= 9999 ? date.toISOString().slice(0, 7) : undefined;
}

async function* mergeNewestFirst(sources: readonly AsyncIterable<StoredRow>[]): AsyncIterable<StoredRow> {
  const heads = await Promise.all(
    sources.map(async (source) => {
      const rows = source[Symbol.asyncIterator]();
      return { rows, next: await rows.next() };
    }),
  );
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (!head.next.done && (!first || head.next.value.rowKey < first.next.value.rowKey)) first = head;
    }
    if (!first) return;
    yield first.next.value;
    first.next = await first.rows.next();
  }
}
