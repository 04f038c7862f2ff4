// A row of the pools' view: a pool as last listed, and the latest decision on it. Called by decisionsStore.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { Cluster, NodePool } from '../../domain/cluster/cluster.ts';
import { poolKey } from '../../domain/cluster/clusterId.ts';
import { Decision } from '../../domain/plan/decision.ts';
import { blocked, unreadCluster } from '../../domain/plan/unjudged.ts';
import type { Stored } from '../../domain/text/stored.ts';
import type { Row } from '../../ports/tables.ts';
import { poolInKey } from '../rows/keys.ts';
import { type Codec, readRow } from '../rows/readRow.ts';

const PoolView = z.looseObject({ cluster: Cluster.omit({ nodePools: true }), nodePool: NodePool, decision: Decision });
export type PoolView = Stored<typeof PoolView>;

const viewRows: Codec<typeof PoolView> = {
  table: 'Views',
  schema: PoolView,
  isOwn: ({ cluster, nodePool }, row) => poolKey(cluster.id, nodePool.name) === row.rowKey,
};

/** The view in a row; where it can't be read, what the row's key says. Undefined where that names no pool. */
export function viewIn(row: Row): PoolView | undefined {
  const read = readRow(viewRows, row);
  return 'value' in read ? read.value : viewInKey(row.rowKey, read.problem);
}

function viewInKey(rowKey: string, problem: string): PoolView | undefined {
  const pool = poolInKey(rowKey);
  if (!pool?.nodePool) return undefined;
  const said = `What was last known of the pool can't be read: ${problem}; the next pass that lists the cluster writes it anew`;
  const cluster = unreadCluster(pool.cluster, said, [pool.nodePool]);
  const { nodePools, ...rest } = cluster;
  const [nodePool] = nodePools;
  // When it was decided, nobody knows.
  const [decision] = blocked(cluster, said, Temporal.Instant.fromEpochMilliseconds(0));
  return nodePool && decision ? { cluster: rest, nodePool, decision } : undefined;
}
