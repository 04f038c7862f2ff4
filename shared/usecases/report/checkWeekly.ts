// The weekly check: observe everything, keep last week's report and digest, drop what is old. Called by the timer weeklyCheck.
import { randomUUID } from 'node:crypto';
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import { lastCompleteWeek } from '../../domain/report/isoWeek.ts';
import { isClockOff } from '../../ports/clock.ts';
import { deleteEvidenceBefore } from '../../stores/evidenceStore.ts';
import { deleteMarksBefore, fleetPartition } from '../../stores/notificationsStore.ts';
import { insertReport } from '../../stores/reportsStore.ts';
import { deleteDecisionsBefore, readPoolViews } from '../../stores/views/decisionsStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { followCheck } from '../history/checkInParts.ts';
import { writeDigest } from '../history/writeDigest.ts';
import type { IndexMessage, ObserveMessage } from '../messages.ts';
import { buildReport } from './buildReport.ts';

const keptDays = 90;

export async function checkWeekly(dependencies: Dependencies): Promise<readonly ObserveMessage[]> {
  const { tables, subscriptions, log } = dependencies;
  const ids = new Map<string, string>();
  for (const subscription of subscriptions) {
    const views = await readPoolViews(tables, subscription);
    for (const { cluster } of views) ids.set(clusterKey(cluster.id), cluster.id);
    await contained(dependencies, `Weekly check: subscription ${subscription} could not be listed`, async () => {
      const noteUnread = (id: string) =>
        log.warn(`Weekly check: ${subscription} lists no cluster that can be: id ${id}.`);
      for (const { id } of await dependencies.arm.listClusters(subscription, noteUnread)) ids.set(clusterKey(id), id);
    });
    const reasons = Map.groupBy(views, (view) => view.decision.reason);
    const counts = [...reasons].map(([reason, pools]) => `${reason} ${pools.length}`).join(', ');
    log.info(`Weekly check: subscription ${subscription} has ${views.length} pools: ${counts || 'none planned yet'}.`);
  }
  const observe = [...ids.values()].map((clusterId) => ({ clusterId }));
  if (isClockOff(dependencies.clock)) {
    log.warn("Weekly check: the keeper's clock is more than 30 s from ARM's, so nothing is kept or dropped by it.");
    return observe;
  }
  for (const subscription of subscriptions) await dropOld(dependencies, await readPoolViews(tables, subscription));
  // The observations go out whatever fails here: the next check keeps what this one could not.
  await contained(dependencies, 'Weekly check: the report could not be kept', () => keepReport(dependencies));
  await contained(dependencies, 'Weekly check: the digest could not be kept', () => keepDigest(dependencies));
  await contained(dependencies, 'Weekly check: the record could not be checked', () => checkHistory(dependencies));
  await contained(dependencies, 'Weekly check: old marks of notifications stay', () => dropMarks(dependencies));
  return observe;
}

async function dropOld(dependencies: Dependencies, views: readonly PoolView[]): Promise<void> {
  const { clock, tables } = dependencies;
  const oldest = clock.now().subtract({ hours: keptDays * 24 });
  for (const [id, pools] of Map.groupBy(views, ({ cluster }) => cluster.id)) {
    await contained(dependencies, `Weekly check: what is old of ${id} could not be dropped`, async () => {
      const key = clusterKey(id);
      for (const { nodePool } of pools) await deleteDecisionsBefore(tables, key, nodePool.name, oldest);
      await deleteEvidenceBefore(tables, key, oldest);
    });
  }
}

/** The first check after a week's end keeps its report for good. */
async function keepReport(dependencies: Dependencies): Promise<void> {
  const { clock, tables, log } = dependencies;
  const report = await buildReport(dependencies, lastCompleteWeek(clock.now()), true);
  const kept = await insertReport(tables, report, randomUUID());
  if (kept === 'written') log.info(`Weekly check: the report of ${report.week} is kept.`);
}

async function keepDigest(dependencies: Dependencies): Promise<void> {
  const name = await writeDigest(dependencies);
  if (name !== undefined) dependencies.log.info(`Weekly check: the digest ${name} is kept.`);
}

async function dropMarks({ clock, tables, subscriptions, topic }: Dependencies): Promise<void> {
  for (const partition of topic ? [fleetPartition, ...subscriptions] : []) {
    await deleteMarksBefore(tables, partition, clock.now().subtract({ hours: keptDays * 24 }));
  }
}

/** After the digest, which it then compares. The index first: what it lacks would be found to be missing. */
async function checkHistory(dependencies: Dependencies): Promise<void> {
  const { queues, subscriptions } = dependencies;
  for (const subscription of subscriptions) {
    await queues.send('verify-history', { kind: 'index', subscription } satisfies IndexMessage, 0);
  }
  await followCheck(dependencies);
}
