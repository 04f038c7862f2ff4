// The ledger in table storage: a cluster is a partition of heads and append-only entries, newest first.
import type { z } from 'zod';
import { type ClusterKey, clusterKey } from '../domain/cluster/clusterId.ts';
import type { Append } from '../domain/ledger/append.ts';
import { ChainHead, type Heads, PoolHead } from '../domain/ledger/heads.ts';
import { Entry } from '../domain/ledger/ledger.ts';
import { type Fields, isObject } from '../domain/text/anyValue.ts';
import { messageOf } from '../domain/text/messageOf.ts';
import { type Row, type RowChange, rowVersion, type Tables, UnreadableRow } from '../ports/tables.ts';
import { descending } from './rows/keys.ts';
import { listRows } from './rows/listRows.ts';
import { type Codec, valueOrThrow } from './rows/readRow.ts';
import { insertOrReplace } from './rows/replaceRow.ts';

/** A cluster's heads with the ETag that an append must find unchanged; no ETag: the ledger has no such cluster. */
export type HeadsRead = Heads & {
  readonly etag: string | undefined;
  readonly poolEtags: ReadonlyMap<string, string>;
};

export const chainRow = 'head';
const headRows = { from: chainRow, to: 'head}' };
export const poolRow = (nodePool: string) => `head|${nodePool.toLowerCase()}`;
const chainRows: Codec<typeof ChainHead> = {
  table: 'Ledger',
  schema: ChainHead,
  isOwn: ({ cluster }, row) => clusterKey(cluster) === row.partitionKey,
};
const poolRows: Codec<typeof PoolHead> = {
  table: 'Ledger',
  schema: PoolHead,
  isOwn: ({ nodePool }, row) => poolRow(nodePool) === row.rowKey,
};
const entryRows: Codec<typeof Entry> = { table: 'Ledger', schema: Entry };
const entryRow = (sequence: number) => `log|${descending(sequence)}`;

/** The heads that can be read; of the others one, which mendHeads may mend. */
export type HeadRows = { readonly heads: HeadsRead; readonly damage: UnreadableRow | undefined };

/** A cluster that is gone has no pools. @throws UnreadableRow where a newer version of the keeper wrote one: nothing is wrong with it */
export async function readHeadRows(tables: Tables, key: ClusterKey): Promise<HeadRows> {
  let damage: UnreadableRow | undefined;
  const take = <Schema extends z.ZodType>(codec: Codec<Schema>, row: Row) => {
    try {
      return [valueOrThrow(codec, row)];
    } catch (error) {
      if (!(error instanceof UnreadableRow) || row.version > rowVersion) throw error;
      damage ??= error;
      return [];
    }
  };
  const rows = await listRows(tables, 'Ledger', key, headRows);
  const ofPools = rows.filter(({ rowKey }) => rowKey !== chainRow);
  const ofChain = rows.find(({ rowKey }) => rowKey === chainRow);
  const [chain] = ofChain ? take(chainRows, ofChain) : [];
  const pools = ofPools.flatMap((row) => take(poolRows, row));
  const poolEtags = new Map(ofPools.map(({ rowKey, etag }) => [rowKey, etag]));
  return { heads: { chain, etag: ofChain?.etag, pools: chain?.gone ? [] : pools, poolEtags }, damage };
}

/** The same where all must be readable. @throws UnreadableRow */
export async function readHeads(tables: Tables, key: ClusterKey): Promise<HeadsRead> {
  const { heads, damage } = await readHeadRows(tables, key);
  if (damage) throw damage;
  return heads;
}

/** What the newest entry says that the head of its chain must say too, whatever stands there; undefined: there is none. */
export async function readNewestLink(tables: Tables, key: ClusterKey) {
  for await (const { value } of tables.query('Ledger', key, { from: 'log|', to: entryRow(0), pageSize: 1 })) {
    const { sequence, hash } = isObject(value) ? value : {};
    return { sequence, hash };
  }
  return undefined;
}

/** The heads, or why they can't be read: then there are none, and nothing may be concluded from that. */
export type HeadsOrProblem = Heads & { readonly problem?: string };

export async function readHeadsOrProblem(tables: Tables, key: ClusterKey): Promise<HeadsOrProblem> {
  try {
    return await readHeads(tables, key);
  } catch (error) {
    return { pools: [], problem: messageOf(error) };
  }
}

/** The head of a cluster's chain alone: one point read. @throws UnreadableRow */
export async function readChain(tables: Tables, key: ClusterKey): Promise<ChainHead | undefined> {
  const row = await tables.get('Ledger', key, chainRow);
  return row && valueOrThrow(chainRows, row);
}

/** In order, each in one transaction. `conflict`: somebody appended since the heads were read; read heads and ARM again. */
export async function append(tables: Tables, heads: HeadsRead, appends: readonly Append[]) {
  let etag = heads.etag;
  for (const { chain, entries, heads: poolHeads, removedHeads } of appends) {
    const key = clusterKey(chain.cluster);
    const changes: RowChange[] = [
      insertOrReplace(chainRow, chain, etag),
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

export async function readEntry(tables: Tables, key: ClusterKey, sequence: number): Promise<Entry | undefined> {
  const row = await tables.get('Ledger', key, entryRow(sequence));
  return row && valueOrThrow(entryRows, row);
}

/** A cluster's entries, newest first, down to the one after `afterSequence`. @throws UnreadableRow */
export async function* readEntries(tables: Tables, key: ClusterKey, afterSequence = 0): AsyncIterable<Entry> {
  for await (const row of tables.query('Ledger', key, { from: 'log|', to: entryRow(afterSequence) })) {
    yield valueOrThrow(entryRows, row);
  }
}

export function listEntries(tables: Tables, key: ClusterKey, afterSequence = 0): Promise<readonly Entry[]> {
  return Array.fromAsync(readEntries(tables, key, afterSequence));
}

/** The entries after `sequence`; and where some amend earlier ones, everything from those on, so that rows are whole. */
export async function listWithAmended(tables: Tables, key: ClusterKey, sequence: number): Promise<readonly Entry[]> {
  const news = await listEntries(tables, key, sequence);
  const amended = news.flatMap((entry) => (entry.kind === 'amendment' ? [entry.amends] : []));
  const oldest = Math.min(sequence + 1, ...amended);
  return oldest > sequence ? news : listEntries(tables, key, oldest - 1);
}

/** A cluster's chain as it is stored, whatever stands there: the entries, newest first, from `newest` on. @throws UnreadableRow */
export async function* readStoredEntries(tables: Tables, key: ClusterKey, newest?: number): AsyncIterable<unknown> {
  const from = newest === undefined ? 'log|' : entryRow(newest);
  for await (const row of tables.query('Ledger', key, { from, to: entryRow(0) })) yield storedIn(row);
}

/** The same of its head; undefined where there is none. */
export async function readStoredHead(tables: Tables, key: ClusterKey): Promise<Fields | undefined> {
  const rows = await listRows(tables, 'Ledger', key, headRows);
  const heads = rows.map((row) => ({ rowKey: row.rowKey, value: storedIn(row) }));
  const head = heads.find(({ rowKey }) => rowKey === chainRow)?.value;
  return isObject(head) ? head : undefined;
}

function storedIn(row: Row): unknown {
  if (row.value === undefined) throw new UnreadableRow('Ledger', row, 'holds no JSON');
  return row.value;
}
