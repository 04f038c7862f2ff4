// What the operations on the policy answer.
import { z } from 'zod';
import { policyWarningCodes, type PolicyWarning as Warning } from '../../domain/lint/policyWarning.ts';
import type { PolicyVersion as Version } from '../../stores/policy/policyRows.ts';
import { ClusterId, Instant, list, named, page, record, Sentence } from './component.ts';
import { ChangedDecision } from './decision.ts';

const versionFields = {
  version: z.int().min(1),
  author: z
    .string()
    .optional()
    .describe('Absent, as what follows, where the policy was written by hand, or changed by hand in its row.'),
  at: Instant.optional(),
  reason: z.string().optional(),
  commit: z.string().optional().describe('Where it stands in Git.'),
  changedOutsideApi: z
    .literal(true)
    .optional()
    .describe('Somebody changed the policy in its table: nobody knows who, when and why.'),
};

export const PolicyVersion = record<Version>()('PolicyVersion', 'A policy, and who put it in force, when and why.', {
  ...versionFields,
  policy: z
    .unknown()
    .describe(
      'As it was given; GET /api/policy/schema has its schema, but one that was written by hand may not be valid.',
    ),
});

export const PolicyVersionPage = named('PolicyVersionPage', 'Newest first.', page(z.strictObject(versionFields)));

const PolicyPreview = list(ChangedDecision).meta({
  id: 'PolicyPreview',
  description: 'The pools on which another policy would decide something else now.',
});

export const PutPolicyAnswer = z.union([PolicyVersion, PolicyPreview]).meta({
  id: 'PutPolicyAnswer',
  description: 'The version that is in force now; with dryRun the preview.',
});

const PolicyWarning = record<Warning>()('PolicyWarning', 'What is odd about policy, holds and fleet together.', {
  code: z.enum(policyWarningCodes),
  path: z.string().optional().describe('The field of the policy, where one is meant.'),
  cluster: ClusterId.optional(),
  nodePools: z.array(z.string()).optional(),
  hold: z.string().optional().describe('Its id.'),
  approval: z.string().optional().describe('Its id.'),
  message: Sentence.describe('What was found, what it leads to, and what to do.'),
});

export const PolicyLint = list(PolicyWarning).meta({ id: 'PolicyLint', description: 'The warnings.' });
