// The history as CSV. Called by getHistory.
import type { AnsweredRow } from '../../domain/failure/explainRow.ts';
import { type Cells, csvLine } from './csv.ts';

type NameOf<Row> = Row extends unknown ? keyof Row : never;
type ValueOf<Row, Name extends PropertyKey> = Row extends { readonly [Key in Name]?: infer Value } ? Value : never;

type AnyRow = { readonly [Name in NameOf<AnsweredRow>]?: ValueOf<AnsweredRow, Name> | undefined };

/** Add new ones at the end: some readers count columns. */
const columns = `
  id kind cluster nodePool from to startedAt startedAfter startedNotAfter completedAt observedAt recordedAt cause
  inWindow windowOpensAt windowClosesAt outcome proof nodesTotal nodesUpToDate nodesReady attempt errorCode
  errorMessage actorKind actorName correlationId reason sequence amendedBy previousHash hash unseenFrom unseenTo
  timedBy evidence direction proofProblem windowName`
  .trim()
  .split(/\s+/);

export async function* historyCsv(rows: AsyncIterable<AnsweredRow>): AsyncIterable<string> {
  yield csvLine(columns);
  for await (const row of rows) {
    const cells = toCells(row);
    yield csvLine(columns.map((column) => cells[column]));
  }
}

function toCells({
  startedBetween,
  window,
  nodes,
  error,
  actor,
  amendedBy,
  failure: _failure,
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
  };
}
