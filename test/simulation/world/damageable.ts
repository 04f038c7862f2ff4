// The tables of a run as somebody with a storage explorer has them too: a row can hold no JSON, and what it held before is known.
// Used by stage.ts.
import type { Row, TableName, Tables } from '../../../shared/ports/tables.ts';

/** The value that stands for text that is no JSON. */
export const noJson = { '@': 'no JSON' } as const;

export type Damageable = {
  readonly tables: Tables;
  /** What the row held before it was last written; undefined: nothing else. */
  readonly olderOf: (table: TableName, partition: string, rowKey: string) => unknown;
};

export function damageable(tables: Tables): Damageable {
  const texts = new Map<string, { readonly now: string; readonly before: string | undefined }>();
  const note = (id: string, now: string) => {
    const before = texts.get(id)?.now;
    if (before !== now) texts.set(id, { now, before });
  };
  return {
    olderOf: (...of) => {
      const before = texts.get(of.join('/'))?.before;
      return before === undefined ? undefined : JSON.parse(before);
    },
    tables: {
      get: async (...of) => {
        const row = await tables.get(...of);
        return row && seen(row);
      },
      query: async function* (...of) {
        for await (const row of tables.query(...of)) yield seen(row);
      },
      write: async (table, partition, changes) => {
        const written = await tables.write(table, partition, changes);
        if (written === 'conflict') return written;
        for (const change of changes) {
          if (change.kind !== 'delete') note([table, partition, change.rowKey].join('/'), JSON.stringify(change.value));
        }
        return written;
      },
    },
  };
}

function seen(row: Row): Row {
  return row.value !== null && typeof row.value === 'object' && '@' in row.value ? { ...row, value: undefined } : row;
}
