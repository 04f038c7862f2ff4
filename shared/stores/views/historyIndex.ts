// Which months and which pools the history has rows of, a partition each a subscription. Written by historyStore.
import { z } from 'zod';
import { ClusterId, type ClusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { timeOf } from '../../domain/ledger/historyRow.ts';
import type { HistoryRow } from '../../domain/ledger/ledger.ts';
import type { Tables } from '../../ports/tables.ts';
import { poolInKey } from '../rows/keys.ts';
import { listRows } from '../rows/listRows.ts';
import { valueIfRead } from '../rows/readRow.ts';
import { writeInBatches } from '../rows/writeInBatches.ts';

/** A pool that has rows, whether it is still there or not. */
const KnownPool = z.looseObject({ key: z.string(), cluster: ClusterId, nodePool: z.string() });

const knownPools = { table: 'Views', schema: KnownPool } as const;
const monthsPartition = (subscription: string) => `months|${subscription}`;
const knownPartition = (subscription: string) => `known|${subscription}`;

/** `YYYY-MM`, in UTC. */
export const monthOf = (row: HistoryRow) => timeOf(row).slice(0, 7);

export async function writeIndex(tables: Tables, key: ClusterKey, rows: readonly HistoryRow[]): Promise<void> {
  const subscription = subscriptionOf(key);
  const months = rows.map((row) => [monthOf(row), {}] as const);
  const pools = rows.flatMap(({ cluster, nodePool }) =>
    nodePool === undefined ? [] : [[`${key}|${nodePool.toLowerCase()}`, { key, cluster, nodePool }] as const],
  );
  await writeNames(tables, monthsPartition(subscription), new Map(months));
  await writeNames(tables, knownPartition(subscription), new Map(pools));
}

async function writeNames(tables: Tables, partition: string, names: ReadonlyMap<string, object>): Promise<void> {
  const changes = [...names].map(([rowKey, value]) => ({ kind: 'upsert', rowKey, value }) as const);
  await writeInBatches(tables, 'Views', partition, changes);
}

/** Oldest first. */
export async function readMonths(tables: Tables, subscription: string): Promise<readonly string[]> {
  return (await listRows(tables, 'Views', monthsPartition(subscription))).map(({ rowKey }) => rowKey);
}

/** Those of every pool that has rows, by the keys of the list, in lower case. */
export async function readKnownNames(tables: Tables, subscription: string) {
  const rows = await listRows(tables, 'Views', knownPartition(subscription), { keysOnly: true });
  return rows.flatMap(({ rowKey }) => poolInKey(rowKey) ?? []);
}

/** @param isStrict leaves out rows that can't be read; else their keys speak for them */
export async function readKnownPools(tables: Tables, subscription: string, isStrict = false) {
  const rows = await listRows(tables, 'Views', knownPartition(subscription));
  return rows.flatMap((row) => valueIfRead(knownPools, row) ?? (isStrict ? [] : (poolInKey(row.rowKey) ?? [])));
}
