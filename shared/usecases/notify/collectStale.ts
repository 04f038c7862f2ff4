// The news of pools that went out of policy, judged as the weekly report judges them. Called by notifyPass.
import type { Temporal } from 'temporal-polyfill';
import { clusterKey } from '../../domain/cluster/cluster.ts';
import { poolStale } from '../../domain/notification/conditions.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { firstSeenBehind, isNewer } from '../../domain/report/poolStatus.ts';
import type { Tables } from '../../ports/tables.ts';
import { markRow, poolRow } from '../../stores/notificationsStore.ts';
import { readDecisions, toViews } from '../../stores/views/decisionsStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import type { Dependencies } from '../dependencies.ts';
import { ofEachCluster, type SubscriptionFacts } from './passFacts.ts';
import { type News, newsOnce } from './publishNews.ts';

/** Pools whose decisions one pass reads to learn since when they are behind: they have days. */
const maxReads = 50;

export async function collectStale(
  { tables, log }: Pick<Dependencies, 'tables' | 'log'>,
  { decided, noted: { marks }, policy: { policy }, now }: SubscriptionFacts,
): Promise<readonly News[]> {
  let reads = 0;
  const newsOf = async (pool: PoolView): Promise<readonly News[]> => {
    const { cluster, nodePool, decision } = pool;
    const current = nodePool.nodeImageVersion ?? '';
    const isBehind = isNewer(decision.latest, nodePool.nodeImageVersion);
    const rowKey = poolRow('behind', cluster.id, nodePool.name);
    const mark = marks.get(rowKey);
    // A clock that ran ahead may have written a time that is still to come.
    const isKnown = mark?.id === current && Date.parse(mark.at) <= now.epochMilliseconds;
    let since = isBehind && isKnown ? mark.at : undefined;
    let rows = isBehind === false && mark?.id ? [markRow(rowKey, { id: '', at: now.toString() })] : [];
    if (isBehind && !isKnown) {
      if (reads >= maxReads) return [];
      reads += 1;
      since = await readSince(tables, pool, now);
      rows = [markRow(rowKey, { id: current, at: since })];
    }
    const stale = poolStale(pool, since, policy, now);
    const staleRow = poolRow('stale', cluster.id, nodePool.name);
    return [
      { notifications: [], rows },
      ...(stale ? newsOnce(stale, staleRow, now.toString(), { policy, marks }) : []),
    ];
  };
  return ofEachCluster({ log }, decided, 'stale pools', async ({ facts: { cluster }, decisions }) => {
    // What could not be read of a cluster is no news of it.
    if (cluster.unread !== undefined) return [];
    return (await Promise.all(toViews(cluster, decisions).map(newsOf))).flat();
  });
}

/** What the report would say, kept so that no pass reads it again. */
async function readSince(tables: Tables, pool: PoolView, now: Temporal.Instant): Promise<string> {
  const decisions: Decision[] = [];
  for await (const { decision } of readDecisions(tables, clusterKey(pool.cluster.id), pool.nodePool.name)) {
    decisions.push(decision);
  }
  const since = firstSeenBehind({ ...pool, decisions });
  return Date.parse(since) > now.epochMilliseconds ? now.toString() : since;
}
