// The one place that calls the topic and notes what it took. Called with what collectors return.
import type { Temporal } from 'temporal-polyfill';
import type { Notification } from '../../domain/notification/notification.ts';
import { isWanted, type Policy } from '../../domain/policy/policy.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { type Mark, markRow, type News, writeTaken } from '../../stores/notificationsStore.ts';
import type { Dependencies } from '../dependencies.ts';

/** Event Grid takes 1 MB a request; a notification has some 20 KB at most. */
const perRequest = 40;

/** What holds for a while, once. What the policy does not want stays unmarked, as it may come to want it. */
export function newsOnce(
  notification: Notification,
  rowKey: string,
  at: Temporal.Instant,
  { policy, marks }: { readonly policy: Policy; readonly marks: ReadonlyMap<string, Mark> },
): readonly News[] {
  const { id, type } = notification;
  if (!isWanted(policy, type) || marks.get(rowKey)?.id === id) return [];
  return [{ notifications: [notification], rows: [markRow(rowKey, { id, at })] }];
}

/** False when the topic refused, or there is none. Throws when rows could not be written. Either way the rest is sent again. */
export async function publishNews(
  dependencies: Pick<Dependencies, 'tables' | 'topic' | 'log'>,
  policy: Policy,
  partition: string,
  news: readonly News[],
): Promise<boolean> {
  for (const batch of inChunks(news)) {
    const notifications = batch.flatMap((one) => one.notifications);
    for (const some of inChunks(notifications.filter(({ type }) => isWanted(policy, type)))) {
      if (!(await isTaken(dependencies, some))) return false;
    }
    const rows = batch.flatMap((one) => one.rows);
    await writeTaken(dependencies.tables, partition, rows);
  }
  return true;
}

function inChunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / perRequest) }, (_, index) =>
    items.slice(index * perRequest, (index + 1) * perRequest),
  );
}

async function isTaken({ topic, log }: Pick<Dependencies, 'topic' | 'log'>, some: readonly Notification[]) {
  if (!topic) return false;
  try {
    await topic.publish(some);
  } catch (error) {
    log.warn(`The topic did not take ${some.length} notifications, which are sent again later: ${messageOf(error)}`);
    return false;
  }
  for (const { type, source, subject } of some) {
    log.info(`Notified: ${type} of ${source.slice(source.lastIndexOf('/') + 1)} ${subject}.`);
  }
  return true;
}
