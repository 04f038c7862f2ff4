// The rows of the policy: which there are, and what stands in them. Called by policyStore.ts and policyInForce.ts.
import { z } from 'zod';
import type { Stored } from '../../domain/text/stored.ts';
import { descending } from '../rows/keys.ts';

export const partition = 'policy';
export const currentRow = 'current';
export const versionPrefix = 'version|';
export const versionRow = (version: number) => versionPrefix + descending(version);

const PolicyVersion = z.looseObject({
  version: z.int(),
  policy: z.unknown(),
  /** Who, when (ISO) and why; not known of one that was written into the table, or changed there, by hand. */
  author: z.string().optional(),
  at: z.string().optional(),
  reason: z.string().optional(),
  commit: z.string().optional(),
  changedOutsideApi: z.literal(true).optional(),
});
export type PolicyVersion = Stored<typeof PolicyVersion>;

export const versionRows = { table: 'Policy', schema: PolicyVersion } as const;
