// Pools that went out of policy, judged as the weekly report judges them. Called by notifyPass.
import { Temporal } from 'temporal-polyfill';
import { isNewer } from '../../domain/image/nodeImageVersion.ts';
import { poolStale } from '../../domain/notification/conditions.ts';
import { firstSeenBehind } from '../../domain/report/poolStatus.ts';
import type { ReportPool } from '../../domain/report/reportFacts.ts';
import { isBefore } from '../../domain/text/stored.ts';
import { markRow, type News, poolRow } from '../../stores/notificationsStore.ts';
import { toViews } from '../../stores/views/decisionsStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import type { Dependencies } from '../dependencies.ts';
import { readReportPool } from '../report/buildReport.ts';
import { ofEachCluster, type SubscriptionFacts } from './passFacts.ts';
import { newsOnce } from './publishNews.ts';

/** Pools whose decisions one pass reads. They have days. */
const maxReads = 50;

export async function collectStale(
  { tables, log }: Pick<Dependencies, 'tables' | 'log'>,
  facts: SubscriptionFacts,
): Promise<readonly News[]> {
  const {
    noted: { marks },
    policy: { policy },
    now,
  } = facts;
  let reads = 0;
  const newsOf = async (pool: PoolView, window: ReportPool['window']): Promise<readonly News[]> => {
    const { cluster, nodePool, decision } = pool;
    const current = nodePool.nodeImageVersion ?? '';
    const isBehind = isNewer(decision.latest, nodePool.nodeImageVersion);
    const rowKey = poolRow('behind', cluster.id, nodePool.name);
    const mark = marks.get(rowKey);
    // A clock that ran ahead may have written a time that is still to come.
    const isKnown = mark?.id === current && !isBefore(now, mark.at);
    let since = isBehind && isKnown ? mark.at : undefined;
    let rows = isBehind === false && mark?.id ? [markRow(rowKey, { id: '', at: now })] : [];
    if (isBehind && !isKnown) {
      if (reads >= maxReads) return [];
      reads += 1;
      // What the report would say, kept so that no pass reads it again.
      const seen = Temporal.Instant.from(firstSeenBehind(await readReportPool(tables, pool, window)));
      since = isBefore(now, seen) ? now : seen;
      rows = [markRow(rowKey, { id: current, at: since })];
    }
    const stale = poolStale(pool, since?.toString(), policy, now);
    const staleRow = poolRow('stale', cluster.id, nodePool.name);
    return [{ notifications: [], rows }, ...(stale ? newsOnce(stale, staleRow, now, { policy, marks }) : [])];
  };
  return ofEachCluster({ log }, facts, 'stale pools', async ({ facts: { cluster, window }, decisions }) => {
    if (cluster.unread !== undefined) return [];
    const pools = toViews(cluster, decisions);
    return (await Promise.all(pools.map((pool) => newsOf(pool, window)))).flat();
  });
}
