// How the rings do, as the last pass counted them, and the news since: a row, and one for each cluster with news.
import type { Temporal } from 'temporal-polyfill';
import { type ClusterKey, clusterKey, idOfKey } from '../../domain/cluster/clusterId.ts';
import { RingCount } from '../../domain/rings/ringCount.ts';
import { isCounted, RingNews } from '../../domain/rings/ringNews.ts';
import type { Tables } from '../../ports/tables.ts';
import { listRows } from '../rows/listRows.ts';
import { type Codec, valueIfRead } from '../rows/readRow.ts';
import { insertOrReplace, replaceRow } from '../rows/replaceRow.ts';

const partition = 'rings';
const countRow = 'count';
const newsPrefix = 'news|';
const newsRow = (cluster: string) => newsPrefix + clusterKey(cluster);
const countRows = { table: 'Starts', schema: RingCount } as const;
const newsRows: Codec<typeof RingNews> = {
  table: 'Starts',
  schema: RingNews,
  isOwn: ({ cluster }, row) => newsRow(cluster) === row.rowKey,
};

type NewsRow = { readonly rowKey: string; readonly etag: string; readonly news: RingNews; readonly isRead: boolean };

export type RingsRead = {
  /** Undefined too where it can't be read: the next pass counts anew. */
  readonly count: RingCount | undefined;
  readonly countEtag: string | undefined;
  readonly news: readonly NewsRow[];
};

/** One query. Of news that can't be read nobody knows the rings, nor whether it was counted. */
export async function readRings(tables: Tables, now: Temporal.Instant): Promise<RingsRead> {
  const rows = await listRows(tables, 'Starts', partition);
  const counted = rows.find(({ rowKey }) => rowKey === countRow);
  const ofNews = rows.filter(({ rowKey }) => rowKey.startsWith(newsPrefix));
  return {
    count: valueIfRead(countRows, counted),
    countEtag: counted?.etag,
    news: ofNews.map((row) => {
      const key = row.rowKey.slice(newsPrefix.length);
      const unread = { cluster: idOfKey(key) ?? key, sequence: Number.MAX_SAFE_INTEGER, at: now };
      const news = valueIfRead(newsRows, row);
      return { rowKey: row.rowKey, etag: row.etag, news: news ?? unread, isRead: news !== undefined };
    }),
  };
}

/** Before the append: a start that does not see the news is one that was sent before it. News that is not counted yet stays. */
export async function noteNews(tables: Tables, news: RingNews): Promise<void> {
  await replaceRow(tables, ['Starts', partition, newsRow(news.cluster)], (stored) => {
    const known = valueIfRead(newsRows, stored);
    const isOfAll = !news.rings || (stored && !known?.rings);
    const rings = isOfAll ? undefined : [...new Set([...(known?.rings ?? []), ...(news.rings ?? [])])];
    return { ...news, sequence: Math.max(known?.sequence ?? 0, news.sequence), rings };
  });
}

/**
 * Keeps a count, and removes the news that is in it; nothing of it where another pass was faster.
 * @param before as it was read before the ledgers were @param known up to where the ledgers were read
 */
export async function writeCount(
  tables: Tables,
  count: RingCount,
  before: RingsRead,
  known: ReadonlyMap<ClusterKey, number>,
): Promise<void> {
  const change = insertOrReplace(countRow, count, before.countEtag);
  if ((await tables.write('Starts', partition, [change])) === 'conflict') return;
  for (const { rowKey, etag, news, isRead } of before.news) {
    // Each by itself: news that came meanwhile must not keep the others.
    if (!isRead) await tables.write('Starts', partition, [{ kind: 'replace', rowKey, etag, value: news }]);
    else if (isCounted(news, known, count.countedAt))
      await tables.write('Starts', partition, [{ kind: 'delete', rowKey, etag }]);
  }
}
