// What the topic has taken: cursors and marks. They are written after it took what they say, so that a crash notifies twice
// and never not at all: ADR 12.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type ClusterKey, poolKey, subscriptionOf } from '../domain/cluster/clusterId.ts';
import type { Notification } from '../domain/notification/notification.ts';
import { isObject } from '../domain/text/anyValue.ts';
import { Instant, InstantText, instantIn, isBefore, type Stored } from '../domain/text/stored.ts';
import type { RowChange, RowRange, Tables } from '../ports/tables.ts';
import { deleteRows, listRows } from './rows/listRows.ts';
import { type RowRead, readRow, valueIfRead } from './rows/readRow.ts';
import { replaceRow } from './rows/replaceRow.ts';
import { writeInBatches } from './rows/writeInBatches.ts';

export type NotificationCursor = { readonly sequence: number; readonly etag: string };

const Mark = z.looseObject({
  id: z.string(),
  at: Instant,
  /** What it was judged on, and until when that holds. */
  on: z.string().optional(),
  until: Instant.optional(),
});
export type Mark = Stored<typeof Mark>;

const Due = z.looseObject({ notification: z.custom<Notification>((value) => Envelope.safeParse(value).success) });
const Envelope = z.looseObject({
  id: z.string(),
  type: z.string(),
  source: z.string(),
  subject: z.string(),
  time: InstantText,
});

const cursorRows = { table: 'Notifications', schema: z.looseObject({ sequence: z.int().min(0) }) } as const;
const markRows = { table: 'Notifications', schema: Mark } as const;
const dueRows = { table: 'Notifications', schema: Due } as const;

/** What there is to say, and the rows to write once the topic has taken all of it. */
export type News = { readonly notifications: readonly Notification[]; readonly rows: readonly RowChange[] };

export const fleetPartition = 'fleet';
export const attemptRows: RowRange = { from: 'attempt|', to: 'attempt}' };
export const startedRow = (key: ClusterKey) => `attempt|started|${key}`;

export const poolRow = (what: 'behind' | 'stale' | 'ahead', cluster: string, nodePool: string) =>
  `pool|${what}|${poolKey(cluster, nodePool)}`;

const behindPrefix = 'pool|behind|';
const duePrefix = 'attempt|due|';
const cursorPrefix = 'told|';

export type NotificationRows = Awaited<ReturnType<typeof readNotificationRows>>;

/** `unreadable`: each as a sentence. What a mark among them marked is said again. */
export async function readNotificationRows(tables: Tables, partition: string, range?: RowRange) {
  const cursors = new Map<ClusterKey, NotificationCursor>();
  const marks = new Map<string, Mark>();
  const due: News[] = [];
  const unreadable: string[] = [];
  for await (const row of tables.query('Notifications', partition, range)) {
    const { rowKey, etag } = row;
    const take = <T>(read: RowRead<T>, keep: (value: T) => void) =>
      'problem' in read ? unreadable.push(read.problem) : keep(read.value);
    if (rowKey.startsWith(cursorPrefix))
      take(readRow(cursorRows, row), (value) => cursors.set(rowKey.slice(cursorPrefix.length), { ...value, etag }));
    else if (rowKey.startsWith(duePrefix))
      take(readRow(dueRows, row), ({ notification }) =>
        due.push({ notifications: [notification], rows: [{ kind: 'delete', rowKey, etag }] }),
      );
    else take(readRow(markRows, row), (mark) => marks.set(rowKey, mark));
  }
  const readMarks: ReadonlyMap<string, Mark> = marks;
  return { cursors, marks: readMarks, due, unreadable };
}

export async function readMark(tables: Tables, partition: string, rowKey: string): Promise<Mark | undefined> {
  return valueIfRead(markRows, await tables.get('Notifications', partition, rowKey));
}

export async function readNotificationCursor(tables: Tables, key: ClusterKey) {
  const row = await tables.get('Notifications', subscriptionOf(key), cursorPrefix + key);
  const read = row && readRow(cursorRows, row);
  return read && 'value' in read ? { ...read.value, etag: row.etag } : read;
}

/** Called before every append, so that the cursor never starts behind an entry. One that stands stays. */
export async function startNotificationCursor(tables: Tables, key: ClusterKey, sequence: number): Promise<void> {
  const rowKey = cursorPrefix + key;
  const place = ['Notifications', subscriptionOf(key), rowKey] as const;
  await replaceRow(tables, place, (stored) => (stored ? undefined : { sequence }));
}

/** `ends`: the cluster is gone, and so is its cursor. Another of its name starts anew. */
export function moveNotificationCursor(
  key: ClusterKey,
  { etag }: NotificationCursor,
  { sequence, ends }: { readonly sequence: number; readonly ends: boolean },
): RowChange {
  const rowKey = cursorPrefix + key;
  return ends ? { kind: 'delete', rowKey, etag } : { kind: 'replace', rowKey, value: { sequence }, etag };
}

export const markRow = (rowKey: string, mark: Mark): RowChange => ({ kind: 'upsert', rowKey, value: mark });

/** A conflict means that somebody else notified of the same. The next pass goes on from what they wrote. */
export async function writeTaken(tables: Tables, partition: string, rows: readonly RowChange[]): Promise<void> {
  const marks = rows.filter(({ kind }) => kind === 'upsert');
  await writeInBatches(tables, 'Notifications', partition, marks);
  for (const row of rows) {
    // A conflict would take all that is written with it.
    if (row.kind !== 'upsert') await tables.write('Notifications', partition, [row]);
  }
}

/** Keeps what nothing else would remember until the topic has taken it. */
export async function keepDue(tables: Tables, key: ClusterKey, notification: Notification): Promise<void> {
  const value = { at: notification.time, notification };
  await tables.write('Notifications', subscriptionOf(key), [
    { kind: 'upsert', rowKey: duePrefix + notification.id, value },
  ]);
}

/** Cursors stay, and since when pools are behind, which nobody could read again. */
export async function deleteMarksBefore(tables: Tables, partition: string, oldest: Temporal.Instant): Promise<void> {
  const rows = await listRows(tables, 'Notifications', partition);
  const old = rows.filter(({ rowKey, value }) => {
    const at = instantIn(isObject(value) ? value['at'] : undefined);
    return at && !rowKey.startsWith(behindPrefix) && isBefore(at, oldest);
  });
  await deleteRows(tables, 'Notifications', partition, old);
}
