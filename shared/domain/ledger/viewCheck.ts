// Holds a view of the history against the ledger that it was made of. Called by verifyCluster.
import { type Break, hashEntry } from './chain.ts';
import { historyRows, newestIn } from './historyRow.ts';
import type { Entry, HistoryRow } from './ledger.ts';

/** A row of a view in short: the hash of its content, the entry that it claims to be of, the newest that it claims to hold. */
export type RowDigest = { readonly digest: string; readonly sequence: number; readonly newest: number };

export type View = ReadonlyMap<string, RowDigest>;

const unread = 'no JSON';

/** @param row anything: somebody may have written it by hand; undefined: it holds no JSON */
export function digestOf(row: unknown): RowDigest {
  if (row === undefined) return { digest: unread, sequence: 0, newest: 0 };
  const claimed = (typeof row === 'object' && row !== null ? row : {}) as HistoryRow;
  const number = (value: unknown) => (typeof value === 'number' ? value : 0);
  return { digest: hashOf(row), sequence: number(claimed.sequence), newest: number(newestIn(claimed)) };
}

/** Where a view has a row: in all places of `now`; and in those of `ever` perhaps still, as it is now. */
export type Places = {
  readonly now: (row: HistoryRow) => readonly string[];
  /** @param entries the row's own, with all its amendments */
  readonly ever: (row: HistoryRow, entries: readonly Entry[]) => readonly string[];
};

/** @param projectedTo the view was complete up to there before it was read; the entries were read after it */
export function firstDifference(
  entries: readonly Entry[],
  projectedTo: number,
  view: View,
  places: Places,
): Break | undefined {
  const amendments = Map.groupBy(
    entries.filter((entry) => entry.kind === 'amendment'),
    ({ amends }) => amends,
  );
  const seen = new Set<string>();
  for (const entry of entries.filter(({ kind }) => kind !== 'amendment')) {
    const own = [entry, ...(amendments.get(entry.sequence) ?? [])];
    const problem = differenceOf(own, projectedTo, view, places, seen);
    if (problem) return { sequence: entry.sequence, problem };
  }
  for (const [place, { sequence, digest }] of view) {
    if (seen.has(place)) continue;
    const what = digest === unread ? "can't be read" : "is not the ledger's";
    return { sequence, problem: `has a row that ${what}, "${place}",` };
  }
  return undefined;
}

function differenceOf(own: readonly Entry[], projectedTo: number, view: View, places: Places, seen: Set<string>) {
  const digests = new Map<number, string>();
  const rowUpTo = (newest: number) =>
    historyRows(own.filter((one, index) => index === 0 || one.sequence <= newest))[0] as HistoryRow;
  const digestUpTo = (newest: number) => {
    const digest = digests.get(newest) ?? digestOf(rowUpTo(newest)).digest;
    digests.set(newest, digest);
    return digest;
  };
  const row = rowUpTo(projectedTo);
  const needed = row.sequence > projectedTo ? [] : places.now(row);
  for (const place of places.ever(rowUpTo(Number.POSITIVE_INFINITY), own)) {
    seen.add(place);
    const shown = view.get(place);
    if (!shown && needed.includes(place)) return 'has no row';
    // An amendment may be newer than the row, but not one that was projected.
    const newest = Math.max(projectedTo, shown?.newest ?? 0);
    if (shown?.digest === unread) return "has a row that can't be read";
    if (shown && digestUpTo(newest) !== shown.digest) return 'is not what its row says';
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
