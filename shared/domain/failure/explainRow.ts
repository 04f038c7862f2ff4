// What is said of a history row beside what was recorded: its cluster's names, its failure and its images in words. Made at each
// read, never stored or hashed. Called by queryHistory, and for the failure by whoever else tells of one.
import { parseClusterId } from '../cluster/clusterId.ts';
import { isRoll } from '../ledger/historyRow.ts';
import type { FoldedRoll, HistoryRow, RollEntry } from '../ledger/ledger.ts';
import { type Explanation, explainFailure } from './explainFailure.ts';
import { nodesBehindCode } from './failure.ts';
import { countedImage, imageNote } from './imageNote.ts';

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

/** What the ARM id of a row's cluster says. */
type Names = {
  readonly subscription?: string | undefined;
  readonly resourceGroup?: string | undefined;
  readonly clusterName?: string | undefined;
};

type RollRow = Extract<HistoryRow, { kind: 'transition' | 'rolled' }>;

export type AnsweredRow = Names &
  (
    | UnreadRow
    | (RollRow & { readonly failure?: RowFailure | undefined; readonly imageNote?: string | undefined })
    | Exclude<HistoryRow, RollRow>
  );

export function toAnsweredRow(row: HistoryRow | UnreadRow): AnsweredRow {
  // Field by field: what a second spread makes takes half as long again to become JSON.
  const { subscription, resourceGroup, clusterName } = namesOf(row.cluster);
  if (!isRoll(row)) return { ...row, subscription, resourceGroup, clusterName };
  return { ...row, subscription, resourceGroup, clusterName, imageNote: imageNote(row), failure: failureOf(row) };
}

export function namesOf(clusterId: string | undefined): Names {
  const { subscription, resourceGroup, cluster: clusterName } = parseClusterId(clusterId ?? '') ?? {};
  return { subscription, resourceGroup, clusterName };
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

function nodesLeft(roll: RollEntry & Pick<FoldedRoll, 'nodes'>): string | undefined {
  const { total, upToDate, cordoned } = roll.nodes ?? {};
  const behind = total === undefined || upToDate === undefined ? 0 : total - upToDate;
  const parts = [
    behind > 0 && `${behind} of ${total} nodes do not run ${countedImage(roll) ?? 'the image that was asked for'}`,
    cordoned && `${cordoned} ${cordoned === 1 ? 'is' : 'are'} cordoned`,
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', and ')}.` : undefined;
}
