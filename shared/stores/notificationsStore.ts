// What the topic has taken: how far each cluster's ledger was told, and the marks of what was told once. A partition a
// subscription, so that a planning pass reads it by one query, and one for the fleet. Rows are written after the topic took
// what they say, so that a crash tells twice and never not at all: ADR 12.
import type { Temporal } from 'temporal-polyfill';
import { type ClusterKey, poolKey, subscriptionOf } from '../domain/cluster/cluster.ts';
import type { Notification } from '../domain/notification/notification.ts';
import type { RowChange, RowRange, Tables } from '../ports/tables.ts';
import { readRow, valueIfRead, valueOrThrow } from './rows/readRow.ts';
import { DueShape, MarkShape, type Shape, ToldShape } from './rows/shapes.ts';
import { writeInBatches } from './rows/writeInBatches.ts';

/** How far a cluster's ledger was told. */
export type Told = { readonly sequence: number; readonly etag: string };

/** What was told, or judged, last of a subject. */
export type Mark = {
  /** Of the notification, or of what was judged. */
  readonly id: string;
  /** ISO. */
  readonly at: string;
  /** What it was judged on, and until when that holds. */
  readonly on?: string;
  readonly until?: string;
};

/** One that was kept to be told. */
export type DueNotification = {
  readonly notification: Notification;
  readonly rowKey: string;
  readonly etag: string;
};

export type Announcements = {
  readonly told: ReadonlyMap<ClusterKey, Told>;
  /** By their row. */
  readonly marks: ReadonlyMap<string, Mark>;
  readonly due: readonly DueNotification[];
  /** Rows that can't be read, each as a sentence. A mark among them is none: what it marked is told again. */
  readonly unreadable: readonly string[];
};

/** The partition of what is about no subscription. */
export const fleetPartition = 'fleet';
/** Rows of attempts: those due, and the marks of those that were told to have started. */
export const attemptRows: RowRange = { from: 'attempt|', to: 'attempt}' };
export const startedRow = (key: ClusterKey) => `attempt|started|${key}`;

/** The mark of a pool: since when it is behind, or which notice of it was told last. */
export const poolRow = (what: 'behind' | 'stale' | 'ahead', cluster: string, nodePool: string) =>
  `pool|${what}|${poolKey(cluster, nodePool)}`;

const behindPrefix = 'pool|behind|';
const duePrefix = 'attempt|due|';
const toldPrefix = 'told|';

export async function readAnnouncements(tables: Tables, partition: string, range?: RowRange): Promise<Announcements> {
  const told = new Map<ClusterKey, Told>();
  const marks = new Map<string, Mark>();
  const due: DueNotification[] = [];
  const unreadable: string[] = [];
  for await (const row of tables.query('Notifications', partition, range)) {
    const { rowKey, etag } = row;
    const read = readRow('Notifications', row, { shape: shapeOf(rowKey) });
    if ('problem' in read) unreadable.push(read.problem);
    else if (rowKey.startsWith(toldPrefix))
      told.set(rowKey.slice(toldPrefix.length), { ...(read.value as Told), etag });
    else if (rowKey.startsWith(duePrefix)) due.push({ ...(read.value as DueNotification), rowKey, etag });
    else marks.set(rowKey, read.value as Mark);
  }
  return { told, marks, due, unreadable };
}

function shapeOf(rowKey: string): Shape {
  if (rowKey.startsWith(toldPrefix)) return ToldShape;
  return rowKey.startsWith(duePrefix) ? DueShape : MarkShape;
}

export async function readMark(tables: Tables, partition: string, rowKey: string): Promise<Mark | undefined> {
  return valueIfRead<Mark>(await tables.get('Notifications', partition, rowKey), { shape: MarkShape });
}

export async function writeMarks(tables: Tables, partition: string, marks: ReadonlyMap<string, Mark>): Promise<void> {
  const changes = [...marks].map(([rowKey, value]): RowChange => ({ kind: 'upsert', rowKey, value }));
  await writeInBatches(tables, 'Notifications', partition, changes);
}

/** @throws UnreadableRow: nobody knows then how far the cluster's ledger was told */
export async function readTold(tables: Tables, key: ClusterKey): Promise<Told | undefined> {
  const row = await tables.get('Notifications', subscriptionOf(key), toldPrefix + key);
  return row && { ...valueOrThrow<Told>('Notifications', row, { shape: ToldShape }), etag: row.etag };
}

/** Where a cluster's telling begins; called before every append, so that it never begins behind an entry. One that stands stays. */
export async function beginTold(tables: Tables, key: ClusterKey, sequence: number): Promise<void> {
  const rowKey = toldPrefix + key;
  for (let tried = 0; tried < 3; tried += 1) {
    if (await tables.get('Notifications', subscriptionOf(key), rowKey)) return;
    const insert = { kind: 'insert', rowKey, value: { sequence } } as const;
    if ((await tables.write('Notifications', subscriptionOf(key), [insert])) === 'written') return;
  }
  throw new Error(`The row "${rowKey}" of table Notifications comes and goes; try again.`);
}

/** `ends`: the cluster is gone, and with it the row; another of its name begins anew. `conflict`: somebody else moved it. */
export function moveTold(
  tables: Tables,
  key: ClusterKey,
  { etag }: Told,
  to: { readonly sequence: number; readonly ends: boolean },
): Promise<'written' | 'conflict'> {
  const rowKey = toldPrefix + key;
  return tables.write('Notifications', subscriptionOf(key), [
    to.ends ? { kind: 'delete', rowKey, etag } : { kind: 'replace', rowKey, value: { sequence: to.sequence }, etag },
  ]);
}

/** Keeps what nothing else would remember until the topic has taken it. */
export async function keepDue(tables: Tables, key: ClusterKey, notification: Notification): Promise<void> {
  const rowKey = duePrefix + notification.id;
  const value = { at: notification.time, notification };
  await tables.write('Notifications', subscriptionOf(key), [{ kind: 'upsert', rowKey, value }]);
}

export async function deleteDue(tables: Tables, partition: string, due: readonly DueNotification[]): Promise<void> {
  for (const { rowKey, etag } of due) {
    await tables.write('Notifications', partition, [{ kind: 'delete', rowKey, etag }]);
  }
}

/**
 * Deletes marks, and what could not be told, from before `oldest`. How far ledgers were told stays, and since when pools are
 * behind, which nobody could read again.
 */
export async function deleteMarksBefore(tables: Tables, partition: string, oldest: Temporal.Instant): Promise<void> {
  const changes: RowChange[] = [];
  for await (const { rowKey, value, etag } of tables.query('Notifications', partition)) {
    const { at } = (value ?? {}) as { readonly at?: unknown };
    if (typeof at === 'string' && !rowKey.startsWith(behindPrefix) && Date.parse(at) < oldest.epochMilliseconds)
      changes.push({ kind: 'delete', rowKey, etag });
  }
  await writeInBatches(tables, 'Notifications', partition, changes);
}
