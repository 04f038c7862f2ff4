// What lists said of clusters whose ledger could not be told of it: rows of Facts, a partition a subscription. Without them a
// gap in the record would be lost when the pass is noted. Called by recordGaps.
import type { ClusterKey } from '../domain/cluster/cluster.ts';
import type { Tables } from '../ports/tables.ts';
import { valueIfRead } from './rows/readRow.ts';
import { UntoldShape } from './rows/shapes.ts';

/** What one list said; times are ISO. `before` absent: nobody knows when the list before it was asked for. */
export type UntoldListing = {
  readonly at: string;
  readonly before?: string | undefined;
  readonly isListed: boolean;
  readonly reason: string;
};

/** Hours of lists that leave a cluster out are one listing, so that more than these are not to be expected. */
const mostListings = 50;
const partitionOf = (subscription: string) => `untold|${subscription.toLowerCase()}`;

/** Oldest first, by cluster. A row that can't be read tells nothing any more. */
export async function readUntold(
  tables: Tables,
  subscription: string,
): Promise<ReadonlyMap<ClusterKey, readonly UntoldListing[]>> {
  const untold = new Map<ClusterKey, readonly UntoldListing[]>();
  for await (const row of tables.query('Facts', partitionOf(subscription))) {
    untold.set(row.rowKey, valueIfRead<readonly UntoldListing[]>(row, { shape: UntoldShape }) ?? []);
  }
  return untold;
}

export async function keepUntold(
  tables: Tables,
  subscription: string,
  key: ClusterKey,
  listings: readonly UntoldListing[],
): Promise<void> {
  const value = listings.slice(-mostListings);
  await tables.write('Facts', partitionOf(subscription), [{ kind: 'upsert', rowKey: key, value }]);
}

export async function dropUntold(tables: Tables, subscription: string, key: ClusterKey): Promise<void> {
  const row = await tables.get('Facts', partitionOf(subscription), key);
  if (row) await tables.write('Facts', partitionOf(subscription), [{ kind: 'delete', rowKey: key, etag: row.etag }]);
}
