// Notifies of attempts in flight, started or stuck. The start of one that ends before is in its entry of the ledger.
import { Temporal } from 'temporal-polyfill';
import type { Attempt } from '../../domain/attempt/attempt.ts';
import { clusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { attemptStarted } from '../../domain/notification/fromAttempt.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { attemptRows, readNotificationRows, startedRow } from '../../stores/notificationsStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { newsOnce, publishNews } from '../notify/publishNews.ts';

/** One query a subscription that has attempts in flight. Never throws. */
export async function notifyAttempts(dependencies: Dependencies, attempts: readonly Attempt[], policy: Policy) {
  const { tables, topic, log } = dependencies;
  if (!topic) return;
  for (const [subscription, own] of Map.groupBy(attempts, ({ cluster }) => subscriptionOf(clusterKey(cluster)))) {
    const what = `Notifications of attempts in flight in subscription ${subscription} must wait for the next round`;
    const isTaken = await contained(dependencies, what, async () => {
      const { marks, due, unreadable } = await readNotificationRows(tables, subscription, attemptRows);
      for (const problem of unreadable) log.warn(`Notifications: ${problem}.`);
      const started = own.flatMap((attempt) => {
        const notification = attemptStarted(attempt);
        const rowKey = startedRow(clusterKey(attempt.cluster));
        return notification
          ? newsOnce(notification, rowKey, Temporal.Instant.from(notification.time), { policy, marks })
          : [];
      });
      return publishNews(dependencies, policy, subscription, [...due, ...started]);
    });
    if (isTaken === false) return;
  }
}
