// What can go wrong with an upgrade, by class. The shapes that this folder shares; made by explainFailure.

/** docs/operations.md has a row for each. */
export const failureClasses = [
  'podDrain',
  'quota',
  'subnetFull',
  'skuNotAvailable',
  'allocation',
  'policyDenied',
  'scopeLocked',
  'throttled',
  'preempted',
  'otherOperation',
  'unsupportedPool',
  'imageRetired',
  'imageTooOld',
  'nodesNotJoined',
  'nodesBehind',
  'unknown',
] as const;

export type FailureClass = (typeof failureClasses)[number];

export type ArmFailure = {
  readonly code: string;
  readonly message: string;
  readonly status?: number | undefined;
};

/** The keeper's own code for a roll that succeeded while its nodes did not follow: Azure has no error for it. */
export const nodesBehindCode = 'NodesBehind';

/** Attempts at one release, each in an occurrence of its own. */
export const maxFailures = 3;

export const starterReasons = ['clusterBusy', 'retryLater', 'unsupportedPool', 'preflightFailed'] as const;
export type StarterReason = (typeof starterReasons)[number];
