// The history as CSV. Called by getHistory.
import type { AnsweredRow } from '../../domain/failure/explainRow.ts';
import type { UnknownLine } from '../../usecases/history/unknownNames.ts';
import { type Cells, csvHeaders, csvLine } from './csv.ts';

type NameOf<Row> = Row extends unknown ? keyof Row : never;
type ValueOf<Row, Name extends PropertyKey> = Row extends { readonly [Key in Name]?: infer Value } ? Value : never;

type CsvRow = AnsweredRow | UnknownLine;
type AnyRow = { readonly [Name in NameOf<CsvRow>]?: ValueOf<CsvRow, Name> | undefined };

/** Add new ones at the end: some readers count columns. */
const columns = `
  id kind cluster nodePool from to startedAt startedAfter startedNotAfter completedAt observedAt recordedAt cause
  inWindow windowOpensAt windowClosesAt outcome proof nodesTotal nodesUpToDate nodesReady attempt errorCode
  errorMessage actorKind actorName correlationId reason sequence amendedBy previousHash hash unseenFrom unseenTo
  timedBy evidence target imageNote failureClass remedy nodesLeft ring policyVersion approvalId approvedBy clusterName
  resourceGroup subscription direction proofProblem windowName`
  .trim()
  .split(/\s+/);

/** The last record is of kind `end`, with the number of rows as its reason, or of kind `incomplete`, with the problem. */
export function historyCsv(rows: AsyncIterable<CsvRow>) {
  async function* lines(): AsyncIterable<string> {
    yield csvLine(columns);
    let count = 0;
    for await (const row of rows) {
      yield toLine(toCells(row));
      count += 1;
    }
    yield toLine({ kind: 'end', reason: `${count} rows` });
  }
  return {
    headers: csvHeaders('history.csv'),
    lines: lines(),
    incomplete: (problem: string) => toLine({ kind: 'incomplete', reason: problem }),
  };
}

const toLine = (cells: Cells) => csvLine(columns.map((column) => cells[column]));

function toCells({
  startedBetween,
  window,
  nodes,
  error,
  actor,
  amendedBy,
  failure,
  approval,
  kubernetesWindow: _kubernetes,
  ...row
}: AnyRow): Cells {
  return {
    ...row,
    to: row.to ?? row.nodeImageVersion,
    startedAfter: startedBetween?.[0] ?? undefined,
    startedNotAfter: startedBetween?.[1],
    windowName: window?.name,
    windowOpensAt: window?.opensAt,
    windowClosesAt: window?.closesAt,
    nodesTotal: nodes?.total,
    nodesUpToDate: nodes?.upToDate,
    nodesReady: nodes?.ready,
    errorCode: error?.code,
    errorMessage: error?.message,
    actorKind: actor?.kind,
    actorName: actor?.name,
    correlationId: actor?.correlationId,
    amendedBy: amendedBy?.join(' '),
    failureClass: failure?.class,
    remedy: failure?.remedy,
    nodesLeft: failure?.nodesLeft,
    approvalId: approval?.id,
    approvedBy: approval?.approvedBy,
  };
}
