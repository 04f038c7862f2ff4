// The news of occurrences that went by without a start on a pool that was due, judged as the weekly report judges them.
// Called by notifyPass. Reads decisions and history only of clusters of which an occurrence has closed.
import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { clusterKey } from '../../domain/cluster/cluster.ts';
import type { HistoryRow } from '../../domain/ledger/ledger.ts';
import { windowsMissed } from '../../domain/notification/conditions.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { type MissedWindows, missedWindows } from '../../domain/report/missedWindows.ts';
import type { ReportPool } from '../../domain/report/reportFacts.ts';
import { occurrencesBetween } from '../../domain/window/maintenanceWindow.ts';
import { parseMaintenanceWindow } from '../../domain/window/parseMaintenanceWindow.ts';
import type { Tables } from '../../ports/tables.ts';
import { type Mark, markRow } from '../../stores/notificationsStore.ts';
import { descending } from '../../stores/rows/keys.ts';
import { readDecisions, toViews } from '../../stores/views/decisionsStore.ts';
import { readClusterHistory } from '../../stores/views/historyStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { rebuildRow } from '../observe/rebuildRow.ts';
import type { Decided } from '../plan/gatherFleet.ts';
import { ofEachCluster, type SubscriptionFacts } from './passFacts.ts';
import type { News } from './publishNews.ts';

/** Clusters that one pass judges; the rest is left to the next. */
const maxClusters = 25;
/** What was missed longer ago is no news: the topic was off, or down. */
const newsDays = 7;
/** What happened at the end of an occurrence is in the history by then. */
const settledMinutes = 30;

export async function collectMissed(
  { tables, log }: Pick<Dependencies, 'tables' | 'log'>,
  { decided, noted: { marks }, now }: SubscriptionFacts,
): Promise<readonly News[]> {
  const until = now.subtract({ minutes: settledMinutes });
  let clusters = 0;
  return ofEachCluster({ log }, decided, 'missed windows', async (one) => {
    const rowKey = `window|${clusterKey(one.facts.cluster.id)}`;
    const closed = occurrencesClosed(one, marks.get(rowKey), now, until);
    if (!closed) return [];
    const { id, from, judged } = closed;
    const rows = [markRow(rowKey, { id, at: judged.toString() })];
    if (!from) return [{ notifications: [], rows }];
    clusters += 1;
    if (clusters > maxClusters) return [];
    return [{ notifications: windowsMissed(await readMissed(tables, one, from, until)), rows }];
  });
}

/** What is judged when these occurrences are; `from` absent: there are none, and the window is judged from now on. */
type Closed = { readonly id: string; readonly from?: Temporal.Instant; readonly judged: Temporal.Instant };

/** Undefined: there is nothing to judge yet. */
function occurrencesClosed(
  { facts, heads }: Decided,
  mark: Mark | undefined,
  now: Temporal.Instant,
  until: Temporal.Instant,
): Closed | undefined {
  const json = 'problem' in facts.window ? undefined : facts.window.value?.maintenanceWindow;
  const parsed = json === undefined ? undefined : parseMaintenanceWindow(json);
  if (!parsed?.ok) return undefined;
  const id = createHash('sha256').update(JSON.stringify(json)).digest('hex');
  // A window that is new, or was changed, is judged from now on; so is one that a clock judged which ran ahead.
  if (mark?.id !== id || Date.parse(mark.at) > now.epochMilliseconds) return { id, judged: now };
  // What rolls now may have begun in the occurrence: the ledger says so when it has ended.
  if (facts.attempt || heads.pools.some(({ rolling }) => rolling?.isUpgrade)) return undefined;
  const oldest = now.subtract({ hours: newsDays * 24 });
  const before = Temporal.Instant.from(mark.at);
  const from = Temporal.Instant.compare(before, oldest) > 0 ? before : oldest;
  const last = [...occurrencesBetween(parsed.window, from, until)].findLast(
    ({ opensAt, closesAt }) =>
      Temporal.Instant.compare(opensAt, from) >= 0 && Temporal.Instant.compare(closesAt, until) <= 0,
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
  const pools = toViews(cluster, decisions).map(async (view): Promise<ReportPool> => {
    const known: Decision[] = [];
    for await (const { decision } of readDecisions(tables, key, view.nodePool.name)) {
      known.push(decision);
      // The one that was in force at the first opening.
      if (Date.parse(decision.decidedAt) <= from.epochMilliseconds) break;
    }
    return { ...view, window, decisions: known };
  });
  const rows: HistoryRow[] = [];
  const range = { to: descending(from.epochMilliseconds - 1) };
  for await (const { row } of readClusterHistory(tables, key, range, (row) => rebuildRow(tables, row))) rows.push(row);
  return missedWindows({ week: { from, to: until }, now: until, pools: await Promise.all(pools), rows });
}
