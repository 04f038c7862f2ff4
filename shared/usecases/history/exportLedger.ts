// The ledger as it can be checked offline (docs/ledger-chain.md). Called by getHistory.
import { idOfKey } from '../../domain/cluster/clusterId.ts';
import type { ChainHead } from '../../domain/ledger/heads.ts';
import type { RowFilter } from '../../domain/ledger/historyFilter.ts';
import type { Entry } from '../../domain/ledger/ledger.ts';
import { UnreadableRow } from '../../ports/tables.ts';
import { readStoredEntries } from '../../stores/ledgerStore.ts';
import type { Dependencies, FleetTables } from '../dependencies.ts';
import { findClusters, readHead } from './findClusters.ts';
import { type Coverage, readCoverage } from './readCoverage.ts';
import { unknownNames } from './unknownNames.ts';

type LedgerNames = Pick<RowFilter, 'subscription' | 'resourceGroup' | 'cluster'>;

/** Without `end`, the last line, an export is not complete. */
export type LedgerLine =
  | ({ readonly kind: 'head' } & ChainHead)
  | Entry
  /** The cluster's older entries are left out. */
  | { readonly kind: 'unreadable'; readonly cluster: string; readonly problem: string }
  | {
      readonly kind: 'end';
      readonly clusters: number;
      readonly entries: number;
      readonly of?: LedgerNames | undefined;
      /** The record knows no such cluster. */
      readonly unknownCluster?: string | undefined;
      readonly coverage: Coverage;
    };

/** Each chain's head and entries, newest first, as they were hashed. The check of an export misses a head that can't be read. */
export async function* exportLedger(
  dependencies: FleetTables & Pick<Dependencies, 'clock'>,
  { subscription, resourceGroup, cluster }: LedgerNames,
): AsyncIterable<unknown> {
  const { tables } = dependencies;
  const of = { subscription, resourceGroup, cluster };
  const keys = await findClusters(dependencies, of);
  let entries = 0;
  for (const key of keys) {
    const chain = await readHead(tables, key);
    if (chain) yield { kind: 'head', ...chain } satisfies LedgerLine;
    try {
      // What is appended from here on is not this head's.
      for await (const entry of readStoredEntries(tables, key, chain?.sequence)) {
        entries += 1;
        yield entry;
      }
    } catch (error) {
      if (!(error instanceof UnreadableRow)) throw error;
      yield { kind: 'unreadable', cluster: idOfKey(key) ?? key, problem: error.message } satisfies LedgerLine;
    }
  }
  const isAll = Object.values(of).every((name) => name === undefined);
  const coverage = await readCoverage(dependencies);
  const { unknownCluster } = entries === 0 && !isAll ? await unknownNames(dependencies, of) : {};
  // One that is named by its id is among the keys, known or not.
  const clusters = unknownCluster === undefined ? keys.length : 0;
  const end: LedgerLine = { kind: 'end', clusters, entries, of: isAll ? undefined : of, unknownCluster, coverage };
  yield end;
}
