// Checks that one cluster's record is what was written. Called by checkRecord, which read the views before.
import { z } from 'zod';
import { type ClusterKey, clusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { type Break, firstBreak } from '../../domain/ledger/chain.ts';
import { type DigestedHead, firstUndigested } from '../../domain/ledger/digest.ts';
import { termsEver, termsOf } from '../../domain/ledger/historyFilter.ts';
import { historyRows, timeOf } from '../../domain/ledger/historyRow.ts';
import { Entry, type HistoryRow } from '../../domain/ledger/ledger.ts';
import { digestOf, firstDifference, type Places, type RowDigest, type View } from '../../domain/ledger/viewCheck.ts';
import { type Tables, UnreadableRow } from '../../ports/tables.ts';
import { turn } from '../../ports/turn.ts';
import { readStoredEntries, readStoredHead } from '../../stores/ledgerStore.ts';
import { readStoredCluster } from '../../stores/views/historyStore.ts';
import { historyKey } from '../../stores/views/writeRows.ts';

export type ClusterVerdict = {
  /** Its ARM id, or its key where the ledger has none. */
  readonly cluster: string;
  readonly whole: boolean;
  readonly entries: number;
  readonly head?: { readonly sequence: number; readonly hash: string } | undefined;
  readonly projectedTo: number;
  readonly firstBreak?: { readonly sequence?: number; readonly problem: string } | undefined;
};

/** What was read before the ledger. */
type Projected = {
  readonly digested: readonly DigestedHead[];
  readonly projectedTo: number;
  /** The cluster's rows among the fleet's, by subscription, month and key. */
  readonly fleetView: View;
  /** Its rows in the index of terms, by subscription, term and key; they are there up to `indexedTo`. */
  readonly termView: View;
  readonly indexedTo: number;
  /** The pools that have rows. */
  readonly index: ReadonlySet<string>;
};

const tries = 5;

const placeInFleet = (row: HistoryRow) =>
  `${subscriptionOf(clusterKey(row.cluster))} ${timeOf(row).slice(0, 7)} ${historyKey(row)}`;
const only = (placeOf: (row: HistoryRow) => string): Places => {
  return { now: (row) => [placeOf(row)], ever: (row) => [placeOf(row)] };
};

const [inClusters, inMonths] = [only(historyKey), only(placeInFleet)];
const placesOf = (terms: readonly string[], row: HistoryRow) =>
  terms.map((term) => `${subscriptionOf(clusterKey(row.cluster))} ${term} ${historyKey(row)}`);
const inTerms: Places = {
  now: (row) => placesOf(termsOf(row), row),
  ever: (row, entries) => placesOf(termsEver(row, entries), row),
};

export async function verifyCluster(
  tables: Tables,
  key: ClusterKey,
  { digested, projectedTo, ...projected }: Projected,
): Promise<ClusterVerdict> {
  try {
    const view = new Map<string, RowDigest>();
    for await (const { rowKey, row } of readStoredCluster(tables, key)) view.set(rowKey, digestOf(row));
    const { head, stored } = await readLedger(tables, key);
    await turn();
    const ofLedger =
      firstBreak(key, stored, head) ?? firstUndigested(stored, digested) ?? firstUnread(stored, projectedTo);
    await turn();
    const broken =
      ofLedger ?? firstUnknown(stored) ?? (await firstOfViews(key, stored, view, { projectedTo, ...projected }));
    return {
      cluster: typeof head?.['cluster'] === 'string' ? head['cluster'] : key,
      whole: !broken,
      entries: stored.length,
      // What somebody wrote by hand may be no head.
      head: z.object({ sequence: z.int(), hash: z.string() }).safeParse(head).data,
      projectedTo,
      firstBreak: broken && { sequence: broken.sequence, problem: `Entry ${broken.sequence} ${broken.problem}.` },
    };
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    return { cluster: key, whole: false, entries: 0, projectedTo, firstBreak: { problem: error.message } };
  }
}

async function firstOfViews(
  key: ClusterKey,
  stored: readonly unknown[],
  view: View,
  { projectedTo, indexedTo, fleetView, termView, index }: Omit<Projected, 'digested'>,
): Promise<Break | undefined> {
  const entries = z.array(Entry).parse(stored);
  const breaks = [firstUnindexed(key, entries, fleetView, index)];
  const held = [
    [view, projectedTo, inClusters, "the cluster's history"],
    [fleetView, projectedTo, inMonths, "the fleet's history"],
    [termView, indexedTo, inTerms, "the history's index"],
  ] as const;
  for (const [shown, to, places, where] of held) {
    await turn();
    const difference = firstDifference(entries, to, shown, places);
    if (difference) breaks.push({ ...difference, problem: `${difference.problem} in ${where}` });
  }
  return breaks.flatMap((one) => one ?? []).toSorted((a, b) => a.sequence - b.sequence)[0];
}

async function readLedger(tables: Tables, key: ClusterKey) {
  for (let tried = 0; tried < tries; tried += 1) {
    const head = await readStoredHead(tables, key);
    const stored = (await Array.fromAsync(readStoredEntries(tables, key))).toReversed();
    if ((await readStoredHead(tables, key))?.['hash'] === head?.['hash']) return { head, stored };
  }
  throw new Error(`The ledger of ${key} grew ${tries} times while it was checked; try again.`);
}

function firstUnread({ length }: readonly unknown[], projectedTo: number): Break | undefined {
  if (projectedTo <= length) return undefined;
  return { sequence: length + 1, problem: `is missing: the history was made of ${projectedTo} entries` };
}

/** A whole chain may hold what a newer version of the keeper wrote. */
function firstUnknown(stored: readonly unknown[]): Break | undefined {
  const index = stored.findIndex((entry) => !Entry.safeParse(entry).success);
  return index < 0 ? undefined : { sequence: index + 1, problem: 'is not as this version of the keeper writes it' };
}

/** Every pool that has rows stands in the index, or a query by its name would not find them. */
function firstUnindexed(key: ClusterKey, entries: readonly Entry[], fleetView: View, index: ReadonlySet<string>) {
  const isMissing = (nodePool?: string) => nodePool !== undefined && !index.has(`${key}|${nodePool.toLowerCase()}`);
  const row = historyRows(entries).find((one) => isMissing(one.nodePool) && fleetView.has(placeInFleet(one)));
  if (!row) return undefined;
  return { sequence: row.sequence, problem: `is about pool ${row.nodePool}, which is not in the index of pools` };
}
