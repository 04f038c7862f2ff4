// What a planning pass tells the topic: clusters whose entries stayed untold, and what holds for a while, each once. Called by
// planUpgrades when all else is stored. Without anything new it costs one query a subscription, one for the fleet and one read.
import { Temporal } from 'temporal-polyfill';
import { clusterKey, idOfKey } from '../../domain/cluster/cluster.ts';
import { reportReady, ringsWaiting } from '../../domain/notification/conditions.ts';
import { lastCompleteWeek } from '../../domain/report/isoWeek.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import type { Topic } from '../../ports/topic.ts';
import { fleetPartition, readAnnouncements } from '../../stores/notificationsStore.ts';
import { hasReport } from '../../stores/reportsStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Gathered } from '../plan/gatherFleet.ts';
import { announceAhead } from './announceAhead.ts';
import { announceCluster } from './announceCluster.ts';
import { announceMissed } from './announceMissed.ts';
import { announceStale } from './announceStale.ts';
import type { PassFacts, SubscriptionFacts } from './passFacts.ts';
import { type Announcement, announce } from './publish.ts';

/** Clusters whose entries one pass tells; the rest is left to the next. */
const mostClusters = 50;

/** Never throws, and stops where the topic fails: the next pass goes on. What fails otherwise stops its own step. */
export async function announcePass(dependencies: Dependencies, pass: PassFacts): Promise<void> {
  if (!dependencies.topic) return;
  const hurried = { ...dependencies, topic: whileTimeIsLeft(dependencies, dependencies.topic, pass.starts > 0) };
  const fleet = pass.subscriptions.flatMap(({ decided, unlisted }) => [...decided, ...unlisted]);
  const isTaken = async (step: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await step();
    } catch (error) {
      const reason = messageOf(error);
      dependencies.log.warn(`Notifications: the pass could not announce all; the next one tries again: ${reason}`);
      return true;
    }
  };
  for (const { subscription, decided, unlisted } of pass.subscriptions) {
    const isDone = await isTaken(async () => {
      const announcements = await readAnnouncements(dependencies.tables, subscription);
      for (const problem of announcements.unreadable) dependencies.log.warn(`Notifications: ${problem}.`);
      const facts = { ...pass, subscription, decided, announcements, fleet };
      const steps = [
        () => announceUntold(hurried, facts, [...decided, ...unlisted]),
        () => announceStale(hurried, facts),
        () => announceMissed(hurried, facts),
        () => announceAhead(hurried, facts),
      ];
      for (const step of steps) if (!(await isTaken(step))) return false;
      return true;
    });
    if (!isDone) return;
  }
  await isTaken(() => announceFleet(hurried, pass));
}

/** The topic until the pass has told for long enough: its messages, starts among them, are sent when it ends. */
function whileTimeIsLeft({ clock }: Pick<Dependencies, 'clock'>, topic: Topic, hasStarts: boolean): Topic {
  const seconds = hasStarts ? 15 : 60;
  const until = clock.now().add({ seconds });
  return {
    publish: async (notifications) => {
      if (Temporal.Instant.compare(clock.now(), until) >= 0) throw new Error(`it took ${seconds} s for others`);
      await topic.publish(notifications);
    },
  };
}

/** Whatever kept a cluster's message from telling: the topic, or that it was poisoned. */
async function announceUntold(
  dependencies: Dependencies,
  { subscription, announcements, policy: { policy } }: SubscriptionFacts,
  known: readonly Gathered[],
): Promise<boolean> {
  const { told, due } = announcements;
  const ends = new Map(known.map(({ facts, heads }) => [clusterKey(facts.cluster.id), heads.chain?.sequence ?? 0]));
  // Clusters that have left the views keep their row until their end is told.
  const behind = [...told].filter(([key, { sequence }]) => sequence < (ends.get(key) ?? Number.POSITIVE_INFINITY));
  for (const [key] of behind.slice(0, mostClusters)) {
    const what = `Notifications: the entries of ${idOfKey(key) ?? key} could not be told; the next pass tries again`;
    if ((await contained(dependencies, what, () => announceCluster(dependencies, key, policy))) === false) return false;
  }
  return announce(dependencies, policy, subscription, { announcements: [], due });
}

async function announceFleet(
  dependencies: Dependencies,
  { policy: { policy }, now, subscriptions }: PassFacts,
): Promise<boolean> {
  const { tables } = dependencies;
  const { marks } = await readAnnouncements(tables, fleetPartition);
  const decisions = subscriptions.flatMap(({ decided }) => decided.flatMap((one) => one.decisions));
  const report = reportReady(lastCompleteWeek(now));
  const isKept = !marks.has(report.id) && (await hasReport(tables, report.data.week));
  const announcements = [...ringsWaiting(decisions), ...(isKept ? [report] : [])]
    .filter(({ id }) => !marks.has(id))
    .map((notification): Announcement => {
      const { id } = notification;
      return { notification, rowKey: id, mark: { id, at: now.toString() } };
    });
  return announce(dependencies, policy, fleetPartition, { announcements });
}
