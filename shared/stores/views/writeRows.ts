// Writes rows of the history into a partition of a view, under the keys by which all answers are ordered. Called by historyStore
// and historyTerms.
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import { newestIn, timeOf } from '../../domain/ledger/historyRow.ts';
import type { HistoryRow } from '../../domain/ledger/ledger.ts';
import { digestOf } from '../../domain/ledger/viewCheck.ts';
import type { Row, TableName, Tables } from '../../ports/tables.ts';
import { descending } from '../rows/keys.ts';
import { insertOrReplace, replaceRow } from '../rows/replaceRow.ts';

type Place = readonly [table: TableName, partition: string];

// The largest rows that storage takes, all of characters that are sent as six, stay below the 4 MiB of a transaction.
const rowsPerWrite = 20;
const tries = 8;

/** Sorts by time, newest first, then by cluster and sequence: the order of every history answer. */
export function historyKey(row: HistoryRow): string {
  const time = descending(Date.parse(timeOf(row)));
  return `${time}|${clusterKey(row.cluster)}|${descending(row.sequence)}`;
}

export async function writeRows(tables: Tables, place: Place, rows: readonly HistoryRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsPerWrite) {
    const some = rows.slice(start, start + rowsPerWrite);
    const inserts = some.map((row) => insertOrReplace(historyKey(row), row, undefined));
    if ((await tables.write(...place, inserts)) === 'written') continue;
    for (const row of some) await writeUnlessNewer(tables, place, row);
  }
}

// A projection that was held up must not put an older row over one with a later amendment:
//   one:   read ledger up to 10 · · · · · · · · · · · · · · · · · · · · · · · write row 10
//   other: · · · · · · · · · · · read up to 11, which amends 10 · write row 10
async function writeUnlessNewer(tables: Tables, [table, partition]: Place, row: HistoryRow): Promise<void> {
  const rowKey = historyKey(row);
  const make = (stored: Row | undefined) => (!stored || isReplacedBy(row, stored.value) ? row : undefined);
  if ((await replaceRow(tables, [table, partition, rowKey], make, tries)) !== 'contended') return;
  throw new Error(
    `Row ${rowKey} of ${partition} was changed by others ${tries} times while it was written; try again.`,
  );
}

/** What somebody wrote by hand may be anything, and is replaced. */
function isReplacedBy(row: HistoryRow, stored: unknown): boolean {
  return digestOf(stored).newest <= newestIn(row) && JSON.stringify(stored) !== JSON.stringify(row);
}
