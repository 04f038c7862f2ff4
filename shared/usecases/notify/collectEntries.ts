// The news in a cluster's ledger behind its notification cursor. Called for each message of the queue project-cluster, and by
// the planning pass for clusters whose message was lost, or found the topic down.
import { type ClusterKey, idOfKey, subscriptionOf } from '../../domain/cluster/cluster.ts';
import { fromEntries } from '../../domain/notification/fromEntries.ts';
import { UnreadableRow } from '../../ports/tables.ts';
import { listWithAmended, readHeads } from '../../stores/ledgerStore.ts';
import {
  moveNotificationCursor,
  type NotificationCursor,
  readMark,
  readNotificationCursor,
  startedRow,
} from '../../stores/notificationsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import type { News } from './publishNews.ts';

/** Older entries are no news: the topic was off or down for long. */
const newsDays = 30;

export async function collectEntries(
  dependencies: Pick<Dependencies, 'clock' | 'tables' | 'log'>,
  key: ClusterKey,
): Promise<readonly News[]> {
  const { clock, tables } = dependencies;
  const cursor = await cursorOf(dependencies, key);
  const entries = cursor ? await listWithAmended(tables, key, cursor.sequence) : [];
  const newest = entries[0];
  if (!cursor || !newest || newest.sequence <= cursor.sequence) return [];
  const oldest = clock.now().subtract({ hours: newsDays * 24 });
  const old = entries.find(({ recordedAt }) => Date.parse(recordedAt) < oldest.epochMilliseconds);
  const notifications = fromEntries(entries, Math.max(cursor.sequence, old?.sequence ?? 0));
  const started = notifications.some(({ type }) => type === 'AttemptStarted')
    ? await readMark(tables, subscriptionOf(key), startedRow(key))
    : undefined;
  // An amendment may say who did it when the cluster is long gone.
  const mayEnd = newest.kind === 'amendment' || (newest.kind === 'gone' && newest.nodePool === undefined);
  const ends = mayEnd && (await readHeads(tables, key)).chain?.gone === true;
  return [
    {
      notifications: notifications.filter(({ id }) => id !== started?.id),
      rows: [moveNotificationCursor(key, cursor, { sequence: newest.sequence, ends })],
    },
  ];
}

/** Undefined: nothing was appended since there is a topic; or nobody can tell which entries are news, so none is. */
async function cursorOf(
  { tables, log }: Pick<Dependencies, 'tables' | 'log'>,
  key: ClusterKey,
): Promise<NotificationCursor | undefined> {
  try {
    return await readNotificationCursor(tables, key);
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    const what = `Nobody is notified of ${idOfKey(key) ?? key}`;
    log.warn(`${what}: ${error.message} Delete it to be notified of what comes from then on.`);
    return undefined;
  }
}
