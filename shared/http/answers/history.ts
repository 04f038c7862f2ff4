// What GET /api/history answers as json, and line by line as ndjson.
import { z } from 'zod';
import type { AnsweredRow } from '../../domain/failure/explainRow.ts';
import { failureClasses } from '../../domain/failure/failure.ts';
import type { UnknownLine } from '../../usecases/history/unknownNames.ts';
import { ClusterId, Count, component, Hash, Instant, page, record, Sentence, shape } from './component.ts';
import { EventSources } from './decision.ts';
import { Actor, EvidenceWord, imageNoteField, rollFields, rollReason } from './roll.ts';

export const entryFields = {
  cluster: ClusterId,
  observedAt: Instant.describe('When the read that showed it was sent.'),
  timedBy: z.literal('arm').optional().describe("The keeper's clock was more than 30 s from ARM's, whose counts."),
  sequence: z.int().min(1).describe('The number of the entry in the chain of its cluster.'),
  recordedAt: Instant,
  previousHash: Hash,
  hash: Hash,
};

export const firstSeenFields = {
  ...entryFields,
  kind: z.literal('firstSeen'),
  nodePool: z.string(),
  nodeImageVersion: z.string(),
  resourceUid: z.string().optional().describe('Tells a cluster from another of the same id.'),
};

export const goneFields = {
  ...entryFields,
  kind: z.literal('gone'),
  nodePool: z.string().optional().describe('Absent: the whole cluster.'),
  reason: Sentence,
};

export const gapFields = {
  ...entryFields,
  kind: z.literal('gap'),
  unseenFrom: Instant.describe('The last list of its subscription that showed the cluster.'),
  unseenTo: Instant.describe('The next one that did: changes in between were seen only where events told of them.'),
  reason: Sentence,
};

export const Coverage = shape('Coverage', 'Up to when the record speaks; gaps that are over are rows of kind gap.', {
  subscriptions: z.array(
    z.strictObject({
      subscription: z.string(),
      listedAt: Instant.optional().describe('Absent: never.'),
      problem: Sentence.optional().describe('Why the last pass could not list it.'),
    }),
  ),
  sources: EventSources,
});

const RowFailure = shape(
  'RowFailure',
  'A failure in plain words. Made when the row is read: neither stored nor hashed.',
  {
    class: z.enum(failureClasses),
    remedy: Sentence.describe('What to do, with the facts of the error.'),
    next: Sentence.describe('What the keeper does after it.'),
    code: z.string().describe('As ARM gave it.'),
    message: z.string().describe('As ARM gave it.'),
    nodesLeft: Sentence.optional().describe(
      'The nodes that the roll left cordoned, or that do not run the image that it was to bring, by its name.',
    ),
  },
);

const row = {
  id: z.string().describe('The cluster and the sequence of the entry.'),
  subscription: z.string().optional().describe('Of the id of the cluster, as what follows: read out of it for you.'),
  resourceGroup: z.string().optional(),
  clusterName: z.string().optional(),
};

const HistoryRoll = shape(
  'HistoryRoll',
  'transition: the image changed. rolled: a roll or an attempt that ended with the same image. Folded with what was learnt later; the hash is that of the entry as it was recorded.',
  {
    ...row,
    kind: z.enum(['transition', 'rolled']),
    ...entryFields,
    ...rollFields,
    actor: Actor.optional(),
    evidence: EvidenceWord.optional(),
    reason: rollReason,
    amendedBy: z.array(z.int().min(1)).optional().describe('The sequences of the amendments in it, oldest first.'),
    imageNote: imageNoteField,
    failure: RowFailure.optional(),
  },
);

const HistoryFirstSeen = shape('HistoryFirstSeen', "A pool's record begins here: what was before, it can't tell.", {
  ...row,
  ...firstSeenFields,
});

const HistoryGone = shape('HistoryGone', 'A pool or a cluster that ARM no longer has.', { ...row, ...goneFields });

const HistoryGap = shape('HistoryGap', 'A time in which no list showed the cluster.', { ...row, ...gapFields });

const HistoryUnread = shape(
  'HistoryUnread',
  "A row that can't be read, and that the ledger does not have: nobody knows of what kind it is.",
  {
    ...row,
    id: z.string(),
    kind: z.literal('unreadable'),
    cluster: ClusterId.optional(),
    reason: Sentence,
  },
);

export const HistoryRow = component<AnsweredRow>()(
  'HistoryRow',
  'A row of the history, and a line of it as ndjson.',
  z.discriminatedUnion('kind', [HistoryRoll, HistoryFirstSeen, HistoryGap, HistoryGone, HistoryUnread]),
);

export const StreamEnd = shape('StreamEnd', 'The last line of rows as ndjson: without it they are not complete.', {
  kind: z.literal('end'),
  rows: Count.describe('The lines before this one.'),
});

export const StreamIncomplete = shape(
  'StreamIncomplete',
  'The last line instead of an end, where the rest could not be read: the lines before it are true, and not all.',
  { kind: z.literal('incomplete'), problem: Sentence },
);

export const UnknownHistory = record<UnknownLine>()(
  'UnknownHistory',
  'The one line of an export that is empty because the record does not know what is asked for.',
  {
    kind: z.enum(['unknownCluster', 'unknownNodePool']),
    cluster: z.string().optional().describe('As asked for.'),
    nodePool: z.string().optional().describe('As asked for.'),
    reason: Sentence,
  },
);

export const unknownCluster = z
  .string()
  .optional()
  .describe(
    'The record knows no such cluster, so that nothing here does not mean that nothing changed: as asked for, after the resource group and the subscription where they are given.',
  );

const unknown = {
  unknownCluster,
  unknownNodePool: z.string().optional().describe('The same of a pool of clusters that it knows.'),
};

export const HistoryPage = page(HistoryRow)
  .extend({ ...unknown, coverage: Coverage })
  .meta({ id: 'HistoryPage', description: 'Newest first: a roll by when it ended, all else by when it was seen.' });
