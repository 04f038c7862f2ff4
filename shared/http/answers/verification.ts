// What GET /api/history/verify answers.
import { z } from 'zod';
import type { DigestReport as Report } from '../../usecases/history/readDigests.ts';
import type { ClusterVerdict as Verdict } from '../../usecases/history/verifyCluster.ts';
import { record } from './component.ts';
import { Count, Hash, Instant, Sentence } from './texts.ts';

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

export const Verification = z
  .strictObject({
    whole: z.boolean(),
    digests: DigestReport,
    clusters: Count,
    entries: Count,
    firstBreak: z
      .strictObject({ cluster, ...breakFields })
      .optional()
      .describe('The first entry that is not.'),
    value: z.array(ClusterVerdict),
  })
  .meta({ id: 'Verification', description: 'Whether the record is what was written.' });
