// Occurrences that went by without a start on a due pool, judged as the weekly report judges them. Called by notifyPass.
import { createHash } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import { windowsMissed } from '../../domain/notification/conditions.ts';
import { type MissedWindows, missedWindows } from '../../domain/report/missedWindows.ts';
import { isBefore } from '../../domain/text/stored.ts';
import { knownWindow } from '../../domain/window/knownWindow.ts';
import { occurrencesBetween } from '../../domain/window/maintenanceWindow.ts';
import type { Tables } from '../../ports/tables.ts';
import { type Mark, markRow, type News } from '../../stores/notificationsStore.ts';
import { descending } from '../../stores/rows/keys.ts';
import { toViews } from '../../stores/views/decisionsStore.ts';
import { readClusterHistory } from '../../stores/views/historyStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { rebuildRow } from '../observe/rebuildRow.ts';
import type { Decided } from '../plan/gatherFleet.ts';
import { readReportPool } from '../report/buildReport.ts';
import { ofEachCluster, type SubscriptionFacts } from './passFacts.ts';

/** A pass reads decisions and history of so many clusters, and only where an occurrence has closed. */
const maxClusters = 25;
const newsDays = 7;
/** What happened at the end of an occurrence is in the history by then. */
const settledMinutes = 30;

export async function collectMissed(
  { tables, log }: Pick<Dependencies, 'tables' | 'log'>,
  facts: SubscriptionFacts,
): Promise<readonly News[]> {
  const { noted, now } = facts;
  const until = now.subtract({ minutes: settledMinutes });
  let clusters = 0;
  return ofEachCluster({ log }, facts, 'missed windows', async (one) => {
    const rowKey = `window|${clusterKey(one.facts.cluster.id)}`;
    const closed = occurrencesClosed(one, noted.marks.get(rowKey), now, until);
    if (!closed) return [];
    const { id, from, judged } = closed;
    const rows = [markRow(rowKey, { id, at: judged })];
    if (!from) return [{ notifications: [], rows }];
    clusters += 1;
    if (clusters > maxClusters) return [];
    return [{ notifications: windowsMissed(await readMissed(tables, one, from, until)), rows }];
  });
}

/** `from` absent: there are no occurrences yet, and the window is judged from now on. */
type Closed = { readonly id: string; readonly from?: Temporal.Instant; readonly judged: Temporal.Instant };

function occurrencesClosed(
  { facts, heads }: Decided,
  mark: Mark | undefined,
  now: Temporal.Instant,
  until: Temporal.Instant,
): Closed | undefined {
  const known = knownWindow(facts.window);
  if (known.kind !== 'window') return undefined;
  const id = createHash('sha256').update(JSON.stringify(known.json)).digest('hex');
  // The window is new or was changed, or a clock that ran ahead wrote the mark.
  if (mark?.id !== id || isBefore(now, mark.at)) return { id, judged: now };
  // What rolls now may have begun in the occurrence. The ledger says so when it has ended.
  if (facts.attempt || heads.pools.some(({ rolling }) => rolling?.isUpgrade)) return undefined;
  const oldest = now.subtract({ hours: newsDays * 24 });
  const from = isBefore(oldest, mark.at) ? mark.at : oldest;
  const last = [...occurrencesBetween(known.window, from, until)].findLast(
    ({ opensAt, closesAt }) => !isBefore(opensAt, from) && !isBefore(until, closesAt),
  );
  return last && { id, from, judged: last.opensAt.add({ seconds: 1 }) };
}

async function readMissed(
  tables: Tables,
  { facts: { cluster, window }, decisions }: Decided,
  from: Temporal.Instant,
  until: Temporal.Instant,
): Promise<readonly MissedWindows[]> {
  const key = clusterKey(cluster.id);
  const views = toViews(cluster, decisions);
  const pools = await Promise.all(views.map((view) => readReportPool(tables, view, window)));
  const range = { to: descending(from.epochMilliseconds - 1) };
  const stored = await Array.fromAsync(readClusterHistory(tables, key, range, (row) => rebuildRow(tables, row)));
  return missedWindows({ week: { from, to: until }, now: until, pools, rows: stored.map(({ row }) => row) });
}
