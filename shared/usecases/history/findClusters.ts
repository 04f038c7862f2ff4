// The clusters that the history knows, and the heads of their chains. Called by the use cases that read whole clusters.
import { type ClusterKey, clusterKey, parseClusterId } from '../../domain/cluster/clusterId.ts';
import type { ChainHead } from '../../domain/ledger/heads.ts';
import { matchesNames, type RowFilter } from '../../domain/ledger/historyFilter.ts';
import { type Tables, UnreadableRow } from '../../ports/tables.ts';
import { readChain } from '../../stores/ledgerStore.ts';
import { readKnownNames } from '../../stores/views/historyIndex.ts';
import type { FleetTables } from '../dependencies.ts';
import { together } from '../together.ts';

/** Callers who ask at the same time share a list that is read after they came. */
const listKnown = together(
  ({ tables }: Pick<FleetTables, 'tables'>) => tables,
  ({ tables }, subscription) => readKnownNames(tables, subscription),
);

/** Those that the filter names, in order; one that it names by its ARM id is among them, known or not. */
export async function findClusters(
  { tables, subscriptions }: FleetTables,
  filter: Pick<RowFilter, 'subscription' | 'resourceGroup' | 'cluster' | 'nodePool'>,
): Promise<readonly ClusterKey[]> {
  const { cluster, subscription } = filter;
  if (cluster !== undefined && parseClusterId(cluster)) {
    return matchesNames({ cluster }, filter) ? [clusterKey(cluster)] : [];
  }
  const asked = subscription === undefined ? subscriptions : [subscription];
  const known = (await Promise.all(asked.map((one) => listKnown({ tables }, one, undefined)))).flat();
  return [...new Set(known.filter((pool) => matchesNames(pool, filter)).map(({ key }) => key))].toSorted();
}

export async function readHead(
  tables: Tables,
  key: ClusterKey,
  onUnreadable: (error: UnreadableRow) => void = () => {},
): Promise<ChainHead | undefined> {
  try {
    return await readChain(tables, key);
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    onUnreadable(error);
    return undefined;
  }
}
