// Tells the topic of attempts in flight: that they started, and that they are stuck. Called by followUpgrades. What ends before
// it was told to have started is told by its entry in the ledger.
import type { Attempt } from '../../domain/attempt/attempt.ts';
import { clusterKey, subscriptionOf } from '../../domain/cluster/cluster.ts';
import { attemptStarted } from '../../domain/notification/fromAttempt.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { attemptRows, type Mark, readAnnouncements, startedRow } from '../../stores/notificationsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Announcement, announce } from '../notify/publish.ts';

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
      const { marks, due, unreadable } = await readAnnouncements(tables, subscription, attemptRows);
      for (const problem of unreadable) log.warn(`Notifications: ${problem}.`);
      const announcements = own.flatMap((attempt) => toAnnouncements(attempt, marks));
      if (!(await announce(dependencies, policy, subscription, { announcements, due }))) return;
    } catch (error) {
      log.warn(
        `Attempts in flight in subscription ${subscription} could not be announced; tried again in the next round: ${messageOf(error)}`,
      );
    }
  }
}

function toAnnouncements(attempt: Attempt, marks: ReadonlyMap<string, Mark>): readonly Announcement[] {
  const notification = attemptStarted(attempt);
  const rowKey = startedRow(clusterKey(attempt.cluster));
  if (!notification || marks.get(rowKey)?.id === notification.id) return [];
  return [{ notification, rowKey, mark: { id: notification.id, at: notification.time } }];
}
