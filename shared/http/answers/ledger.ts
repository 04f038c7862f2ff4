// The lines of GET /api/history?kind=ledger&format=ndjson.
import { z } from 'zod';
import type { LedgerLine as Line } from '../../usecases/history/exportLedger.ts';
import { ClusterId, Count, component, Hash, Instant, Sentence, shape } from './component.ts';
import { Coverage, entryFields, firstSeenFields, gapFields, goneFields, unknownCluster } from './history.ts';
import {
  Actor,
  Cause,
  EvidenceWord,
  InWindow,
  JudgedWindow,
  NodeCounts,
  Outcome,
  Proof,
  rollFields,
  rollReason,
} from './roll.ts';

const LedgerHead = shape('LedgerHead', "The head of a cluster's chain; its entries follow, newest first.", {
  kind: z.literal('head'),
  cluster: ClusterId,
  resourceUid: z.string().optional(),
  sequence: Count,
  hash: Hash,
  observedAt: Instant,
  gone: z.boolean().optional(),
  gapsTo: Instant.optional().describe(
    'Up to when gaps in observation are in the ledger; there was nothing to be seen before, or no gap.',
  ),
  unlistedSince: Instant.optional().describe('The last list that it stood in, where the newest leaves it out.'),
});

const LedgerRoll = shape('LedgerRoll', 'A roll as it was recorded and hashed.', {
  kind: z.enum(['transition', 'rolled']),
  ...entryFields,
  ...rollFields,
});

const LedgerFirstSeen = shape('LedgerFirstSeen', 'A first sighting as it was recorded and hashed.', firstSeenFields);

const LedgerGone = shape('LedgerGone', 'An end as it was recorded and hashed.', goneFields);

const LedgerGap = shape('LedgerGap', 'A gap in observation as it was recorded and hashed.', gapFields);

const Amendment = shape(
  'Amendment',
  'What was learnt about a roll after it was recorded; what is absent stays as it was.',
  {
    kind: z.literal('amendment'),
    ...entryFields,
    nodePool: z.string(),
    amends: z.int().min(1).describe('The sequence of the entry that it amends.'),
    source: z.strictObject({ name: z.string(), id: z.string() }).describe('Where the news came from.'),
    cause: Cause.optional(),
    inWindow: InWindow.optional(),
    window: JudgedWindow.optional().describe('Where another counts than the one that the roll was held against.'),
    outcome: Outcome.optional(),
    proof: Proof.optional(),
    nodes: NodeCounts.optional(),
    actor: Actor.optional(),
    evidence: EvidenceWord.optional(),
    reason: rollReason,
    raw: z.string().optional().describe('What the source said, as JSON text, where it was not understood.'),
  },
);

const LedgerUnread = shape('LedgerUnread', "An entry of the cluster can't be read; its older ones are left out.", {
  kind: z.literal('unreadable'),
  cluster: z.string(),
  problem: Sentence,
});

const LedgerEnd = shape(
  'LedgerEnd',
  'The last line of an export of the ledger: without it the export is not complete.',
  {
    kind: z.literal('end'),
    clusters: Count,
    entries: Count,
    of: z
      .strictObject({
        subscription: z.string().optional(),
        resourceGroup: z.string().optional(),
        cluster: z.string().optional(),
      })
      .optional()
      .describe('What was asked for, where it was not everything.'),
    unknownCluster,
    coverage: Coverage,
  },
);

export const LedgerLine = component<Line>()(
  'LedgerLine',
  'A line of the ledger as ndjson: docs/ledger-chain.md says how to check it.',
  z.discriminatedUnion('kind', [
    LedgerHead,
    LedgerRoll,
    LedgerFirstSeen,
    LedgerGap,
    LedgerGone,
    Amendment,
    LedgerUnread,
    LedgerEnd,
  ]),
);
