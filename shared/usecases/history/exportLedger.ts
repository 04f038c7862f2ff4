// The ledger as it can be checked offline (docs/ledger-chain.md). Called by getHistory.
import type { ClusterKey } from '../../domain/cluster/cluster.ts';
import type { ChainHead } from '../../domain/ledger/heads.ts';
import type { RowFilter } from '../../domain/ledger/historyFilter.ts';
import type { Entry } from '../../domain/ledger/ledger.ts';
import { type Tables, UnreadableRow } from '../../ports/tables.ts';
import { readChain, readStoredEntries } from '../../stores/ledgerStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { findClusters } from './findClusters.ts';
import { type Coverage, readCoverage } from './readCoverage.ts';

/** A line of the export. `end` is the last one: without it the export is not complete. */
export type LedgerLine =
  | ({ readonly kind: 'head' } & ChainHead)
  | Entry
  | {
      readonly kind: 'end';
      readonly clusters: number;
      readonly entries: number;
      /** What was asked for, where it was not everything. */
      readonly of?: LedgerNames;
      /** Up to when the record speaks. */
      readonly coverage: Coverage;
    };

type LedgerNames = Pick<RowFilter, 'subscription' | 'resourceGroup' | 'cluster'>;

/** For each cluster the head of its chain and its entries, newest first, each as it was hashed. */
export async function* exportLedger(
  dependencies: Pick<Dependencies, 'clock' | 'tables' | 'subscriptions'>,
  filter: LedgerNames,
): AsyncIterable<unknown> {
  const { tables } = dependencies;
  let clusters = 0;
  let entries = 0;
  for (const key of await findClusters(dependencies, filter)) {
    const chain = await readHead(tables, key);
    clusters += 1;
    if (chain) yield { kind: 'head', ...chain } satisfies LedgerLine;
    // What is appended from here on is not this head's.
    for await (const entry of readStoredEntries(tables, key, chain?.sequence)) {
      entries += 1;
      yield entry;
    }
  }
  const { subscription, resourceGroup, cluster } = filter;
  const of = { subscription, resourceGroup, cluster };
  const isAll = Object.values(of).every((name) => name === undefined);
  const coverage = await readCoverage(dependencies);
  yield { kind: 'end', clusters, entries, ...(isAll ? {} : { of }), coverage } satisfies LedgerLine;
}

/** A head that can't be read is left out: the check of the export misses it. */
async function readHead(tables: Tables, key: ClusterKey): Promise<ChainHead | undefined> {
  try {
    return await readChain(tables, key);
  } catch (error) {
    if (error instanceof UnreadableRow) return undefined;
    throw error;
  }
}
