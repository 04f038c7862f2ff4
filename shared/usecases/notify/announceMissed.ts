// Tells the topic of occurrences that went by without a start on a pool that was due, judged as the weekly report judges them.
// Called by announcePass. Reads decisions and history only of clusters of which an occurrence has closed.
import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { clusterKey } from '../../domain/cluster/cluster.ts';
import type { HistoryRow } from '../../domain/ledger/ledger.ts';
import { windowsMissed } from '../../domain/notification/conditions.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { missedWindows } from '../../domain/report/missedWindows.ts';
import type { ReportPool } from '../../domain/report/reportFacts.ts';
import { knownWindow } from '../../domain/window/knownWindow.ts';
import { occurrencesBetween } from '../../domain/window/maintenanceWindow.ts';
import type { Row } from '../../ports/tables.ts';
import { type Mark, writeMarks } from '../../stores/notificationsStore.ts';
import { descending } from '../../stores/rows/keys.ts';
import { readDecisions, toViews } from '../../stores/views/decisionsStore.ts';
import { readClusterHistory } from '../../stores/views/historyStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { rebuildRow } from '../observe/rebuildRow.ts';
import type { Decided } from '../plan/gatherFleet.ts';
import type { SubscriptionFacts } from './passFacts.ts';
import { publish } from './publish.ts';

/** Clusters that one pass judges; the rest is left to the next. */
const mostClusters = 25;
const width = 8;
/** What was missed longer ago is news to nobody: the topic was off, or down. */
const newsDays = 7;
/** What happened at the end of an occurrence is in the history by then. */
const settledMinutes = 30;

const windowRow = ({ facts }: Decided) => `window|${clusterKey(facts.cluster.id)}`;

/** A cluster with occurrences to judge: those that opened from `from` on, the last of them at `last`. */
type Closed = {
  readonly one: Decided;
  readonly from: Temporal.Instant;
  readonly last: Temporal.Instant;
  readonly id: string;
};

export async function announceMissed(
  dependencies: Pick<Dependencies, 'tables' | 'topic' | 'log'>,
  { subscription, decided, announcements: { marks }, policy: { policy }, now }: SubscriptionFacts,
): Promise<boolean> {
  const { tables } = dependencies;
  const until = now.subtract({ minutes: settledMinutes });
  const oldest = now.subtract({ hours: newsDays * 24 });
  const begun = new Map<string, Mark>();
  const closed: Closed[] = [];
  for (const one of decided) {
    const what = `Which windows of ${one.facts.cluster.id} went by could not be judged`;
    await contained(dependencies, what, () => {
      const judged = judgeWindow(one, marks.get(windowRow(one)), { now, until, oldest });
      if (judged && 'mark' in judged) begun.set(windowRow(one), judged.mark);
      else if (judged) closed.push(judged);
    });
  }
  await writeMarks(tables, subscription, begun);
  const judged = await inParallel(closed.slice(0, mostClusters), width, (one) =>
    contained(dependencies, `Missed windows of ${one.one.facts.cluster.id} could not be told`, async () => ({
      ...one,
      missed: await missedBy(dependencies, one, until),
    })),
  );
  // One that could not be judged is judged by the next pass.
  const told = judged.filter((one) => one !== undefined);
  if (!(await publish(dependencies, policy, windowsMissed(told.flatMap(({ missed }) => missed))))) return false;
  await writeMarks(
    tables,
    subscription,
    new Map(told.map(({ one, last, id }) => [windowRow(one), { id, at: last.add({ seconds: 1 }).toString() }])),
  );
  return true;
}

async function missedBy(dependencies: Pick<Dependencies, 'tables'>, { one, from }: Closed, until: Temporal.Instant) {
  const [pools, rows] = [await readPools(dependencies, one, from), await readRows(dependencies, one, from)];
  return missedWindows({ week: { from, to: until }, now: until, pools, rows });
}

type Moments = Readonly<Record<'now' | 'until' | 'oldest', Temporal.Instant>>;

/** The occurrences to judge, or the mark of a window that is judged from now on; undefined: nothing is to be judged yet. */
function judgeWindow(
  one: Decided,
  mark: Mark | undefined,
  { now, until, oldest }: Moments,
): Closed | { readonly mark: Mark } | undefined {
  const known = knownWindow(one.facts.window);
  if (known.kind !== 'window') return undefined;
  const id = createHash('sha256').update(JSON.stringify(known.json)).digest('hex');
  // A window that is new, or was changed, is judged from now on; so is one that a clock judged which ran ahead.
  if (mark?.id !== id || Date.parse(mark.at) > now.epochMilliseconds) return { mark: { id, at: now.toString() } };
  if (isRolling(one)) return undefined;
  const judged = Temporal.Instant.from(mark.at);
  const from = Temporal.Instant.compare(judged, oldest) > 0 ? judged : oldest;
  const last = [...occurrencesBetween(known.window, from, until)].findLast(
    ({ opensAt, closesAt }) =>
      Temporal.Instant.compare(opensAt, from) >= 0 && Temporal.Instant.compare(closesAt, until) <= 0,
  );
  return last && { one, from, last: last.opensAt, id };
}

/** What rolls now may have begun in the occurrence: the ledger says so when it has ended. */
function isRolling({ facts, heads }: Decided): boolean {
  return facts.attempt !== undefined || heads.pools.some(({ rolling }) => rolling?.isUpgrade);
}

async function readPools(
  { tables }: Pick<Dependencies, 'tables'>,
  { facts, decisions }: Decided,
  from: Temporal.Instant,
): Promise<readonly ReportPool[]> {
  return Promise.all(
    toViews(facts.cluster, decisions).map(async (view) => {
      const known: Decision[] = [];
      for await (const { decision } of readDecisions(tables, clusterKey(facts.cluster.id), view.nodePool.name)) {
        known.push(decision);
        // The one that was in force at the first opening.
        if (Date.parse(decision.decidedAt) <= from.epochMilliseconds) break;
      }
      return { ...view, window: facts.window, decisions: known };
    }),
  );
}

async function readRows(
  { tables }: Pick<Dependencies, 'tables'>,
  { facts }: Decided,
  from: Temporal.Instant,
): Promise<readonly HistoryRow[]> {
  const rows: HistoryRow[] = [];
  const range = { to: descending(from.epochMilliseconds - 1) };
  const key = clusterKey(facts.cluster.id);
  const rebuild = (row: Row) => rebuildRow(tables, row);
  for await (const { row } of readClusterHistory(tables, key, range, rebuild)) rows.push(row);
  return rows;
}
