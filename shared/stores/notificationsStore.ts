// What the topic has taken: a notification cursor for each cluster's ledger, and marks of what is said once. A partition a
// subscription, so that a planning pass reads it by one query, and one for the fleet. Rows are written after the topic took
// what they say, so that a crash notifies twice and never not at all: ADR 12.
import type { Temporal } from 'temporal-polyfill';
import { type ClusterKey, poolKey, subscriptionOf } from '../domain/cluster/cluster.ts';
import type { Notification } from '../domain/notification/notification.ts';
import type { RowChange, RowRange, Tables } from '../ports/tables.ts';
import { readRow, valueIfRead, valueOrThrow } from './rows/readRow.ts';
import { DueShape, MarkShape, type Shape, ToldShape } from './rows/shapes.ts';
import { writeInBatches } from './rows/writeInBatches.ts';

/** The last entry of a cluster's ledger that the topic has taken. */
export type NotificationCursor = { readonly sequence: number; readonly etag: string };

/** What was said, or judged, last of a subject. */
export type Mark = {
  /** Of the notification, or of what was judged. */
  readonly id: string;
  /** ISO. */
  readonly at: string;
  /** What it was judged on, and until when that holds. */
  readonly on?: string;
  readonly until?: string;
};

/** One that is kept until the topic has taken it. */
export type DueNotification = { readonly notification: Notification; readonly rowKey: string; readonly etag: string };

export type NotificationRows = {
  readonly cursors: ReadonlyMap<ClusterKey, NotificationCursor>;
  /** By their row. */
  readonly marks: ReadonlyMap<string, Mark>;
  readonly due: readonly DueNotification[];
  /** Rows that can't be read, each as a sentence. What a mark among them marked is said again. */
  readonly unreadable: readonly string[];
};

/** The partition of what is about no subscription. */
export const fleetPartition = 'fleet';
/** Rows of attempts: notifications due, and marks of starts. */
export const attemptRows: RowRange = { from: 'attempt|', to: 'attempt}' };
export const startedRow = (key: ClusterKey) => `attempt|started|${key}`;

/** The mark of a pool: since when it is behind, or its last notice. */
export const poolRow = (what: 'behind' | 'stale' | 'ahead', cluster: string, nodePool: string) =>
  `pool|${what}|${poolKey(cluster, nodePool)}`;

const behindPrefix = 'pool|behind|';
const duePrefix = 'attempt|due|';
const cursorPrefix = 'told|';

export async function readNotificationRows(
  tables: Tables,
  partition: string,
  range?: RowRange,
): Promise<NotificationRows> {
  const cursors = new Map<ClusterKey, NotificationCursor>();
  const marks = new Map<string, Mark>();
  const due: DueNotification[] = [];
  const unreadable: string[] = [];
  for await (const row of tables.query('Notifications', partition, range)) {
    const { rowKey, etag } = row;
    const read = readRow('Notifications', row, { shape: shapeOf(rowKey) });
    if ('problem' in read) unreadable.push(read.problem);
    else if (rowKey.startsWith(cursorPrefix))
      cursors.set(rowKey.slice(cursorPrefix.length), { ...(read.value as NotificationCursor), etag });
    else if (rowKey.startsWith(duePrefix)) due.push({ ...(read.value as DueNotification), rowKey, etag });
    else marks.set(rowKey, read.value as Mark);
  }
  return { cursors, marks, due, unreadable };
}

function shapeOf(rowKey: string): Shape {
  if (rowKey.startsWith(cursorPrefix)) return ToldShape;
  return rowKey.startsWith(duePrefix) ? DueShape : MarkShape;
}

export async function readMark(tables: Tables, partition: string, rowKey: string): Promise<Mark | undefined> {
  return valueIfRead<Mark>(await tables.get('Notifications', partition, rowKey), { shape: MarkShape });
}

/** @throws UnreadableRow: nobody knows then which entries are news */
export async function readNotificationCursor(tables: Tables, key: ClusterKey): Promise<NotificationCursor | undefined> {
  const row = await tables.get('Notifications', subscriptionOf(key), cursorPrefix + key);
  const ours = { shape: ToldShape };
  return row && { ...valueOrThrow<NotificationCursor>('Notifications', row, ours), etag: row.etag };
}

/** Called before every append, so that the cursor never starts behind an entry. One that stands stays. */
export async function startNotificationCursor(tables: Tables, key: ClusterKey, sequence: number): Promise<void> {
  const rowKey = cursorPrefix + key;
  for (let tried = 0; tried < 3; tried += 1) {
    if (await tables.get('Notifications', subscriptionOf(key), rowKey)) return;
    const insert = { kind: 'insert', rowKey, value: { sequence } } as const;
    if ((await tables.write('Notifications', subscriptionOf(key), [insert])) === 'written') return;
  }
  throw new Error(`The row "${rowKey}" of table Notifications comes and goes; try again.`);
}

/** `ends`: the cluster is gone, and with it the row; another of its name starts anew. */
export function moveNotificationCursor(
  key: ClusterKey,
  { etag }: NotificationCursor,
  { sequence, ends }: { readonly sequence: number; readonly ends: boolean },
): RowChange {
  const rowKey = cursorPrefix + key;
  return ends ? { kind: 'delete', rowKey, etag } : { kind: 'replace', rowKey, value: { sequence }, etag };
}

export const markRow = (rowKey: string, mark: Mark): RowChange => ({ kind: 'upsert', rowKey, value: mark });

export const withoutDue = ({ rowKey, etag }: DueNotification): RowChange => ({ kind: 'delete', rowKey, etag });

/** Where a row meets a conflict, somebody else notified of the same; the next pass goes on from what they wrote. */
export async function writeTaken(tables: Tables, partition: string, rows: readonly RowChange[]): Promise<void> {
  const marks = rows.filter(({ kind }) => kind === 'upsert');
  await writeInBatches(tables, 'Notifications', partition, marks);
  for (const row of rows) {
    // By itself, as a conflict takes all that is written with it.
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

/** Deletes marks and due notifications from before `oldest`; not what nobody could read again: cursors, and since when pools are behind. */
export async function deleteMarksBefore(tables: Tables, partition: string, oldest: Temporal.Instant): Promise<void> {
  const changes: RowChange[] = [];
  for await (const { rowKey, value, etag } of tables.query('Notifications', partition)) {
    const { at } = (value ?? {}) as { readonly at?: unknown };
    if (typeof at === 'string' && !rowKey.startsWith(behindPrefix) && Date.parse(at) < oldest.epochMilliseconds)
      changes.push({ kind: 'delete', rowKey, etag });
  }
  await writeInBatches(tables, 'Notifications', partition, changes);
}
