// The weekly check: observe everything, say how the fleet stands, keep the report and the digest of the week that is over, and
// drop decisions, evidence and marks of notifications older than 90 days. Called by the timer weeklyCheck.

import { randomUUID } from 'node:crypto';
import { clusterKey } from '../domain/cluster.ts';
import { messageOf } from '../domain/messageOf.ts';
import { lastCompleteWeek } from '../domain/report/isoWeek.ts';
import { ArmError } from '../ports.ts';
import { deleteDecisionsBefore, readPoolViews } from '../stores/decisionsStore.ts';
import { deleteEvidenceBefore } from '../stores/evidenceStore.ts';
import { deleteMarksBefore, fleetPartition } from '../stores/notificationsStore.ts';
import { insertReport } from '../stores/reportsStore.ts';
import { buildReport } from './buildReport.ts';
import type { Dependencies } from './dependencies.ts';
import type { ObserveMessage } from './messages.ts';
import { writeDigest } from './writeDigest.ts';

const keptDays = 90;

/** A message for every cluster that is listed or was known; a subscription that can't be listed is said so. */
export async function checkWeekly({
  clock,
  arm,
  tables,
  digests,
  subscriptions,
  topic,
  log,
}: Pick<Dependencies, 'clock' | 'arm' | 'tables' | 'digests' | 'subscriptions' | 'topic' | 'log'>): Promise<
  readonly ObserveMessage[]
> {
  const ids = new Map<string, string>();
  for (const subscription of subscriptions) {
    const views = await readPoolViews(tables, subscription);
    const oldest = clock.now().subtract({ hours: keptDays * 24 });
    for (const { cluster, nodePool } of views) {
      await deleteDecisionsBefore(tables, clusterKey(cluster.id), nodePool.name, oldest);
    }
    for (const { cluster } of views) ids.set(clusterKey(cluster.id), cluster.id);
    for (const key of new Set(views.map(({ cluster }) => clusterKey(cluster.id)))) {
      await deleteEvidenceBefore(tables, key, oldest);
    }
    try {
      for (const { id } of await arm.listClusters(subscription)) ids.set(clusterKey(id), id);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      log.warn(`Weekly check: subscription ${subscription} could not be listed: ${error.message}`);
    }
    const reasons = Map.groupBy(views, (view) => view.decision.reason);
    const counts = [...reasons].map(([reason, pools]) => `${reason} ${pools.length}`).join(', ');
    log.info(`Weekly check: subscription ${subscription} has ${views.length} pools: ${counts || 'none planned yet'}.`);
  }
  // The observations go out whatever becomes of the rest: what is not kept now is kept by a check that is run again, or by
  // the next one.
  const parts: readonly (readonly [what: string, keep: () => Promise<void>])[] = [
    ['the report could not be kept', () => keepReport({ clock, tables, subscriptions, log })],
    ['the digest could not be kept', () => keepDigest({ clock, tables, digests, subscriptions, log })],
    ['old marks of notifications stay', () => dropMarks({ clock, tables, subscriptions, topic })],
  ];
  for (const [what, keep] of parts) {
    try {
      await keep();
    } catch (error) {
      log.warn(`Weekly check: ${what}: ${messageOf(error)}`);
    }
  }
  return [...ids.values()].map((clusterId) => ({ clusterId }));
}

/** The first check after a week's end keeps its report; it stays as it is, whatever comes later. */
async function keepReport(
  dependencies: Pick<Dependencies, 'clock' | 'tables' | 'subscriptions' | 'log'>,
): Promise<void> {
  const { clock, tables, log } = dependencies;
  const report = await buildReport(dependencies, lastCompleteWeek(clock.now()), true);
  const kept = await insertReport(tables, report, randomUUID());
  if (kept === 'written') log.info(`Weekly check: the report of ${report.week} is kept.`);
}

async function keepDigest(
  dependencies: Pick<Dependencies, 'clock' | 'tables' | 'digests' | 'subscriptions' | 'log'>,
): Promise<void> {
  const name = await writeDigest(dependencies);
  if (name !== undefined) dependencies.log.info(`Weekly check: the digest ${name} is kept.`);
}

async function dropMarks({
  clock,
  tables,
  subscriptions,
  topic,
}: Pick<Dependencies, 'clock' | 'tables' | 'subscriptions' | 'topic'>): Promise<void> {
  for (const partition of topic ? [fleetPartition, ...subscriptions] : []) {
    await deleteMarksBefore(tables, partition, clock.now().subtract({ hours: keptDays * 24 }));
  }
}
