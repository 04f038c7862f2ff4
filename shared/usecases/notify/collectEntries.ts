// The entries of a cluster's ledger behind its notification cursor. Called by followLedger, and by notifyPass where that failed.
import { type ClusterKey, idOfKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { fromEntries } from '../../domain/notification/fromEntries.ts';
import { listWithAmended, readHeads } from '../../stores/ledgerStore.ts';
import {
  moveNotificationCursor,
  type News,
  readMark,
  readNotificationCursor,
  startedRow,
} from '../../stores/notificationsStore.ts';
import type { Dependencies } from '../dependencies.ts';

/** The topic was off or down for long. */
const newsDays = 30;

export async function collectEntries(
  { clock, tables, log }: Pick<Dependencies, 'clock' | 'tables' | 'log'>,
  key: ClusterKey,
): Promise<readonly News[]> {
  const cursor = await readNotificationCursor(tables, key);
  // Nothing was appended since the topic was switched on.
  if (!cursor) return [];
  if ('problem' in cursor) {
    log.warn(`Nobody is notified of ${idOfKey(key) ?? key}: ${cursor.problem}. Delete it to be notified from then on.`);
    return [];
  }
  const entries = await listWithAmended(tables, key, cursor.sequence);
  const newest = entries[0];
  if (!newest || newest.sequence <= cursor.sequence) return [];
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
