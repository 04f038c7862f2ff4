// What the topic has taken: cursors and marks, a partition a subscription. Rows are written after the topic took what they
// say, so that a crash notifies twice and never not at all: ADR 12. Called by notify/, and by who appends to a ledger.
import type { Temporal } from 'temporal-polyfill';
import { type ClusterKey, poolKey, subscriptionOf } from '../domain/cluster/cluster.ts';
import type { Notification } from '../domain/notification/notification.ts';
import type { RowChange, RowRange, Tables } from '../ports/tables.ts';
import { readRow, valueIfRead } from './rows/readRow.ts';
import { DueShape, MarkShape, type Shape, ToldShape } from './rows/shapes.ts';
import { writeInBatches } from './rows/writeInBatches.ts';

/** The last entry of a cluster's ledger that the topic has taken. */
export type NotificationCursor = { readonly sequence: number; readonly etag: string };

export type Mark = {
  /** Of the notification, or of what was judged. */
  readonly id: string;
  readonly at: string;
  /** What it was judged on, and until when that holds. */
  readonly on?: string;
  readonly until?: string;
};

/** What there is to say, and the rows to write once the topic has taken all of it. */
export type News = { readonly notifications: readonly Notification[]; readonly rows: readonly RowChange[] };

export type NotificationRows = {
  readonly cursors: ReadonlyMap<ClusterKey, NotificationCursor>;
  readonly marks: ReadonlyMap<string, Mark>;
  readonly due: readonly News[];
  /** Each as a sentence. What a mark among them marked is said again. */
  readonly unreadable: readonly string[];
};

export const fleetPartition = 'fleet';
export const attemptRows: RowRange = { from: 'attempt|', to: 'attempt}' };
export const startedRow = (key: ClusterKey) => `attempt|started|${key}`;

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
  const due: News[] = [];
  const unreadable: string[] = [];
  for await (const row of tables.query('Notifications', partition, range)) {
    const { rowKey, etag } = row;
    const read = readRow('Notifications', row, { shape: shapeOf(rowKey) });
    if ('problem' in read) unreadable.push(read.problem);
    else if (rowKey.startsWith(cursorPrefix))
      cursors.set(rowKey.slice(cursorPrefix.length), { ...(read.value as NotificationCursor), etag });
    else if (rowKey.startsWith(duePrefix)) {
      const { notification } = read.value as { readonly notification: Notification };
      due.push({ notifications: [notification], rows: [{ kind: 'delete', rowKey, etag }] });
    } else marks.set(rowKey, read.value as Mark);
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

export async function readNotificationCursor(
  tables: Tables,
  key: ClusterKey,
): Promise<NotificationCursor | { readonly problem: string } | undefined> {
  const row = await tables.get('Notifications', subscriptionOf(key), cursorPrefix + key);
  const read = row && readRow<NotificationCursor>('Notifications', row, { shape: ToldShape });
  return read && 'value' in read ? { ...read.value, etag: row.etag } : read;
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
  const changes: RowChange[] = [];
  for await (const { rowKey, value, etag } of tables.query('Notifications', partition)) {
    const { at } = (value ?? {}) as { readonly at?: unknown };
    if (typeof at === 'string' && !rowKey.startsWith(behindPrefix) && Date.parse(at) < oldest.epochMilliseconds)
      changes.push({ kind: 'delete', rowKey, etag });
  }
  await writeInBatches(tables, 'Notifications', partition, changes);
}
