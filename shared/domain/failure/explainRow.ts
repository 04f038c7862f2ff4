// The failure of a history row, in words: made at each read, never stored or hashed. Called by queryHistory and describeEntry.
import { isRoll } from '../ledger/historyRow.ts';
import type { FoldedRoll, HistoryRow, RollEntry } from '../ledger/ledger.ts';
import { type Explanation, explainFailure } from './explainFailure.ts';
import { nodesBehindCode } from './failure.ts';

export type RowFailure = Omit<Explanation, 'raw'> &
  Explanation['raw'] & {
    readonly nodesLeft?: string | undefined;
  };

/** A row that can't be read, and that the ledger can't stand in for: it may be of any kind. */
export type UnreadRow = {
  readonly kind: 'unreadable';
  readonly id: string;
  readonly cluster?: string | undefined;
  readonly reason: string;
};

export type AnsweredRow =
  | UnreadRow
  | (Extract<HistoryRow, { kind: 'transition' | 'rolled' }> & { readonly failure?: RowFailure })
  | Extract<HistoryRow, { kind: 'firstSeen' | 'gap' | 'gone' }>;

export function withFailure(row: HistoryRow | UnreadRow): AnsweredRow {
  if (!isRoll(row)) return row;
  const failure = failureOf(row);
  return failure ? { ...row, failure } : row;
}

export function failureOf(roll: RollEntry & Pick<FoldedRoll, 'nodes'>): RowFailure | undefined {
  const { error, outcome, to, attempt, kind } = roll;
  const left = nodesLeft(roll);
  const found = error ?? (outcome === 'partial' ? { code: nodesBehindCode, message: left ?? '' } : undefined);
  if (!found) return undefined;
  const ours = { kind: 'attempt', outcome, to, isMoved: kind === 'transition' } as const;
  const { raw, ...explanation } = explainFailure(found, attempt === undefined ? { kind: 'others' } : ours, roll);
  return { ...explanation, ...raw, nodesLeft: left };
}

function nodesLeft({ nodes, to }: Pick<FoldedRoll, 'nodes' | 'to'>): string | undefined {
  const { total, upToDate, cordoned } = nodes ?? {};
  const behind = total === undefined || upToDate === undefined ? 0 : total - upToDate;
  const parts = [
    behind > 0 && `${behind} of ${total} nodes do not run ${to}`,
    cordoned && `${cordoned} ${cordoned === 1 ? 'is' : 'are'} cordoned`,
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', and ')}.` : undefined;
}
