// What GET /api/history/verify answers.
import { z } from 'zod';
import type { DigestReport as Report } from '../../usecases/history/readDigests.ts';
import type { ClusterVerdict as Verdict } from '../../usecases/history/verifyCluster.ts';
import { Count, Hash, Instant, record, Sentence, shape } from './component.ts';

const breakFields = {
  sequence: z.int().optional().describe("Absent where a row can't be read at all."),
  problem: Sentence,
};

const cluster = z.string().describe('The ARM id, or the key of the cluster where the ledger has no id.');

const ClusterVerdict = record<Verdict>()('ClusterVerdict', "Whether one cluster's record is what was written.", {
  cluster,
  whole: z.boolean(),
  entries: Count,
  head: z.strictObject({ sequence: Count, hash: Hash }).optional(),
  projectedTo: Count.describe('The entry up to which the history is made; it follows within seconds.'),
  firstBreak: z.strictObject(breakFields).optional(),
});

const DigestReport = record<Report>()(
  'DigestReport',
  'What the weekly digests say of the chains. docs/ledger-chain.md says what that shows.',
  {
    whole: z
      .union([z.boolean(), z.literal('unknown')])
      .describe('Of the digests themselves; unknown: there is none, or one that can not be read.'),
    compared: Count,
    oldest: z.string().optional(),
    newest: z.strictObject({ name: z.string(), at: Instant, sha256: Hash }).optional(),
    problems: z.array(Sentence).optional(),
  },
);

const found = {
  digests: DigestReport,
  clusters: Count,
  entries: Count,
  firstBreak: z
    .strictObject({ cluster, ...breakFields })
    .optional()
    .describe('The first entry that is not.'),
  value: z.array(ClusterVerdict),
};

export const Verification = shape('Verification', 'Whether the record is what was written.', {
  whole: z.boolean(),
  checkedAt: Instant.optional().describe(
    'When the check of the whole began; absent where it was made for this answer.',
  ),
  ...found,
});

export const RunningVerification = shape('RunningVerification', 'What a check of the whole record found so far.', {
  whole: z.union([z.literal(false), z.literal('unknown')]).describe('Never true before all is checked.'),
  running: z.strictObject({
    startedAt: Instant,
    done: Count.describe('The parts that are done,'),
    of: Count.describe('and how many there are.'),
    lost: Sentence.optional().describe('Why the check before this one was not completed.'),
  }),
  ...found,
});
