// The table Policy as it really was at every time: who set which policy, hold and approval. Written by whoever writes the
// table, people and keeper alike; read by the judges.
import type { RowChange, Tables } from '../../../shared/ports/tables.ts';

export type PolicyRow = {
  readonly at: number;
  readonly partition: string;
  readonly rowKey: string;
  /** Undefined: the row was deleted. */
  readonly value: unknown;
};

export function watchPolicy(
  tables: Tables,
  now: () => number,
): { readonly tables: Tables; readonly rows: PolicyRow[] } {
  const rows: PolicyRow[] = [];
  const note = (partition: string, change: RowChange) =>
    rows.push({
      at: now(),
      partition,
      rowKey: change.rowKey,
      value: change.kind === 'delete' ? undefined : JSON.parse(JSON.stringify(change.value)),
    });
  return {
    rows,
    tables: {
      ...tables,
      write: async (table, partition, changes) => {
        const written = await tables.write(table, partition, changes);
        if (table === 'Policy' && written === 'written') for (const change of changes) note(partition, change);
        return written;
      },
    },
  };
}

/** The rows of a partition as they stood at a time, by their keys. */
export function rowsAt(rows: readonly PolicyRow[], partition: string, at: number): ReadonlyMap<string, unknown> {
  const standing = new Map<string, unknown>();
  for (const row of rows) {
    if (row.at > at || row.partition !== partition) continue;
    if (row.value === undefined) standing.delete(row.rowKey);
    else standing.set(row.rowKey, row.value);
  }
  return standing;
}

/** True when nothing was written to the partition in this span, both ends included. */
export function isUnchanged(rows: readonly PolicyRow[], partition: string, from: number, to: number): boolean {
  return !rows.some((row) => row.partition === partition && row.at >= from && row.at <= to);
}
