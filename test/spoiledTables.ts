// Tables in memory in which rows can be spoiled, as by somebody with Storage Explorer: a row holds no JSON until it is written
// again. For the tests of what one cluster's rows may do to others.
import { createMemoryTables } from '../shared/adapters/storage/memoryTables.ts';
import type { Row, TableName, Tables } from '../shared/ports/tables.ts';

export function spoiledTables() {
  const tables = createMemoryTables();
  const spoiled = new Set<string>();
  const placeOf = (table: TableName, partition: string, rowKey: string) => JSON.stringify([table, partition, rowKey]);
  const seen = (table: TableName, row: Row): Row =>
    spoiled.has(placeOf(table, row.partitionKey, row.rowKey)) ? { ...row, value: undefined } : row;
  const wrapped: Tables = {
    get: async (table, partition, rowKey) => {
      const row = await tables.get(table, partition, rowKey);
      return row && seen(table, row);
    },
    query: async function* (table, partition, range) {
      for await (const row of tables.query(table, partition, range)) yield seen(table, row);
    },
    write: async (table, partition, changes) => {
      const written = await tables.write(table, partition, changes);
      if (written === 'written') for (const { rowKey } of changes) spoiled.delete(placeOf(table, partition, rowKey));
      return written;
    },
  };

  /** Puts a value into a row, whatever was there; undefined: what is no JSON. */
  async function put(table: TableName, partition: string, rowKey: string, value: unknown): Promise<void> {
    await wrapped.write(table, partition, [{ kind: 'upsert', rowKey, value: value === undefined ? null : value }]);
    if (value === undefined) spoiled.add(placeOf(table, partition, rowKey));
  }

  return { tables: wrapped, put };
}

/** What a row may hold that is not ours. */
export const notOurs: readonly (readonly [what: string, value: unknown])[] = [
  ['no JSON', undefined],
  ['null', null],
  ['a number', 7],
  ['a list', []],
  ['nothing', {}],
];
