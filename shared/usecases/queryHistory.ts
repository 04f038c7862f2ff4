// The history that teams ask for. Called by getHistory.
import { clusterKey, parseClusterId, samePool } from '../domain/cluster.ts';
import { globMatches } from '../domain/glob.ts';
import type { HistoryRow } from '../domain/ledger.ts';
import type { RowRange, Tables } from '../ports.ts';
import { historyKey, readClusterHistory, readFirstMonth, readMonthHistory } from '../stores/historyStore.ts';
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

export type HistoryPage = { readonly rows: readonly HistoryRow[]; readonly next?: string };

/**
 * A page of transitions and rolls, newest completion first; `next` is where the following page begins. New rows sort
 * before a page's end or are of their own time, so none is shown twice.
 */
export async function queryHistory(
  { tables, subscriptions, clock }: Pick<Dependencies, 'tables' | 'subscriptions' | 'clock'>,
  filter: HistoryFilter,
): Promise<HistoryPage> {
  const range = rangeOf(filter);
  const now = clock.now().toString();
  const sources =
    filter.cluster !== undefined && parseClusterId(filter.cluster)
      ? [readClusterHistory(tables, clusterKey(filter.cluster), range)]
      : subscriptions.map((subscription) => readSubscription(tables, subscription, filter, range, now));
  const rows: HistoryRow[] = [];
  for await (const row of mergeNewestFirst(sources)) {
    if (!matches(row, filter)) continue;
    if (rows.length === filter.limit) return { rows, next: historyKey(rows.at(-1) as HistoryRow) };
    rows.push(row);
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

/** A subscription's months from the newest asked for down to the first that has rows. */
async function* readSubscription(
  tables: Tables,
  subscription: string,
  { since, until }: HistoryFilter,
  range: RowRange,
  now: string,
): AsyncIterable<HistoryRow> {
  const first = await readFirstMonth(tables, subscription);
  if (!first) return;
  const oldest = [first, since?.slice(0, 7) ?? ''].sort().at(-1) as string;
  for (let month = (until ?? now).slice(0, 7); month >= oldest; month = monthBefore(month)) {
    yield* readMonthHistory(tables, subscription, month, range);
  }
}

function monthBefore(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const before = number === 1 ? { year: year - 1, number: 12 } : { year, number: number - 1 };
  return `${before.year}-${String(before.number).padStart(2, '0')}`;
}

async function* mergeNewestFirst(sources: readonly AsyncIterable<HistoryRow>[]): AsyncIterable<HistoryRow> {
  const heads = await Promise.all(
    sources.map(async (source) => {
      const rows = source[Symbol.asyncIterator]();
      return { rows, next: await rows.next() };
    }),
  );
  for (;;) {
    const first = heads
      .filter(({ next }) => !next.done)
      .sort((a, b) => (historyKey(a.next.value) < historyKey(b.next.value) ? -1 : 1))[0];
    if (!first) return;
    yield first.next.value;
    first.next = await first.rows.next();
  }
}

function matches(row: HistoryRow, { cluster, nodePool }: HistoryFilter): boolean {
  if (nodePool !== undefined && !samePool(row.nodePool, nodePool)) return false;
  if (cluster === undefined || parseClusterId(cluster)) return true;
  return globMatches(cluster, parseClusterId(row.cluster)?.cluster ?? '');
}
