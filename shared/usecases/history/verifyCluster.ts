// Checks that one cluster's record is what was written. Called by verifyHistory, which read the views before.
import { type ClusterKey, clusterKey, subscriptionOf } from '../../domain/cluster/cluster.ts';
import { type Break, firstBreak } from '../../domain/ledger/chain.ts';
import { type DigestedHead, firstUndigested } from '../../domain/ledger/digest.ts';
import { historyRows, timeOf } from '../../domain/ledger/historyRow.ts';
import type { ChainHead, Entry, HistoryRow } from '../../domain/ledger/ledger.ts';
import { digestOf, firstDifference, type RowDigest, type View } from '../../domain/ledger/viewCheck.ts';
import { type Tables, UnreadableRow } from '../../ports/tables.ts';
import { listEntries, readChainAsItIs } from '../../stores/ledgerStore.ts';
import { historyKey, readClusterHistory } from '../../stores/views/historyStore.ts';

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
  readonly index: ReadonlySet<string>;
};

const tries = 5;

const placeInFleet = (row: HistoryRow) =>
  `${subscriptionOf(clusterKey(row.cluster))} ${timeOf(row).slice(0, 7)} ${historyKey(row)}`;

export async function verifyCluster(
  tables: Tables,
  key: ClusterKey,
  { digested, projectedTo, fleetView, index }: Projected,
): Promise<ClusterVerdict> {
  try {
    const view = new Map<string, RowDigest>();
    for await (const { rowKey, row } of readClusterHistory(tables, key)) view.set(rowKey, digestOf(row));
    const { chain, entries } = await readLedger(tables, key);
    const breaksOfViews = () => [
      inView(firstDifference(entries, projectedTo, view, historyKey), "the cluster's history"),
      inView(firstDifference(entries, projectedTo, fleetView, placeInFleet), "the fleet's history"),
      firstUnindexed(key, entries, fleetView, index),
    ];
    const broken =
      firstBreak(key, entries, chain) ??
      firstUndigested(entries, digested) ??
      firstUnread(entries, projectedTo) ??
      breaksOfViews()
        .flatMap((one) => one ?? [])
        .toSorted((a, b) => a.sequence - b.sequence)[0];
    return {
      cluster: chain?.cluster ?? key,
      whole: !broken,
      entries: entries.length,
      head: headOf(chain),
      projectedTo,
      firstBreak: broken && { sequence: broken.sequence, problem: `Entry ${broken.sequence} ${broken.problem}.` },
    };
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    return { cluster: key, whole: false, entries: 0, projectedTo, firstBreak: { problem: error.message } };
  }
}

/** What somebody wrote by hand may be no head. */
function headOf({ sequence, hash }: Partial<ChainHead> = {}): ClusterVerdict['head'] {
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || typeof hash !== 'string') return undefined;
  return { sequence, hash };
}

async function readLedger(tables: Tables, key: ClusterKey) {
  for (let tried = 0; tried < tries; tried += 1) {
    const chain = await readChainAsItIs(tables, key);
    const entries = (await listEntries(tables, key)).toReversed();
    if ((await readChainAsItIs(tables, key))?.hash === chain?.hash) return { chain, entries };
  }
  throw new Error(`The ledger of ${key} grew ${tries} times while it was checked; try again.`);
}

function firstUnread({ length }: readonly Entry[], projectedTo: number): Break | undefined {
  if (projectedTo <= length) return undefined;
  return { sequence: length + 1, problem: `is missing: the history was made of ${projectedTo} entries` };
}

/** Every pool that has rows stands in the index, or a query by its name would not find them. */
function firstUnindexed(key: ClusterKey, entries: readonly Entry[], fleetView: View, index: ReadonlySet<string>) {
  const isMissing = (nodePool?: string) => nodePool !== undefined && !index.has(`${key}|${nodePool.toLowerCase()}`);
  const row = historyRows(entries).find((one) => isMissing(one.nodePool) && fleetView.has(placeInFleet(one)));
  if (!row) return undefined;
  return { sequence: row.sequence, problem: `is about pool ${row.nodePool}, which is not in the index of pools` };
}

function inView(difference: Break | undefined, where: string): Break | undefined {
  return difference && { ...difference, problem: `${difference.problem} in ${where}` };
}
