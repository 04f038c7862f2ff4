// The history that teams ask for: a page of it, or all of it as it is read. Called by getHistory.
import { type AnsweredRow, toAnsweredRow, type UnreadRow } from '../../domain/failure/explainRow.ts';
import { matchesNames, matchesRow, type RowFilter } from '../../domain/ledger/historyFilter.ts';
import type { HistoryRow } from '../../domain/ledger/ledger.ts';
import type { RowRange } from '../../ports/tables.ts';
import { descending } from '../../stores/rows/keys.ts';
import type { StoredRow } from '../../stores/views/historyStore.ts';
import { type HistoryParts, sourcesOf } from './historySources.ts';

export type HistoryFilter = RowFilter & {
  /** ISO: a roll by when it ended, all else by when it was seen. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly after?: string | undefined;
};

/** A page of rows, newest first. The place of a row never changes, so that none is skipped or repeated while others arrive. */
export async function queryHistory(
  parts: HistoryParts,
  { limit, ...filter }: HistoryFilter & { readonly limit: number },
): Promise<{ readonly rows: readonly AnsweredRow[]; readonly next?: string }> {
  const rows: AnsweredRow[] = [];
  let last = '';
  for await (const { row, rowKey } of readMatching(parts, filter, limit)) {
    if (rows.length === limit) return { rows, next: last };
    rows.push(toAnsweredRow(row));
    last = rowKey;
  }
  return { rows };
}

export async function* readHistory(parts: HistoryParts, filter: HistoryFilter, limit = Number.POSITIVE_INFINITY) {
  let rows = 0;
  for await (const { row } of readMatching(parts, filter, limit)) {
    yield toAnsweredRow(row);
    rows += 1;
    if (rows === limit) return;
  }
}

async function* readMatching(parts: HistoryParts, filter: HistoryFilter, limit: number) {
  for await (const stored of mergeNewestFirst(await sourcesOf(parts, filter, rangeOf(filter), limit))) {
    if (isAsked(stored.row, filter)) yield stored;
  }
}

/** Of a row that can't be read only its cluster is known, if that. */
function isAsked(row: HistoryRow | UnreadRow, filter: HistoryFilter): boolean {
  if (row.kind !== 'unreadable') return matchesRow(row, filter);
  return row.cluster === undefined || matchesNames({ cluster: row.cluster }, filter);
}

// Keys fall with time: `until` is where reading begins, `since` where it ends. No row is older than 1970.
function rangeOf({ since, until, after }: HistoryFilter): RowRange {
  const before = (time: string) => descending(Math.max(0, Date.parse(time) - 1));
  // No key lies between a key and itself with a space: keys hold no control characters.
  const from = [until === undefined ? '' : before(until), after === undefined ? '' : `${after} `].sort().at(-1);
  return { ...(from ? { from } : {}), ...(since === undefined ? {} : { to: before(since) }) };
}

type Answered = StoredRow<UnreadRow>;

/** A row that several sources have comes once. */
async function* mergeNewestFirst(sources: readonly AsyncIterable<Answered>[]): AsyncIterable<Answered> {
  const heads = await Promise.all(
    sources.map(async (source) => {
      const rows = source[Symbol.asyncIterator]();
      return { rows, next: await rows.next() };
    }),
  );
  for (let last = ''; ; ) {
    let first: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (!head.next.done && (!first || head.next.value.rowKey < first.next.value.rowKey)) first = head;
    }
    if (!first) return;
    if (first.next.value.rowKey !== last) yield first.next.value;
    last = first.next.value.rowKey;
    first.next = await first.rows.next();
  }
}
