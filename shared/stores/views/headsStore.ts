// The heads of all ledgers of a subscription, to be read by pages: a copy, which may be old. A pass may queue by it; what is judged
// is judged by the ledger.
import { z } from 'zod';
import { type ClusterKey, clusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { ChainHead, type Heads, PoolHead } from '../../domain/ledger/heads.ts';
import { isBefore } from '../../domain/text/stored.ts';
import type { Tables } from '../../ports/tables.ts';
import { listRows } from '../rows/listRows.ts';
import { type Codec, valueIfRead } from '../rows/readRow.ts';
import { replaceRow } from '../rows/replaceRow.ts';

const CopiedHeads = z.looseObject({ chain: ChainHead, pools: z.array(PoolHead) });

const headsRows: Codec<typeof CopiedHeads> = {
  table: 'Views',
  schema: CopiedHeads,
  isOwn: ({ chain }, row) => clusterKey(chain.cluster) === row.rowKey,
};
const partitionOf = (subscription: string) => `heads|${subscription.toLowerCase()}`;

/** Those that can be read. */
export async function readCopiedHeads(tables: Tables, subscription: string): Promise<ReadonlyMap<ClusterKey, Heads>> {
  const rows = await listRows(tables, 'Views', partitionOf(subscription));
  return new Map(
    rows.flatMap((row) => {
      const heads = valueIfRead(headsRows, row);
      return heads ? [[row.rowKey, heads] as const] : [];
    }),
  );
}

/** The clusters that have a ledger, by the keys of the copies alone. */
export async function readLedgerKeys(tables: Tables, subscription: string): Promise<readonly ClusterKey[]> {
  return (await listRows(tables, 'Views', partitionOf(subscription), { keysOnly: true })).map(({ rowKey }) => rowKey);
}

/** Of several that append at once the newest stays, whoever is late. @param instead of a ledger that was put back from a copy */
export async function copyHeads(
  tables: Tables,
  key: ClusterKey,
  { chain, pools }: Heads,
  instead: 'of older ones' | 'whatever is there' = 'of older ones',
): Promise<void> {
  if (!chain) return;
  await replaceRow(tables, ['Views', partitionOf(subscriptionOf(key)), key], (stored) => {
    const known = valueIfRead(headsRows, stored)?.chain;
    return instead === 'of older ones' && known && isNewer(known, chain)
      ? undefined
      : { chain, pools: chain.gone ? [] : pools };
  });
}

function isNewer(known: ChainHead, chain: ChainHead): boolean {
  if (known.sequence !== chain.sequence) return known.sequence > chain.sequence;
  return isBefore(chain.observedAt, known.observedAt);
}
