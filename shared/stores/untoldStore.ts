// What lists said of clusters whose ledger could not be told of it: else a gap would be lost when the pass is noted.
import { z } from 'zod';
import type { ClusterKey } from '../domain/cluster/clusterId.ts';
import { Instant, type Stored } from '../domain/text/stored.ts';
import type { Tables } from '../ports/tables.ts';
import { listRows } from './rows/listRows.ts';
import { valueIfRead } from './rows/readRow.ts';

const UntoldListing = z.looseObject({
  at: Instant,
  /** Absent: nobody knows when the list before it was asked for. */
  before: Instant.optional(),
  isListed: z.boolean(),
  reason: z.string(),
});
export type UntoldListing = Stored<typeof UntoldListing>;
const untoldRows = { table: 'Facts', schema: z.array(UntoldListing) } as const;

/** Hours of lists that leave a cluster out are one listing, so that more than these are not to be expected. */
const maxListings = 50;
const partitionOf = (subscription: string) => `untold|${subscription.toLowerCase()}`;

/** Oldest first, by cluster. A row that can't be read tells nothing any more. */
export async function readUntold(tables: Tables, subscription: string) {
  const rows = await listRows(tables, 'Facts', partitionOf(subscription));
  return new Map(rows.map((row) => [row.rowKey, valueIfRead(untoldRows, row) ?? []]));
}

export async function keepUntold(
  tables: Tables,
  subscription: string,
  key: ClusterKey,
  listings: readonly UntoldListing[],
): Promise<void> {
  const value = listings.slice(-maxListings);
  await tables.write('Facts', partitionOf(subscription), [{ kind: 'upsert', rowKey: key, value }]);
}

export async function dropUntold(tables: Tables, subscription: string, key: ClusterKey): Promise<void> {
  const row = await tables.get('Facts', partitionOf(subscription), key);
  if (row) await tables.write('Facts', partitionOf(subscription), [{ kind: 'delete', rowKey: key, etag: row.etag }]);
}
