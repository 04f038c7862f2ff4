// Tells the topic of attempts in flight: that they started, and that they are stuck. Called by followUpgrades. What ends before
// it was told to have started is told by its entry in the ledger.

import type { Attempt } from '../domain/attempt.ts';
import { clusterKey, subscriptionOf } from '../domain/cluster.ts';
import { messageOf } from '../domain/messageOf.ts';
import { attemptStarted } from '../domain/notification/fromAttempt.ts';
import type { Policy } from '../domain/policy.ts';
import { attemptRows, readAnnouncements, startedRow } from '../stores/notificationsStore.ts';
import type { Dependencies } from './dependencies.ts';
import { type Announcement, announce } from './publish.ts';

/** One query a subscription that has attempts in flight. Never throws. */
export async function announceAttempts(
  dependencies: Pick<Dependencies, 'tables' | 'topic' | 'log'>,
  attempts: readonly Attempt[],
  policy: Policy,
): Promise<void> {
  const { tables, topic, log } = dependencies;
  if (!topic) return;
  try {
    for (const [subscription, own] of Map.groupBy(attempts, ({ cluster }) => subscriptionOf(clusterKey(cluster)))) {
      const { marks, due } = await readAnnouncements(tables, subscription, attemptRows);
      const announcements = own.flatMap((attempt): readonly Announcement[] => {
        const notification = attemptStarted(attempt);
        const rowKey = startedRow(clusterKey(attempt.cluster));
        if (!notification || marks.get(rowKey)?.id === notification.id) return [];
        return [{ notification, rowKey, mark: { id: notification.id, at: notification.time } }];
      });
      if (!(await announce(dependencies, policy, subscription, { announcements, due }))) return;
    }
  } catch (error) {
    log.warn(`Attempts in flight could not be announced; tried again in the next round: ${messageOf(error)}`);
  }
}
