// The planner's verdict on a pool: what happens to it and why. Stored when it changes, shown by the API.

/** Every reason, in the order of the gates (DESIGN section 4): the first that refuses is the decision's reason. */
export const gateOrder = [
  'notSelected',
  'readFailed',
  'unsupportedPool',
  'clusterStopped',
  'poolStopped',
  'attemptInFlight',
  'clusterBusy',
  'poolBusy',
  'poolFailed',
  'imageUnknown',
  'nodesBehind',
  'imageRetired',
  'upToDate',
  'held',
  'imageBlocked',
  'imageTooYoung',
  'rolledBack',
  'autoUpgradeChannelActive',
  'ringWaiting',
  'approvalNeeded',
  'noWindow',
  'windowUnreadable',
  'windowNotAnchored',
  'notAllowedDate',
  'outsideWindow',
  'windowClosing',
  'alreadyStartedThisWindow',
  'poolOrder',
  'concurrencyLimit',
  'budget',
  'retryLater',
  'preflightFailed',
  'clockSkew',
  'observeOnly',
] as const;

export type RefusalReason = (typeof gateOrder)[number];

export type Verdict = 'start' | 'wait' | 'skip' | 'blocked';

/** `wait`: time alone can lift it. `skip`: nothing to do. `blocked`: somebody must act. */
export const verdicts: Readonly<Record<RefusalReason, Exclude<Verdict, 'start'>>> = {
  notSelected: 'skip',
  readFailed: 'blocked',
  unsupportedPool: 'skip',
  clusterStopped: 'wait',
  poolStopped: 'wait',
  attemptInFlight: 'wait',
  clusterBusy: 'wait',
  poolBusy: 'wait',
  poolFailed: 'blocked',
  imageUnknown: 'blocked',
  nodesBehind: 'blocked',
  imageRetired: 'blocked',
  upToDate: 'skip',
  held: 'wait',
  imageBlocked: 'wait',
  imageTooYoung: 'wait',
  rolledBack: 'wait',
  autoUpgradeChannelActive: 'skip',
  ringWaiting: 'wait',
  approvalNeeded: 'wait',
  noWindow: 'blocked',
  windowUnreadable: 'blocked',
  windowNotAnchored: 'blocked',
  notAllowedDate: 'wait',
  outsideWindow: 'wait',
  windowClosing: 'wait',
  alreadyStartedThisWindow: 'wait',
  poolOrder: 'wait',
  concurrencyLimit: 'wait',
  budget: 'wait',
  retryLater: 'wait',
  preflightFailed: 'blocked',
  clockSkew: 'blocked',
  observeOnly: 'wait',
};

export type Decision = {
  readonly cluster: string;
  readonly nodePool: string;
  readonly verdict: Verdict;
  /** `start`, or the first gate that refused. */
  readonly reason: RefusalReason | 'start';
  /** The reason in plain words, with its facts. */
  readonly sentence: string;
  /** The other gates that refuse, in their order. */
  readonly also: readonly { readonly reason: RefusalReason; readonly sentence: string }[];
  readonly current?: string;
  /** What ARM would install. */
  readonly latest?: string;
  /** The name of the pool's ring. */
  readonly ring?: string;
  /** ISO; when the reason lifts by itself, where that is known. */
  readonly nextEligibleAt?: string;
  /** The occurrence that a start belongs to, or would but for `observeOnly`. */
  readonly window?: { readonly opensAt: string; readonly closesAt: string };
  readonly estimateMinutes?: number;
  /** The pool can't fit any occurrence, so it starts early in one and runs past its end. */
  readonly willOverrun?: true;
  readonly decidedAt: string;
};

/** Equal for two decisions that say the same: the reason and what it is about, not the sentence or its times. */
export function identityOf(decision: Decision): string {
  return JSON.stringify([
    decision.reason,
    decision.current,
    decision.latest,
    decision.window?.opensAt,
    decision.also.map((other) => other.reason),
  ]);
}
