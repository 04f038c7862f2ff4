// The history as CSV: its columns, fixed and in order. Called by getHistory.
import { isRoll } from '../../domain/ledger/historyRow.ts';
import type { HistoryRow } from '../../domain/ledger/ledger.ts';
import { type Cell, csvLine } from './csv.ts';

/** New columns come last: what reads them by place goes on to work. */
const columns = [
  'id',
  'kind',
  'cluster',
  'nodePool',
  'from',
  'to',
  'startedAt',
  'startedAfter',
  'startedNotAfter',
  'completedAt',
  'observedAt',
  'recordedAt',
  'cause',
  'inWindow',
  'windowOpensAt',
  'windowClosesAt',
  'outcome',
  'proof',
  'nodesTotal',
  'nodesUpToDate',
  'nodesReady',
  'attempt',
  'errorCode',
  'errorMessage',
  'actorKind',
  'actorName',
  'correlationId',
  'reason',
  'sequence',
  'amendedBy',
  'previousHash',
  'hash',
  'unseenFrom',
  'unseenTo',
] as const;

type Cells = Partial<Record<(typeof columns)[number], Cell>>;

export async function* historyCsv(rows: AsyncIterable<HistoryRow>): AsyncIterable<string> {
  yield csvLine(columns);
  for await (const row of rows) {
    const cells = cellsOf(row);
    yield csvLine(columns.map((column) => cells[column]));
  }
}

function cellsOf(row: HistoryRow): Cells {
  const { id, kind, cluster, nodePool, observedAt, recordedAt, sequence, previousHash, hash } = row;
  const common = { id, kind, cluster, nodePool, observedAt, recordedAt, sequence, previousHash, hash };
  if (row.kind === 'firstSeen') return { ...common, to: row.nodeImageVersion };
  if (row.kind === 'gap') {
    return { ...common, reason: row.reason, unseenFrom: row.unseenFrom, unseenTo: row.unseenTo };
  }
  if (!isRoll(row)) return { ...common, reason: row.reason };
  const { from, to, startedAt, startedBetween, completedAt, cause, inWindow, outcome, proof, attempt, reason } = row;
  return {
    ...common,
    from,
    to,
    startedAt,
    startedAfter: startedBetween[0] ?? undefined,
    startedNotAfter: startedBetween[1],
    completedAt,
    cause,
    inWindow,
    windowOpensAt: row.window?.opensAt,
    windowClosesAt: row.window?.closesAt,
    outcome,
    proof,
    nodesTotal: row.nodes?.total,
    nodesUpToDate: row.nodes?.upToDate,
    nodesReady: row.nodes?.ready,
    attempt,
    errorCode: row.error?.code,
    errorMessage: row.error?.message,
    actorKind: row.actor?.kind,
    actorName: row.actor?.name,
    correlationId: row.actor?.correlationId,
    reason,
    amendedBy: row.amendedBy?.join(' '),
  };
}
