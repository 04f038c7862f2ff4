// The slots of the pools that wait to start, a row each: a slot is a turn, never a permission. And in how many occurrences a
// pool had none.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type ClusterKey, clusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { reachMinutes } from '../../domain/plan/turns.ts';
import { Instant, type Stored } from '../../domain/text/stored.ts';
import type { RowChange, Tables } from '../../ports/tables.ts';
import { listRows } from '../rows/listRows.ts';
import { type Codec, valueIfRead } from '../rows/readRow.ts';
import { writeInBatches } from '../rows/writeInBatches.ts';

export const Slot = z.looseObject({
  cluster: z.string(),
  nodePool: z.string().min(1),
  /** Names the message that may use it; absent with `at`: the pool has no turn now. */
  id: z.string().optional(),
  at: Instant.optional(),
  /** Occurrences that closed, or were too full, before its turn could come, since it was last started. */
  missed: z.int().min(0).optional(),
  /** When the last of them opened. */
  missedAt: Instant.optional(),
});
export type Slot = Stored<typeof Slot>;

/** A slot that nothing came of by then was lost, with its message. */
const overdueMinutes = 2;

/** A slot once given stands, unless nothing came of it in time, or a clock that ran ahead gave it. */
export function isStanding(slot: Slot | undefined, now: Temporal.Instant): slot is Slot {
  if (!slot?.at) return false;
  const minutes = now.until(slot.at).total('minutes');
  return minutes > -overdueMinutes && minutes < 2 * reachMinutes;
}

const partitionOf = (subscription: string) => `slots|${subscription.toLowerCase()}`;
const rowOf = (key: ClusterKey, nodePool: string) => `${key}|${nodePool.toLowerCase()}`;
const slotRows: Codec<typeof Slot> = {
  table: 'Starts',
  schema: Slot,
  isOwn: ({ cluster, nodePool }, row) => rowOf(clusterKey(cluster), nodePool) === row.rowKey,
};

export type SlotRead = { readonly slot: Slot | undefined; readonly etag: string };
/** By the name that {@link slotName} gives a pool. */
export type Slots = ReadonlyMap<string, SlotRead>;

/** A slot that can't be read is as good as none: it is given anew. */
export async function readSlots(tables: Tables, subscription: string): Promise<Slots> {
  const rows = await listRows(tables, 'Starts', partitionOf(subscription));
  return new Map(rows.map((row) => [row.rowKey, { slot: valueIfRead(slotRows, row), etag: row.etag }]));
}

export const slotName = (cluster: string, nodePool: string) => rowOf(clusterKey(cluster), nodePool);

/** Puts slots in place of what stands there. */
export function writeSlots(tables: Tables, subscription: string, slots: ReadonlyMap<string, Slot>): Promise<void> {
  const changes = [...slots].map(([rowKey, value]) => ({ kind: 'upsert', rowKey, value }) as const);
  return writeInBatches(tables, 'Starts', partitionOf(subscription), changes);
}

/** Of those that changed meanwhile some stay: they are removed another time. */
export function removeSlots(
  tables: Tables,
  subscription: string,
  slots: readonly (readonly [name: string, SlotRead])[],
): Promise<void> {
  const changes = slots.map(([rowKey, { etag }]) => ({ kind: 'delete', rowKey, etag }) as const);
  return writeInBatches(tables, 'Starts', partitionOf(subscription), changes);
}

/** Whether the slot is this message's still. */
export async function holdsSlot(tables: Tables, cluster: string, nodePool: string, id: string): Promise<boolean> {
  const key = clusterKey(cluster);
  const row = await tables.get('Starts', partitionOf(subscriptionOf(key)), rowOf(key, nodePool));
  return valueIfRead(slotRows, row)?.id === id;
}

/** The turn is over. @param isStarted what the pool missed before is forgotten then */
export async function endSlot(
  tables: Tables,
  cluster: string,
  nodePool: string,
  id: string,
  isStarted: boolean,
): Promise<void> {
  const key = clusterKey(cluster);
  const [partition, rowKey] = [partitionOf(subscriptionOf(key)), rowOf(key, nodePool)];
  const row = await tables.get('Starts', partition, rowKey);
  const slot = valueIfRead(slotRows, row);
  if (!row || slot?.id !== id) return;
  const { etag } = row;
  const { id: _id, at: _at, ...rest } = slot;
  const change: RowChange =
    isStarted || !slot.missed ? { kind: 'delete', rowKey, etag } : { kind: 'replace', rowKey, value: rest, etag };
  // A conflict: the pass gave the pool another turn meanwhile.
  await tables.write('Starts', partition, [change]);
}
