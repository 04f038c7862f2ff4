// Table Storage as rows of JSON. Implemented by adapters/storage, on Azure and in memory.

/** The tables of the app; created on first use. */
export type TableName =
  | 'Ledger'
  | 'Starts'
  | 'Facts'
  | 'Decisions'
  | 'Views'
  | 'HistoryIndex'
  | 'Policy'
  | 'Parked'
  | 'Evidence'
  | 'Reports'
  | 'Notifications';

/** A row: one JSON value under a partition and a row key. `value` is undefined where it can't be read: somebody else wrote it. */
export type Row = {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly etag: string;
  readonly value: unknown;
  /** Of the layout that `value` has: {@link rowVersion} when this code wrote it, 0 where the row tells none. */
  readonly version: number;
  /** Why there is no value, where more is known than that: finishes the sentence "row … ". */
  readonly problem?: string;
};

/** The layout of the values that this code writes. A value that only a newer layout explains is not read. */
export const rowVersion = 1;

/** A row that is not as the keeper writes it. Thrown by the stores where nothing can be done without it. */
export class UnreadableRow extends Error {
  override readonly name = 'UnreadableRow';
  readonly rowKey: string;
  readonly why: string;
  /** @param why finishes the sentence "row … " */
  constructor(table: TableName, { partitionKey, rowKey }: Pick<Row, 'partitionKey' | 'rowKey'>, why: string) {
    super(`Table ${table}: row "${rowKey}" of partition "${partitionKey}" ${why}.`);
    this.rowKey = rowKey;
    this.why = why;
  }
}

/** A write that storage does not take, and never will as it is: a value too large even for a document, a key that is none. */
export class RefusedWrite extends Error {
  override readonly name = 'RefusedWrite';
}

/** One operation of a transaction. `replace` and `delete` with an ETag fail when the row changed; `delete` of a row that is not there fails. */
export type RowChange =
  | { readonly kind: 'insert'; readonly rowKey: string; readonly value: unknown }
  | { readonly kind: 'replace'; readonly rowKey: string; readonly value: unknown; readonly etag: string }
  | { readonly kind: 'upsert'; readonly rowKey: string; readonly value: unknown }
  | { readonly kind: 'delete'; readonly rowKey: string; readonly etag: string };

/** Row keys from `from` (included) up to `to` (excluded), in key order. */
export type RowRange = {
  readonly from?: string;
  readonly to?: string;
  /** So many rows are wanted: the first requests read no more in all, of 1,000 rows at most each, and later ones as many again. */
  readonly pageSize?: number;
  /** The rows have no `value`: their keys are all that is read. */
  readonly keysOnly?: boolean;
};

/** Table Storage as the app uses it. A write beyond its limits throws {@link RefusedWrite}. Every promise is in the contract suite that both implementations pass. */
export type Tables = {
  readonly get: (table: TableName, partitionKey: string, rowKey: string) => Promise<Row | undefined>;
  readonly query: (table: TableName, partitionKey: string, range?: RowRange) => AsyncIterable<Row>;
  /** All or nothing, at most 100 changes, one a row. `conflict`: a row, another ETag or none was found; nothing was written. */
  readonly write: (
    table: TableName,
    partitionKey: string,
    changes: readonly RowChange[],
  ) => Promise<'written' | 'conflict'>;
};
