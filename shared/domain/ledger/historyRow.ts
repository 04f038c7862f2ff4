// The history as it is read: ledger entries, folded with later amendments. Called by projectLedger and viewCheck.
import { clusterKey } from '../cluster/clusterId.ts';
import { given } from '../text/anyValue.ts';
import type { Amendment, Entry, FoldedRoll, HistoryRow, RollEntry } from './ledger.ts';

export function isRoll<T extends { readonly kind: string }>(
  row: T,
): row is Extract<T, { kind: 'transition' | 'rolled' }> {
  return row.kind === 'transition' || row.kind === 'rolled';
}

/**
 * A cause counts with an actor, or where the entry's own is `unknown` and nobody is named. What the Activity Log does not
 * know takes back what was said of who did it. @param amendments oldest first, of any entry
 */
export function fold(entry: RollEntry, amendments: readonly (Amendment & { readonly sequence: number })[]): FoldedRoll {
  let row: FoldedRoll = entry;
  for (const amendment of amendments) {
    if (amendment.amends !== entry.sequence) continue;
    const { cause, inWindow, window, outcome, proof, nodes, actor, evidence, reason, sequence } = amendment;
    if (evidence === 'notInActivityLog') row = withoutActor(row, entry);
    const isKnown = !actor && (entry.cause !== 'unknown' || row.actor !== undefined);
    const said = {
      cause: isKnown ? undefined : cause,
      inWindow,
      window,
      outcome,
      proof,
      nodes,
      actor,
      evidence,
      reason,
    };
    row = { ...row, ...given(said), amendedBy: [...(row.amendedBy ?? []), sequence] };
    if (row.proof !== 'pool') row = { ...row, proofProblem: undefined };
  }
  return row;
}

function withoutActor({ actor: _actor, ...row }: FoldedRoll, { cause, inWindow, window }: RollEntry): FoldedRoll {
  return { ...row, cause, inWindow, window };
}

/** Oldest first. @param entries of a cluster in any order, with every amendment of each */
export function historyRows(entries: readonly Entry[]): readonly HistoryRow[] {
  const ordered = entries.toSorted((a, b) => a.sequence - b.sequence);
  const amendments = Map.groupBy(
    ordered.filter((entry) => entry.kind === 'amendment'),
    ({ amends }) => amends,
  );
  return ordered.flatMap((entry): HistoryRow[] => {
    if (entry.kind === 'amendment') return [];
    const id = `${clusterKey(entry.cluster)}|${entry.sequence}`;
    return [{ id, ...(isRoll(entry) ? fold(entry, amendments.get(entry.sequence) ?? []) : entry) }];
  });
}

/** When it happened: a roll when it ended, all else when it was seen. ISO. */
export function timeOf(row: HistoryRow): string {
  return isRoll(row) ? row.completedAt : row.observedAt;
}

export function newestIn(row: HistoryRow): number {
  const amendedBy = isRoll(row) && row.amendedBy;
  return (Array.isArray(amendedBy) ? (amendedBy as readonly number[]).at(-1) : undefined) ?? row.sequence;
}
