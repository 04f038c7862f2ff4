// Whether the record knows what a query names: an empty answer about a misspelled cluster must not look like "no changes".
// Called by getHistory and exportLedger.
import { type ClusterKey, clusterKey, parseClusterId, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { matchesNames, type RowFilter } from '../../domain/ledger/historyFilter.ts';
import type { Tables } from '../../ports/tables.ts';
import { readKnownNames } from '../../stores/views/historyIndex.ts';
import type { FleetTables } from '../dependencies.ts';
import { readHead } from './findClusters.ts';

type Names = Pick<RowFilter, 'subscription' | 'resourceGroup' | 'cluster' | 'nodePool'>;

export type Unknown = {
  /** As asked for, after the resource group and the subscription where they are given; `*` for any cluster of them. */
  readonly unknownCluster?: string;
  /** The cluster is known, and has no such pool. */
  readonly unknownNodePool?: string;
};

/** The line of an export that would be empty. */
export type UnknownLine = {
  readonly kind: keyof Unknown;
  readonly cluster?: string | undefined;
  readonly nodePool?: string | undefined;
  readonly reason: string;
};

/** Neither field where the record knows what is named, or where nothing is. */
export async function unknownNames({ tables, subscriptions }: FleetTables, names: Names): Promise<Unknown> {
  const { subscription, resourceGroup, cluster, nodePool } = names;
  const given = [subscription, resourceGroup, cluster].filter((name) => name !== undefined);
  if (given.length === 0 && nodePool === undefined) return {};
  const key = cluster !== undefined && parseClusterId(cluster) ? clusterKey(cluster) : undefined;
  const asked =
    key === undefined ? (subscription === undefined ? subscriptions : [subscription]) : [subscriptionOf(key)];
  const known = (await Promise.all(asked.map((one) => readKnownNames(tables, one)))).flat();
  const ofClusters = known.filter((pool) => matchesNames(pool, { ...names, nodePool: undefined }));
  if (given.length > 0 && ofClusters.length === 0 && !(await hasChain(tables, key, names))) {
    return { unknownCluster: [...given, ...(cluster === undefined ? ['*'] : [])].join('/') };
  }
  if (nodePool === undefined || ofClusters.some((pool) => matchesNames(pool, names))) return {};
  return { unknownNodePool: nodePool };
}

/** One that can't be read is a chain all the same. */
async function hasChain(tables: Tables, key: ClusterKey | undefined, names: Names): Promise<boolean> {
  if (key === undefined || !matchesNames({ cluster: names.cluster ?? '' }, { ...names, nodePool: undefined }))
    return false;
  let isUnreadable = false;
  const head = await readHead(tables, key, () => {
    isUnreadable = true;
  });
  return head !== undefined || isUnreadable;
}

/** The rows of an export; where there are none for want of what is named, a line that says so. */
export async function* orUnknown<Row>(
  rows: AsyncIterable<Row>,
  parts: FleetTables,
  names: Names,
): AsyncIterable<Row | UnknownLine> {
  let isEmpty = true;
  for await (const row of rows) {
    isEmpty = false;
    yield row;
  }
  if (!isEmpty) return;
  const { unknownCluster, unknownNodePool } = await unknownNames(parts, names);
  const { cluster, nodePool } = names;
  if (unknownCluster !== undefined) {
    const reason = `The record knows no cluster ${unknownCluster}: that is not to say that nothing changed.`;
    yield { kind: 'unknownCluster', cluster: cluster ?? unknownCluster, nodePool, reason };
  } else if (unknownNodePool !== undefined) {
    const reason = `The record knows no pool ${unknownNodePool} there: that is not to say that nothing changed.`;
    yield { kind: 'unknownNodePool', cluster, nodePool, reason };
  }
}
