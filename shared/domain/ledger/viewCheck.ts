// Holds a view of the history against the ledger that it was made of. Called by verifyCluster.
import { type Break, hashEntry } from './chain.ts';
import { historyRows, newestIn } from './historyRow.ts';
import type { Entry, HistoryRow } from './ledger.ts';

/** A row of a view in short: the hash of its content, the entry that it claims to be of, the newest that it claims to hold. */
export type RowDigest = { readonly digest: string; readonly sequence: number; readonly newest: number };

export type View = ReadonlyMap<string, RowDigest>;

/** @param row anything: somebody may have written it by hand */
export function digestOf(row: unknown): RowDigest {
  const claimed = (typeof row === 'object' && row !== null ? row : {}) as HistoryRow;
  const number = (value: unknown) => (typeof value === 'number' ? value : 0);
  return { digest: hashOf(row), sequence: number(claimed.sequence), newest: number(newestIn(claimed)) };
}

/** @param projectedTo the view was complete up to there before it was read; the entries were read after it */
export function firstDifference(
  entries: readonly Entry[],
  projectedTo: number,
  view: View,
  placeOf: (row: HistoryRow) => string,
): Break | undefined {
  const amendments = Map.groupBy(
    entries.filter((entry) => entry.kind === 'amendment'),
    ({ amends }) => amends,
  );
  const places = new Set<string>();
  for (const row of historyRows(entries.filter(({ kind }) => kind !== 'amendment'))) {
    const { sequence } = row;
    const place = placeOf(row);
    places.add(place);
    const shown = view.get(place);
    if (!shown && sequence > projectedTo) continue;
    if (!shown) return { sequence, problem: 'has no row' };
    // An amendment may be newer than the row, but not one that was projected.
    const newest = Math.max(projectedTo, shown.newest);
    const own = amendments.get(sequence)?.filter((one) => one.sequence <= newest) ?? [];
    const { id: _id, ...entry } = row;
    const [expected] = own.length === 0 ? [row] : historyRows([entry, ...own]);
    if (digestOf(expected).digest !== shown.digest) return { sequence, problem: 'is not what its row says' };
  }
  for (const [place, { sequence }] of view) {
    if (!places.has(place)) return { sequence, problem: `has a row that is not the ledger's, "${place}",` };
  }
  return undefined;
}

function hashOf(row: unknown): string {
  try {
    return hashEntry(row ?? {});
  } catch {
    return '';
  }
}
