// The history as CSV. Called by getHistory.
import type { HistoryRow } from '../../domain/ledger/ledger.ts';
import { type Cell, csvLine } from './csv.ts';

type NameOf<Row> = Row extends unknown ? keyof Row : never;
type ValueOf<Row, Name extends PropertyKey> = Row extends { readonly [Key in Name]?: infer Value } ? Value : never;

/** A row of any kind; the fields of the other kinds are undefined. */
type AnyRow = { readonly [Name in NameOf<HistoryRow>]?: ValueOf<HistoryRow, Name> | undefined };

/** Add new columns at the end: some readers count columns. */
const columns: Readonly<Record<string, (row: AnyRow) => Cell>> = {
  id: ({ id }) => id,
  kind: ({ kind }) => kind,
  cluster: ({ cluster }) => cluster,
  nodePool: ({ nodePool }) => nodePool,
  from: ({ from }) => from,
  to: ({ to, nodeImageVersion }) => to ?? nodeImageVersion,
  startedAt: ({ startedAt }) => startedAt,
  startedAfter: ({ startedBetween }) => startedBetween?.[0] ?? undefined,
  startedNotAfter: ({ startedBetween }) => startedBetween?.[1],
  completedAt: ({ completedAt }) => completedAt,
  observedAt: ({ observedAt }) => observedAt,
  recordedAt: ({ recordedAt }) => recordedAt,
  cause: ({ cause }) => cause,
  inWindow: ({ inWindow }) => inWindow,
  windowOpensAt: ({ window }) => window?.opensAt,
  windowClosesAt: ({ window }) => window?.closesAt,
  outcome: ({ outcome }) => outcome,
  proof: ({ proof }) => proof,
  nodesTotal: ({ nodes }) => nodes?.total,
  nodesUpToDate: ({ nodes }) => nodes?.upToDate,
  nodesReady: ({ nodes }) => nodes?.ready,
  attempt: ({ attempt }) => attempt,
  errorCode: ({ error }) => error?.code,
  errorMessage: ({ error }) => error?.message,
  actorKind: ({ actor }) => actor?.kind,
  actorName: ({ actor }) => actor?.name,
  correlationId: ({ actor }) => actor?.correlationId,
  reason: ({ reason }) => reason,
  sequence: ({ sequence }) => sequence,
  amendedBy: ({ amendedBy }) => amendedBy?.join(' '),
  previousHash: ({ previousHash }) => previousHash,
  hash: ({ hash }) => hash,
  unseenFrom: ({ unseenFrom }) => unseenFrom,
  unseenTo: ({ unseenTo }) => unseenTo,
};

export async function* historyCsv(rows: AsyncIterable<HistoryRow>): AsyncIterable<string> {
  const cells = Object.values(columns);
  yield csvLine(Object.keys(columns));
  for await (const row of rows) yield csvLine(cells.map((cell) => cell(row)));
}
