// A record in storage, and the ways in which somebody with Storage Explorer changes it. Used by the tests of its verification.
import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { createMemoryDocuments } from '../../../shared/adapters/storage/memoryDocuments.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { hashEntry } from '../../../shared/domain/ledger/chain.ts';
import type { Entry, EntryBody } from '../../../shared/domain/ledger/ledger.ts';
import type { Documents } from '../../../shared/ports/documents.ts';
import type { TableName, Tables } from '../../../shared/ports/tables.ts';
import { listTerms, termPartition } from '../../../shared/stores/views/historyTerms.ts';
import { checkRecord } from '../../../shared/usecases/history/checkRecord.ts';
import { amend } from '../../../shared/usecases/observe/amend.ts';
import { aTransition } from '../../builders.ts';
import { record } from '../../ledgers.ts';
import { clusterIdOf, newImage, oldImage } from '../fleets.ts';

export const at = (day: number) =>
  `2026-${day > 30 ? '11' : '10'}-${String(((day - 1) % 30) + 1).padStart(2, '0')}T10:00:00Z`;
export const news = { source: { name: 'nodes', id: 'n-1' }, proof: 'nodes', outcome: 'partial' } as const;

/** Two clusters of a subscription of their own: the first with entries 1 to 6, of which 4 amends 2; the second with 1. */
export async function aRecord(tables: Tables, digests: Documents = createMemoryDocuments()) {
  const subscription = randomUUID();
  const idOf = (name: string) => clusterIdOf(name).replace(/[0-9a-f-]{36}/, subscription);
  const [shop, bank] = [idOf('shop'), idOf('bank')];
  const seen = (cluster: string): EntryBody => ({
    kind: 'firstSeen',
    cluster,
    nodePool: 'apps',
    nodeImageVersion: oldImage,
    observedAt: at(1),
  });
  const rolled = (day: number, nodePool = 'apps') =>
    aTransition({ cluster: shop, nodePool, from: oldImage, to: newImage, completedAt: at(day), observedAt: at(day) });
  const dependencies = {
    clock: { now: () => Temporal.Instant.from('2026-11-20T00:00:00Z') },
    tables,
    digests,
    queues: { countPoisoned: async () => 0, send: async () => {} },
    log: { info: () => {}, warn: () => {} },
  };
  await record(tables, [seen(bank)]);
  await record(tables, [seen(shop), rolled(2), rolled(3)]);
  await amend(dependencies, shop, 2, news);
  await record(tables, [rolled(33), { kind: 'gone', cluster: shop, observedAt: at(34), reason: '404' }]);
  const verify = async (names = {}) =>
    (await checkRecord({ tables, digests, subscriptions: [subscription] }, names)).verdicts;
  const key = clusterKey(shop);
  return { tables, digests, subscription, shop, bank, key, verify, rolled, seen, dependencies };
}
export type Recorded = Awaited<ReturnType<typeof aRecord>>;

/** Writes rows as somebody with Storage Explorer does. */
export function byHand({ tables }: Recorded, table: TableName) {
  const rows = async (partition: string) => {
    const found: { rowKey: string; value: unknown; etag: string }[] = [];
    for await (const row of tables.query(table, partition)) found.push(row);
    return found;
  };
  return {
    rows,
    put: async (partition: string, rowKey: string, value: unknown) => {
      await tables.write(table, partition, [{ kind: 'upsert', rowKey, value }]);
    },
    remove: async (partition: string, ...rowKeys: readonly string[]) => {
      for (const { rowKey, etag } of await rows(partition)) {
        if (rowKeys.length > 0 && !rowKeys.includes(rowKey)) continue;
        await tables.write(table, partition, [{ kind: 'delete', rowKey, etag }]);
      }
    },
  };
}

export const logRow = (sequence: number) => `log|${String(999_999_999_999_999 - sequence).padStart(15, '0')}`;

export async function entryOf({ tables, key }: Recorded, sequence: number): Promise<Entry> {
  return (await tables.get('Ledger', key, logRow(sequence)))?.value as Entry;
}

export async function editEntry(made: Recorded, sequence: number, change: object, rehash = false): Promise<void> {
  const { hash, ...unhashed } = { ...(await entryOf(made, sequence)), ...change } as Entry;
  const value = { ...unhashed, hash: rehash ? hashEntry(unhashed) : hash };
  await byHand(made, 'Ledger').put(made.key, logRow(sequence), value);
}

/** The row of an entry in a view's partition. */
export async function viewRow(made: Recorded, partition: string, sequence: number, table: TableName = 'Views') {
  const rows = await byHand(made, table).rows(partition);
  const row = rows.find(({ rowKey }) => rowKey.includes('|shop|') && rowKey.endsWith(logRow(sequence).slice(4)));
  return { rowKey: row?.rowKey ?? '', value: row?.value as Record<string, unknown> };
}

export const clusterView = ({ key }: Recorded) => `history|${key}`;
export const october = ({ subscription }: Recorded) => `history|${subscription}|2026-10`;
export const november = ({ subscription }: Recorded) => `history|${subscription}|2026-11`;

/** The cluster's rows out of the index; all, or those of an entry. */
export async function removeFromIndex(made: Recorded, sequence?: number): Promise<void> {
  const index = byHand(made, 'HistoryIndex');
  for (const term of await listTerms(made.tables, made.subscription)) {
    const partition = termPartition(made.subscription, term);
    const end = sequence === undefined ? '' : logRow(sequence).slice(4);
    const own = (await index.rows(partition)).filter(
      ({ rowKey }) => rowKey.includes(`|${made.key}|`) && rowKey.endsWith(end),
    );
    if (own.length > 0) await index.remove(partition, ...own.map(({ rowKey }) => rowKey));
  }
}
