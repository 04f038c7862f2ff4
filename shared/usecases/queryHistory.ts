// The history that teams ask for. Called by getHistory.
import { clusterKey, parseClusterId, samePool } from '../domain/cluster.ts';
import { type AnsweredRow, withFailure } from '../domain/failure/explainRow.ts';
import { globMatches } from '../domain/glob.ts';
import { isRoll } from '../domain/historyRow.ts';
import type { HistoryRow } from '../domain/ledger.ts';
import type { RowRange, Tables } from '../ports.ts';
import { readClusterHistory, readMonthHistory, readMonths, type StoredRow } from '../stores/historyStore.ts';
import { descending } from '../stores/keys.ts';
import type { Dependencies } from './dependencies.ts';

export type HistoryFilter = {
  /** An ARM id, or a name with `*` and `?`. */
  readonly cluster?: string | undefined;
  readonly nodePool?: string | undefined;
  /** ISO; completed at or after. */
  readonly since?: string | undefined;
  /** ISO; completed before. */
  readonly until?: string | undefined;
  readonly limit: number;
  /** Only rows that sort after this key. */
  readonly after?: string | undefined;
};

export type HistoryPage = { readonly rows: readonly AnsweredRow[]; readonly next?: string };

/**
 * A page of transitions and rolls, newest completion first; `next` is where the following page begins. New rows sort
 * before a page's end or are of their own time, so none is shown twice.
 */
export async function queryHistory(
  { tables, subscriptions }: Pick<Dependencies, 'tables' | 'subscriptions'>,
  filter: HistoryFilter,
): Promise<HistoryPage> {
  const range = rangeOf(filter);
  const sources =
    filter.cluster !== undefined && parseClusterId(filter.cluster)
      ? [readClusterHistory(tables, clusterKey(filter.cluster), range)]
      : subscriptions.map((subscription) => readSubscription(tables, subscription, filter, range));
  const rows: AnsweredRow[] = [];
  let last = '';
  for await (const { row, rowKey } of mergeNewestFirst(sources)) {
    if (!matches(row, filter)) continue;
    if (rows.length === filter.limit) return { rows, next: last };
    rows.push(withFailure(row));
    last = rowKey;
  }
  return { rows };
}

// Keys fall with time: `until` is where reading begins, `since` where it ends.
function rangeOf({ since, until, after }: HistoryFilter): RowRange {
  const first = until === undefined ? '' : descending(Date.parse(until) - 1);
  // No key lies between a key and itself with a space: keys hold no control characters.
  const resumed = after === undefined ? '' : `${after} `;
  const from = [first, resumed].sort().at(-1);
  return {
    ...(from ? { from } : {}),
    ...(since === undefined ? {} : { to: descending(Date.parse(since) - 1) }),
  };
}

/** A subscription's months, the newest first. */
async function* readSubscription(
  tables: Tables,
  subscription: string,
  { since, until }: HistoryFilter,
  range: RowRange,
): AsyncIterable<StoredRow> {
  for (const month of (await readMonths(tables, subscription)).toReversed()) {
    if (since !== undefined && month < since.slice(0, 7)) return;
    if (until !== undefined && month > until.slice(0, 7)) continue;
    yield* readMonthHistory(tables, subscription, month, range);
  }
}

async function* mergeNewestFirst(sources: readonly AsyncIterable<StoredRow>[]): AsyncIterable<StoredRow> {
  const heads = await Promise.all(
    sources.map(async (source) => {
      const rows = source[Symbol.asyncIterator]();
      return { rows, next: await rows.next() };
    }),
  );
  for (;;) {
    const first = heads
      .filter(({ next }) => !next.done)
      .sort((a, b) => (a.next.value.rowKey < b.next.value.rowKey ? -1 : 1))[0];
    if (!first) return;
    yield first.next.value;
    first.next = await first.rows.next();
  }
}

function matches(row: HistoryRow, { cluster, nodePool }: HistoryFilter): boolean {
  if (!isRoll(row)) return false;
  if (nodePool !== undefined && !samePool(row.nodePool, nodePool)) return false;
  if (cluster === undefined || parseClusterId(cluster)) return true;
  return globMatches(cluster, parseClusterId(row.cluster)?.cluster ?? '');
}
