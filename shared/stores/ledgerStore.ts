// The ledger in table storage: a cluster is a partition of heads and append-only entries, newest first.
import type { Append } from '../domain/append.ts';
import { type ClusterKey, clusterKey } from '../domain/cluster.ts';
import type { ChainHead, Entry, Heads, PoolHead } from '../domain/ledger.ts';
import type { RowChange, Tables } from '../ports.ts';
import { descending } from './keys.ts';

/** A cluster's heads with the ETag that an append must find unchanged; no ETag: the ledger has no such cluster. */
export type HeadsRead = Heads & {
  readonly etag?: string;
  /** By the pool's row. */
  readonly poolEtags: ReadonlyMap<string, string>;
};

const chainRow = 'head';
const poolRow = (nodePool: string) => `head|${nodePool.toLowerCase()}`;
const entryRow = (sequence: number) => `log|${descending(sequence)}`;

/** One query. A cluster that is gone has no pools. */
export async function readHeads(tables: Tables, key: ClusterKey): Promise<HeadsRead> {
  let chain: ChainHead | undefined;
  let etag: string | undefined;
  const pools: PoolHead[] = [];
  const poolEtags = new Map<string, string>();
  for await (const row of tables.query('Ledger', key, { from: chainRow, to: 'head}' })) {
    if (row.rowKey === chainRow) {
      chain = row.value as ChainHead;
      etag = row.etag;
    } else {
      pools.push(row.value as PoolHead);
      poolEtags.set(row.rowKey, row.etag);
    }
  }
  return {
    ...(chain ? { chain } : {}),
    ...(etag === undefined ? {} : { etag }),
    pools: chain?.gone ? [] : pools,
    poolEtags,
  };
}

/** The head of a cluster's chain alone: one point read. */
export async function readChain(tables: Tables, key: ClusterKey): Promise<ChainHead | undefined> {
  return (await tables.get('Ledger', key, chainRow))?.value as ChainHead | undefined;
}

/**
 * Appends in order, each in one transaction guarded by the chain head's ETag.
 * `conflict`: somebody appended since the heads were read; read heads and ARM again.
 */
export async function append(
  tables: Tables,
  heads: HeadsRead,
  appends: readonly Append[],
): Promise<'written' | 'conflict'> {
  let etag = heads.etag;
  for (const { chain, entries, heads: poolHeads, removedHeads } of appends) {
    const key = clusterKey(chain.cluster);
    const changes: RowChange[] = [
      etag === undefined
        ? { kind: 'insert', rowKey: chainRow, value: chain }
        : { kind: 'replace', rowKey: chainRow, value: chain, etag },
      ...entries.map((entry) => ({ kind: 'insert', rowKey: entryRow(entry.sequence), value: entry }) as const),
      ...poolHeads.map((head) => ({ kind: 'upsert', rowKey: poolRow(head.nodePool), value: head }) as const),
      ...removedHeads.flatMap((nodePool) => {
        const stored = heads.poolEtags.get(poolRow(nodePool));
        return stored === undefined ? [] : [{ kind: 'delete', rowKey: poolRow(nodePool), etag: stored } as const];
      }),
    ];
    if ((await tables.write('Ledger', key, changes)) === 'conflict') return 'conflict';
    etag = (await tables.get('Ledger', key, chainRow))?.etag;
  }
  return 'written';
}

/** One entry, by its sequence. */
export async function readEntry(tables: Tables, key: ClusterKey, sequence: number): Promise<Entry | undefined> {
  return (await tables.get('Ledger', key, entryRow(sequence)))?.value as Entry | undefined;
}

/** A cluster's entries, newest first: from `newest` on, where it is given, down to the one after `afterSequence`. */
export async function* readEntries(
  tables: Tables,
  key: ClusterKey,
  afterSequence = 0,
  newest?: number,
): AsyncIterable<Entry> {
  const from = newest === undefined ? 'log|' : entryRow(newest);
  for await (const row of tables.query('Ledger', key, { from, to: entryRow(afterSequence) })) {
    yield row.value as Entry;
  }
}

/** The same as a list. */
export async function listEntries(tables: Tables, key: ClusterKey, afterSequence = 0): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of readEntries(tables, key, afterSequence)) entries.push(entry);
  return entries;
}

/** The entries after `sequence`; and where some amend earlier ones, everything from those on, so that rows are whole. */
export async function listWithAmended(tables: Tables, key: ClusterKey, sequence: number): Promise<readonly Entry[]> {
  const news = await listEntries(tables, key, sequence);
  const amended = news.flatMap((entry) => (entry.kind === 'amendment' ? [entry.amends] : []));
  const oldest = Math.min(sequence + 1, ...amended);
  return oldest > sequence ? news : listEntries(tables, key, oldest - 1);
}
