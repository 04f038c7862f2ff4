// When each subscription was last planned: a silent planner can be told from a fleet in which nothing changes.
import { z } from 'zod';
import { ClusterId } from '../domain/cluster/clusterId.ts';
import { Instant, type Stored } from '../domain/text/stored.ts';
import type { Tables } from '../ports/tables.ts';
import { listValues } from './rows/listRows.ts';
import { type RowRead, readRow } from './rows/readRow.ts';

const Pass = z.looseObject({
  subscription: z.string().min(1),
  at: Instant,
  clusters: z.number(),
  /** When the last list that ARM answered was asked for. */
  listedAt: Instant.optional(),
  problem: z.string().optional(),
  /** The ids of the clusters that the list showed without pools: the view of pools has none of them. */
  withoutPools: z.array(ClusterId).optional(),
});
export type Pass = Stored<typeof Pass>;

const partition = 'passes';
const passRows = { table: 'Facts', schema: Pass } as const;

export async function writePass(tables: Tables, pass: Pass): Promise<void> {
  await tables.write('Facts', partition, [{ kind: 'upsert', rowKey: pass.subscription, value: pass }]);
}

/** The last pass of a subscription, or why it can't be told; undefined: it was never planned. */
export async function readPass(tables: Tables, subscription: string): Promise<RowRead<Pass> | undefined> {
  const row = await tables.get('Facts', partition, subscription);
  return row && readRow(passRows, row);
}

/** Of each subscription that was ever planned, as far as it can be read. */
export function readPasses(tables: Tables): Promise<readonly Pass[]> {
  return listValues(tables, passRows, partition);
}
