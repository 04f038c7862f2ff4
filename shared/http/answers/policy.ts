// What the operations on the policy answer.
import { z } from 'zod';
import type { PolicyWarning as Warning } from '../../domain/lint/policyWarning.ts';
import type { PolicyVersion as Version } from '../../stores/policyStore.ts';
import type { ChangedDecision as Changed } from '../../usecases/policy/previewPolicy.ts';
import { component } from './component.ts';
import { ChangedDecision } from './decision.ts';
import { ClusterId, Instant, type List, nextLink, Sentence } from './texts.ts';

const versionFields = {
  version: z.int().min(1),
  author: z.string().optional().describe('Absent, as what follows, where the policy was written by hand.'),
  at: Instant.optional(),
  reason: z.string().optional(),
  commit: z.string().optional().describe('Where it stands in Git.'),
};

export type PolicyVersion = Version;

export const PolicyVersion = component<Version>()(
  'PolicyVersion',
  'A policy, and who put it in force, when and why.',
  z.strictObject({
    ...versionFields,
    policy: z
      .unknown()
      .describe(
        'As it was given; GET /api/policy/schema has its schema, but one that was written by hand may not be valid.',
      ),
  }),
);

export type PolicyVersionPage = List<Omit<Version, 'policy'>>;

export const PolicyVersionPage = component<PolicyVersionPage>()(
  'PolicyVersionPage',
  'Newest first.',
  z.strictObject({ value: z.array(z.strictObject(versionFields)), nextLink }),
);

export type PolicyPreview = { readonly value: readonly Changed[] };

const PolicyPreview = component<PolicyPreview>()(
  'PolicyPreview',
  'The pools on which another policy would decide something else now.',
  z.strictObject({ value: z.array(ChangedDecision) }),
);

export const PutPolicyAnswer = component<Version | PolicyPreview>()(
  'PutPolicyAnswer',
  'The version that is in force now; with dryRun the preview.',
  z.union([PolicyVersion, PolicyPreview]),
);

const PolicyWarning = component<Warning>()(
  'PolicyWarning',
  'What is odd about policy, holds and fleet together.',
  z.strictObject({
    code: z.enum([
      'policyNotInForce',
      'clusterNotSelected',
      'selectorMatchesNothing',
      'minimumAgeTooLong',
      'soakTooLong',
      'ringWithoutPools',
      'familyNotSoaked',
      'poolInNoRing',
      'poolInTwoRings',
      'holdNeverEnds',
      'holdOnNoRing',
      'approvalForNoRing',
      'windowFitsNoPool',
      'intervalNotTrusted',
      'aksUpgrades',
    ]),
    path: z.string().optional().describe('The field of the policy, where one is meant.'),
    cluster: ClusterId.optional(),
    nodePools: z.array(z.string()).optional(),
    hold: z.string().optional().describe('Its id.'),
    approval: z.string().optional().describe('Its id.'),
    message: Sentence.describe('What was found, what it leads to, and what to do.'),
  }),
);

export type PolicyLint = { readonly value: readonly Warning[] };

export const PolicyLint = component<PolicyLint>()(
  'PolicyLint',
  'The warnings.',
  z.strictObject({ value: z.array(PolicyWarning) }),
);
