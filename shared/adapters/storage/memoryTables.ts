// Table Storage in memory, with the same promises: for tests, the simulation and runs without a storage account.
import type { Row, RowRange, TableName, Tables } from '../../ports/tables.ts';
import { partsReader } from './largeValues.ts';
import { createMemoryDocuments } from './memoryDocuments.ts';
import { checkKey, documentsOf, type EncodedChange, encodeChanges } from './tableLimits.ts';

type StoredRow = { readonly text: string; readonly etag: string; readonly version: number };
type Partition = { readonly rows: Map<string, StoredRow>; sortedKeys?: readonly string[] | undefined };

/** Values are kept as JSON text, so that no caller shares an object with another. */
export function createMemoryTables(documents = createMemoryDocuments()): Tables {
  const readParts = partsReader(documents);
  const partitions = new Map<string, Partition>();
  let writes = 0;

  function partitionOf(table: TableName, partitionKey: string): Partition {
    const id = `${table}/${partitionKey}`;
    const found = partitions.get(id) ?? { rows: new Map() };
    partitions.set(id, found);
    return found;
  }

  return {
    get: async (table, partitionKey, rowKey) => {
      checkKey(table, partitionKey);
      checkKey(table, rowKey);
      const stored = partitionOf(table, partitionKey).rows.get(rowKey);
      return stored && readParts(toRow(partitionKey, rowKey, stored));
    },

    query: async function* (table, partitionKey, range = {}) {
      checkKey(table, partitionKey);
      const partition = partitionOf(table, partitionKey);
      // The default sort is by UTF-16 code units, as the service's is.
      partition.sortedKeys ??= [...partition.rows.keys()].sort();
      for (const rowKey of partition.sortedKeys) {
        const stored = isWithin(range, rowKey) && partition.rows.get(rowKey);
        if (!stored) continue;
        yield range.keysOnly ? toKey(partitionKey, rowKey, stored) : readParts(toRow(partitionKey, rowKey, stored));
      }
    },

    write: async (table, partitionKey, changes) => {
      const encoded = encodeChanges(table, partitionKey, changes);
      for (const [name, text] of documentsOf(encoded)) await documents.write(name, text);
      // Nothing is awaited between the check and the writes: one write is one step.
      const partition = partitionOf(table, partitionKey);
      if (encoded.some((change) => conflicts(change, partition.rows.get(change.rowKey)))) return 'conflict';
      for (const change of encoded) {
        if (change.kind === 'delete') partition.rows.delete(change.rowKey);
        else partition.rows.set(change.rowKey, { text: change.text, etag: `W/"${++writes}"`, version: change.version });
        if (change.kind !== 'replace') partition.sortedKeys = undefined;
      }
      return 'written';
    },
  };
}

function conflicts(change: EncodedChange, stored: StoredRow | undefined): boolean {
  if ('etag' in change) return stored?.etag !== change.etag;
  return change.kind === 'insert' && stored !== undefined;
}

function isWithin(range: RowRange, rowKey: string): boolean {
  return (range.from === undefined || rowKey >= range.from) && (range.to === undefined || rowKey < range.to);
}

function toKey(partitionKey: string, rowKey: string, { etag }: StoredRow): Row {
  return { partitionKey, rowKey, etag, value: undefined, version: 0 };
}

function toRow(partitionKey: string, rowKey: string, stored: StoredRow): Row {
  return { partitionKey, rowKey, etag: stored.etag, value: JSON.parse(stored.text), version: stored.version };
}
