// Where the rows of a query are read: its clusters, the rarest of its terms in the index, or the months. Called by queryHistory.

import type { UnreadRow } from '../../domain/failure/explainRow.ts';
import { lookupOf, type RowFilter, termsOfImages } from '../../domain/ledger/historyFilter.ts';
import type { Row, RowRange, Tables } from '../../ports/tables.ts';
import { numberIn } from '../../stores/rows/keys.ts';
import { readMonths } from '../../stores/views/historyIndex.ts';
import {
  readClusterHistory,
  readMonthHistory,
  readTermHistory,
  type StoredRow,
} from '../../stores/views/historyStore.ts';
import { listImages, readComplete } from '../../stores/views/historyTerms.ts';
import type { FleetTables } from '../dependencies.ts';
import { rebuildOrTell } from '../observe/rebuildRow.ts';
import { findClusters } from './findClusters.ts';

type Source = AsyncIterable<StoredRow<UnreadRow>>;
type Read = (range: RowRange) => Source;

/** `onUnindexed` hears of a subscription whose months are read because its index is not there. */
export type HistoryParts = FleetTables & { readonly onUnindexed?: (subscription: string) => Promise<void> };

/** For more clusters than this, the months of all of them are read. */
const maxPartitions = 25;
/** Storage gives no more rows at once. */
const maxPage = 1000;
/** More terms than these are most of the history. */
const maxTerms = 12;

export async function sourcesOf(
  { tables, subscriptions, onUnindexed }: HistoryParts,
  filter: RowFilter,
  range: RowRange,
  limit: number,
): Promise<readonly Source[]> {
  const asked = filter.subscription === undefined ? subscriptions : [filter.subscription];
  const clusters = await clustersOf(tables, asked, filter);
  const isOne = clusters !== undefined && clusters.length <= 1;
  const found = isOne
    ? []
    : await Promise.all(asked.map((subscription) => termsIn(tables, subscription, filter, onUnindexed)));
  const isIndexed = !isOne && found.every((one) => one !== undefined);
  if (clusters && !isIndexed) {
    const reads = clusters.map(
      (key): Read =>
        (some) =>
          readClusterHistory(tables, key, some, rebuild(tables)),
    );
    return open(reads, filter, range, limit, 0);
  }
  const ways = asked.map((subscription, index) => found[index] ?? [monthsOf(tables, subscription)]);
  return open(ways.flat(), filter, range, limit, isIndexed ? 1 : 0);
}

const rebuild = (tables: Tables) => (row: Row) => rebuildOrTell(tables, row);

/** @param judged filters that all rows of the sources pass */
function open(reads: readonly Read[], filter: RowFilter, range: RowRange, limit: number, judged: number) {
  const pageSize = pageSizeFor(filter, limit, reads.length, judged);
  return reads.map((read) => read({ ...range, pageSize }));
}

// Little more than fits the page: one row more says whether there is more, and a partition may hold twice its share.
function pageSizeFor(filter: RowFilter, limit: number, partitions: number, judged: number): number {
  const { kinds, nodePool, resourceGroup, cluster, image, release, outcome, cause, inWindow } = filter;
  const names = judged > 0 ? [resourceGroup, cluster, kinds] : [];
  const judging = [...names, nodePool, image, release, outcome, cause, inWindow].filter((one) => one !== undefined);
  if (!Number.isFinite(limit)) return maxPage;
  // Of a pool's name every few rows are; what else is judged may be rare.
  if (judging.length === judged + 1 && nodePool !== undefined && partitions === 1)
    return Math.min(4 * (limit + 1), maxPage);
  if (judging.length > judged) return maxPage;
  const share = partitions > 1 ? Math.ceil((2 * (limit + 1)) / partitions) : limit + 1;
  // One that is alone has all of them.
  return partitions > 1 && share > maxPage ? Math.ceil(share / 2) : share;
}

/** The clusters whose partitions hold the answer; undefined where the months are the shorter way. */
async function clustersOf(tables: Tables, asked: readonly string[], filter: RowFilter) {
  const { cluster, resourceGroup, nodePool } = filter;
  if (cluster === undefined && resourceGroup === undefined && nodePool === undefined) return undefined;
  const keys = await findClusters({ tables, subscriptions: asked }, filter);
  return keys.length > maxPartitions ? undefined : keys;
}

/** Undefined where the index does not help, or is not made yet. */
async function termsIn(
  tables: Tables,
  subscription: string,
  filter: RowFilter,
  onUnindexed: HistoryParts['onUnindexed'],
): Promise<readonly Read[] | undefined> {
  const lookup = lookupOf(filter);
  if (!lookup) return undefined;
  const complete = await readComplete(tables, subscription);
  if (!complete) {
    await onUnindexed?.(subscription);
    return undefined;
  }
  const terms =
    'terms' in lookup
      ? lookup.terms
      : termsOfImages((await listImages(tables, subscription)).filter((image) => lookup.isAsked(image)));
  if (terms.length > maxTerms) return undefined;
  return [
    ...terms.map(
      (term): Read =>
        (range) =>
          readTermHistory(tables, subscription, term, range, rebuild(tables)),
    ),
    ...complete.except.map(
      (key): Read =>
        (range) =>
          readClusterHistory(tables, key, range, rebuild(tables)),
    ),
  ];
}

function monthsOf(tables: Tables, subscription: string): Read {
  return async function* ({ pageSize, ...range }) {
    const [newest, oldest] = [monthIn(range.from), monthIn(range.to)];
    let read = 0;
    for (const month of (await readMonths(tables, subscription)).toReversed()) {
      if ((newest !== undefined && month > newest) || (oldest !== undefined && month < oldest)) continue;
      // An older month is asked for what the newer ones lack.
      const left = pageSize === undefined ? {} : { pageSize: pageSize > read ? pageSize - read : pageSize };
      for await (const row of readMonthHistory(tables, subscription, month, { ...range, ...left }, rebuild(tables))) {
        read += 1;
        yield row;
      }
    }
  };
}

/** The calendar month (`YYYY-MM`, UTC) of a row key; undefined where it is of none: a caller's cursor may be anything. */
function monthIn(rowKey: string | undefined): string | undefined {
  const [key] = /^\d{15}/.exec(rowKey ?? '') ?? [];
  const date = key === undefined ? undefined : new Date(numberIn(key));
  // Months of five digits of year have no order among the others.
  return date && date.getUTCFullYear() <= 9999 ? date.toISOString().slice(0, 7) : undefined;
}
