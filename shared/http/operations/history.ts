// The operations on the history. Part of the table of operations.
import type { Answered } from '../answers/component.ts';
import { HistoryPage, HistoryRow, StreamEnd, StreamIncomplete, UnknownHistory } from '../answers/history.ts';
import { LedgerLine } from '../answers/ledger.ts';
import { RunningVerification, Verification } from '../answers/verification.ts';
import { HistoryQuery, VerifyQuery } from '../requests/history.ts';
import { images, listedAt, maintenanceWindow, opening, pool, subscription } from './examples.ts';
import { asJson, asText, type Operations, ok } from './operation.ts';

export const roll = {
  id: `${subscription}|rg-shop|shop|7`,
  kind: 'transition',
  ...pool,
  subscription,
  resourceGroup: 'rg-shop',
  clusterName: 'shop',
  ...images,
  target: images.to,
  startedAt: '2026-11-21T01:05:12Z',
  startedBetween: ['2026-11-21T01:05:10Z', '2026-11-21T01:05:12Z'],
  completedAt: '2026-11-21T01:31:40Z',
  observedAt: '2026-11-21T01:32:00Z',
  cause: 'keeper',
  inWindow: true,
  window: { maintenanceWindow, readAt: '2026-11-21T01:05:09Z', ...opening },
  outcome: 'succeeded',
  proof: 'pool',
  attempt: '0d6f4c1e-8a3b-4e57-9b12-7c5d3e2f1a09',
  ring: 'production',
  policyVersion: 4,
  approval: { id: '7a1f0c52-3b7e-4f6d-8a7e-2f9b6c4d1e08', approvedBy: 'ada@contoso.com' },
  sequence: 7,
  recordedAt: '2026-11-21T01:32:01Z',
  previousHash: '3f0c1e7ad5b29c4486f1e0d3c7a95b1842d6ef0935bc7128a4fe60d9135c82b7',
  hash: '9b12e4c05d7f3a68b1902e4dc85f7a36104bd9e2f8c3a7051e6d94b82fc0a35d',
} satisfies Answered<typeof HistoryRow>;

export const coverage = {
  subscriptions: [{ subscription, listedAt }],
  sources: {
    clusterEvents: '2026-11-20T02:14:07Z',
    resourceEvents: '2026-11-20T01:55:30Z',
    scheduledEvents: 'never heard',
  },
};

const verification: Answered<typeof Verification> = {
  whole: true,
  digests: {
    whole: true,
    compared: 12,
    oldest: '2026-W35.json',
    newest: { name: '2026-W46.json', at: '2026-11-16T06:00:03Z', sha256: 'b'.repeat(64) },
  },
  clusters: 1,
  entries: 12,
  value: [
    { cluster: pool.cluster, entries: 12, whole: true, head: { sequence: 12, hash: roll.hash }, projectedTo: 12 },
  ],
};

const asCsv = asText(
  'RFC 4180, a row a record under a header; what a spreadsheet would take for a formula begins with an apostrophe. Of a cluster that the record does not know one row of kind unknownCluster. The last record is of kind end, with the number of rows as its reason, or of kind incomplete, with the problem.',
  'id,kind,cluster,…\r\n…',
);
const asLines = asText(
  'A HistoryRow a line, or one UnknownHistory where the record does not know the cluster, then a StreamEnd; with kind=ledger a LedgerLine a line, the last of kind end. Where the rest could not be read, the last line is a StreamIncomplete.',
  `${JSON.stringify(roll)}\n{"kind":"end","rows":1}\n`,
);

export const onHistory = {
  getHistory: {
    summary: 'Which pool went from which image to which, when, why, and in or out of the window; newest first.',
    query: HistoryQuery,
    answers: ok(
      'A page of the history; as csv or ndjson all of it, streamed.',
      HistoryPage,
      { value: [roll], coverage },
      {
        'text/csv': asCsv,
        'application/x-ndjson': {
          ...asLines,
          lines: [HistoryRow, UnknownHistory, LedgerLine, StreamEnd, StreamIncomplete],
        },
      },
    ),
  },
  verifyHistory: {
    summary: 'Whether the record is what was written, and the first entry that is not.',
    query: VerifyQuery,
    answers: {
      ...ok('What was checked, and what breaks.', Verification, verification),
      202: asJson(
        'A check of more than 25 clusters runs: what it found so far. Ask again after Retry-After.',
        RunningVerification,
        { ...verification, whole: 'unknown', running: { startedAt: '2026-11-21T12:00:00Z', done: 1, of: 4 } },
      ),
    },
    problems: { 404: 'The history knows no cluster of that name.' },
  },
} satisfies Operations;
