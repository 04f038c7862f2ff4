// What the topic has taken: how far each cluster's ledger was told, and the marks of what was told once. A partition a
// subscription, so that a planning pass reads it by one query, and one for the fleet. Rows are written after the topic took
// what they say, so that a crash tells twice and never not at all: ADR 12.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type ClusterKey, poolKey, subscriptionOf } from '../domain/cluster/cluster.ts';
import type { Notification } from '../domain/notification/notification.ts';
import { InstantText } from '../domain/text/stored.ts';
import type { RowChange, RowRange, Tables } from '../ports/tables.ts';
import { type RowRead, readRow, valueIfRead, valueOrThrow } from './rows/readRow.ts';
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
  readonly on?: string | undefined;
  readonly until?: string | undefined;
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

const toldRows = { table: 'Notifications', schema: z.looseObject({ sequence: z.int().min(0) }) } as const;
const markRows = {
  table: 'Notifications',
  schema: z.looseObject({
    id: z.string(),
    at: InstantText,
    on: z.string().optional(),
    until: z.string().optional(),
  }),
} as const;
const dueRows = {
  table: 'Notifications',
  schema: z.looseObject({ notification: z.custom<Notification>(isNotification) }),
} as const;

const NotificationFields = z.looseObject({
  id: z.string(),
  type: z.string(),
  source: z.string(),
  subject: z.string(),
  time: InstantText,
});

function isNotification(value: unknown): boolean {
  return NotificationFields.safeParse(value).success;
}

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
    const keep = <T>(read: RowRead<T>, note: (value: T) => void) =>
      'problem' in read ? unreadable.push(read.problem) : note(read.value);
    if (rowKey.startsWith(toldPrefix))
      keep(readRow(toldRows, row), (value) => told.set(rowKey.slice(toldPrefix.length), { ...value, etag }));
    else if (rowKey.startsWith(duePrefix))
      keep(readRow(dueRows, row), ({ notification }) => due.push({ notification, rowKey, etag }));
    else keep(readRow(markRows, row), (mark) => marks.set(rowKey, mark));
  }
  return { told, marks, due, unreadable };
}

export async function readMark(tables: Tables, partition: string, rowKey: string): Promise<Mark | undefined> {
  return valueIfRead(markRows, await tables.get('Notifications', partition, rowKey));
}

export async function writeMarks(tables: Tables, partition: string, marks: ReadonlyMap<string, Mark>): Promise<void> {
  const changes = [...marks].map(([rowKey, value]): RowChange => ({ kind: 'upsert', rowKey, value }));
  await writeInBatches(tables, 'Notifications', partition, changes);
}

/** @throws UnreadableRow: nobody knows then how far the cluster's ledger was told */
export async function readTold(tables: Tables, key: ClusterKey): Promise<Told | undefined> {
  const row = await tables.get('Notifications', subscriptionOf(key), toldPrefix + key);
  return row && { ...valueOrThrow(toldRows, row), etag: row.etag };
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
