// The one place that publishes: collectors return news, the planning pass, the ledger's message and the follow-up hand it here.
import type { Notification } from '../../domain/notification/notification.ts';
import { isWanted, type Policy } from '../../domain/policy/policy.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import type { RowChange } from '../../ports/tables.ts';
import { type Mark, markRow, writeTaken } from '../../stores/notificationsStore.ts';
import type { Dependencies } from '../dependencies.ts';

/** What there is to say, and the rows to write once the topic has taken all of it. */
export type News = { readonly notifications: readonly Notification[]; readonly rows: readonly RowChange[] };

/** Event Grid takes 1 MB a request; a notification has some 20 KB at most. */
const perRequest = 40;

/** What holds for a while, once. What the policy does not want stays unmarked: the policy may come to want it. */
export function newsOnce(
  notification: Notification,
  rowKey: string,
  at: string,
  { policy, marks }: { readonly policy: Policy; readonly marks: ReadonlyMap<string, Mark> },
): readonly News[] {
  const { id, type } = notification;
  if (!isWanted(policy, type) || marks.get(rowKey)?.id === id) return [];
  return [{ notifications: [notification], rows: [markRow(rowKey, { id, at })] }];
}

/**
 * Sends what the policy wants, and writes the rows of what was taken. The rest is sent again later.
 * @returns false when the topic refused, or there is none
 * @throws when rows could not be written: what they say is sent again too
 */
export async function publishNews(
  dependencies: Pick<Dependencies, 'tables' | 'topic' | 'log'>,
  policy: Policy,
  partition: string,
  news: readonly News[],
): Promise<boolean> {
  const [silent, said] = [news.filter(isSilent), news.filter((one) => !isSilent(one))];
  for (const batch of [silent, ...inBatches(said)]) {
    const wanted = batch.flatMap(({ notifications }) => notifications).filter(({ type }) => isWanted(policy, type));
    if (!(await isTaken(dependencies, wanted))) return false;
    const rows = batch.flatMap((one) => one.rows);
    await writeTaken(dependencies.tables, partition, rows);
  }
  return true;
}

const isSilent = ({ notifications }: News) => notifications.length === 0;

/** As many as make up a request, so that little is sent again when the topic fails. */
function inBatches(news: readonly News[]): readonly (readonly News[])[] {
  const batches: News[][] = [];
  let room = 0;
  for (const one of news) {
    if (room <= 0) {
      batches.push([]);
      room = perRequest;
    }
    batches.at(-1)?.push(one);
    room -= one.notifications.length;
  }
  return batches;
}

async function isTaken(
  { topic, log }: Pick<Dependencies, 'topic' | 'log'>,
  notifications: readonly Notification[],
): Promise<boolean> {
  if (!topic) return false;
  for (let start = 0; start < notifications.length; start += perRequest) {
    const some = notifications.slice(start, start + perRequest);
    try {
      await topic.publish(some);
    } catch (error) {
      const left = notifications.length - start;
      log.warn(`The topic did not take ${left} notifications, which are sent again later: ${messageOf(error)}`);
      return false;
    }
    for (const { type, source, subject } of some) {
      log.info(`Notified: ${type} of ${source.slice(source.lastIndexOf('/') + 1)} ${subject}.`);
    }
  }
  return true;
}
