// Sends notifications to the topic, those that the policy wants. Called by whatever announces something. A topic that fails
// is said so in the log, and never stops anything else: what was not taken is sent again later.
import type { Notification } from '../../domain/notification/notification.ts';
import { isWanted, type Policy } from '../../domain/policy/policy.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { type DueNotification, deleteDue, type Mark, writeMarks } from '../../stores/notificationsStore.ts';
import type { Dependencies } from '../dependencies.ts';

/** Event Grid takes 1 MB a request; a notification has some 20 KB at most. */
const perRequest = 40;

/** A notification, and the mark that says that it was told. */
export type Announcement = { readonly notification: Notification; readonly rowKey: string; readonly mark: Mark };

/** False when the topic did not take them all, or there is none. */
export async function publish(
  { topic, log }: Pick<Dependencies, 'topic' | 'log'>,
  policy: Policy,
  notifications: readonly Notification[],
): Promise<boolean> {
  if (!topic) return false;
  const wanted = notifications.filter(({ type }) => isWanted(policy, type));
  for (let start = 0; start < wanted.length; start += perRequest) {
    const some = wanted.slice(start, start + perRequest);
    try {
      await topic.publish(some);
    } catch (error) {
      const reason = messageOf(error);
      log.warn(`The topic did not take ${wanted.length - start} notifications, which are sent again later: ${reason}`);
      return false;
    }
    for (const { type, source, subject } of some) {
      log.info(`Notified: ${type} of ${source.slice(source.lastIndexOf('/') + 1)} ${subject}.`);
    }
  }
  return true;
}

/** The same, and marks them when the topic has taken them; what the policy does not want stays unmarked, it may come to. */
export async function announce(
  dependencies: Pick<Dependencies, 'tables' | 'topic' | 'log'>,
  policy: Policy,
  partition: string,
  {
    announcements,
    due = [],
  }: { readonly announcements: readonly Announcement[]; readonly due?: readonly DueNotification[] },
): Promise<boolean> {
  const wanted = announcements.filter(({ notification }) => isWanted(policy, notification.type));
  const all = [...due, ...wanted].map(({ notification }) => notification);
  if (!(await publish(dependencies, policy, all))) return false;
  const marks = new Map(wanted.map(({ rowKey, mark }) => [rowKey, mark]));
  await writeMarks(dependencies.tables, partition, marks);
  await deleteDue(dependencies.tables, partition, due);
  return true;
}
