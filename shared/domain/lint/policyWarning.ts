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
  'holdMatchesNothing',
  'approvalMatchesNothing',
  'windowFitsNoPool',
  'windowTooFull',
  'intervalNotTrusted',
  'aksUpgrades',
] as const;

export type PolicyWarning = {
  readonly code: (typeof policyWarningCodes)[number];
  readonly path?: string;
  readonly cluster?: string;
  readonly nodePools?: readonly string[];
  readonly hold?: string;
  readonly approval?: string;
  readonly message: string;
};
