// Tells the topic of attempts in flight: that they started, and that they are stuck. Called by followUpgrades. What ends before
// it was told to have started is told by its entry in the ledger.
import type { Attempt } from '../../domain/attempt/attempt.ts';
import { clusterKey, subscriptionOf } from '../../domain/cluster/cluster.ts';
import { attemptStarted } from '../../domain/notification/fromAttempt.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { attemptRows, readNotificationRows, startedRow, withoutDue } from '../../stores/notificationsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { type News, newsOnce, publishNews } from '../notify/publishNews.ts';

/** One query a subscription that has attempts in flight. Never throws. */
export async function announceAttempts(
  dependencies: Pick<Dependencies, 'tables' | 'topic' | 'log'>,
  attempts: readonly Attempt[],
  policy: Policy,
): Promise<void> {
  const { tables, topic, log } = dependencies;
  if (!topic) return;
  for (const [subscription, own] of Map.groupBy(attempts, ({ cluster }) => subscriptionOf(clusterKey(cluster)))) {
    try {
      const { marks, due, unreadable } = await readNotificationRows(tables, subscription, attemptRows);
      for (const problem of unreadable) log.warn(`Notifications: ${problem}.`);
      const stuck = due.map((one): News => ({ notifications: [one.notification], rows: [withoutDue(one)] }));
      const started = own.flatMap((attempt) => {
        const notification = attemptStarted(attempt);
        const rowKey = startedRow(clusterKey(attempt.cluster));
        return notification ? newsOnce(notification, rowKey, notification.time, { policy, marks }) : [];
      });
      if (!(await publishNews(dependencies, policy, subscription, [...stuck, ...started]))) return;
    } catch (error) {
      log.warn(
        `Attempts in flight in subscription ${subscription} could not be announced; tried again in the next round: ${messageOf(error)}`,
      );
    }
  }
}
