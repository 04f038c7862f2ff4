// What can go wrong with an upgrade, by class. The shapes that this folder shares; made by explainFailure.

/** Every class. docs/operations.md has a row for each. */
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
  'nodesBehind',
  'unknown',
] as const;

export type FailureClass = (typeof failureClasses)[number];

/** An error as ARM gave it: of a pool's last operation, or of a refused request. */
export type ArmFailure = {
  readonly code: string;
  readonly message: string;
  /** The HTTP status of a refused request. */
  readonly status?: number | undefined;
};

/** The keeper's own code for a roll that ended well while its nodes did not follow: no error of Azure's says so. */
export const nodesBehindCode = 'NodesBehind';

/** So many attempts at one release, each in an occurrence of its own. */
export const mostFailures = 3;

/** Why a starter sent no request, or what ARM refused it with. */
export const starterReasons = ['clusterBusy', 'retryLater', 'unsupportedPool', 'preflightFailed'] as const;
export type StarterReason = (typeof starterReasons)[number];
