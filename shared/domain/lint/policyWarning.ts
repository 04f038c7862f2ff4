// What lintPolicy and its parts say.

export const policyWarningCodes = [
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
] as const;

export type PolicyWarning = {
  readonly code: (typeof policyWarningCodes)[number];
  /** The field of the policy, where one is meant. */
  readonly path?: string;
  /** An ARM id. */
  readonly cluster?: string;
  readonly nodePools?: readonly string[];
  /** An id. */
  readonly hold?: string;
  /** An id. */
  readonly approval?: string;
  /** What was found, what it leads to, and what to do. */
  readonly message: string;
};
