// The planner's verdict on a pool: a document, stored when it changes and shown by the API. Its times are ISO text.
import { z } from 'zod';
import { ClusterId } from '../cluster/clusterId.ts';
import { InstantText, openWord, type Stored } from '../text/stored.ts';

export type Verdict = 'start' | 'wait' | 'skip' | 'blocked';

/** In the order of the gates (DESIGN section 4). `wait`: time alone can lift it. `skip`: no action needed. `blocked`: somebody must act. */
export const verdicts = {
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
} as const satisfies Readonly<Record<string, Exclude<Verdict, 'start'>>>;

export type RefusalReason = keyof typeof verdicts;

export const gateOrder = Object.keys(verdicts) as readonly RefusalReason[];

export const Decision = z.looseObject({
  cluster: ClusterId,
  nodePool: z.string().min(1),
  verdict: z.enum(['start', 'wait', 'skip', 'blocked']),
  /** `start`, or the first gate that refused. */
  reason: openWord<RefusalReason | 'start'>(),
  sentence: z.string(),
  also: z.array(z.looseObject({ reason: openWord<RefusalReason>(), sentence: z.string() })),
  current: z.string().optional(),
  /** What ARM would install. */
  latest: z.string().optional(),
  ring: z.string().optional(),
  /** When the reason lifts by itself, where that is known. */
  nextEligibleAt: InstantText.optional(),
  /** The occurrence that a start belongs to, or would but for `observeOnly`. */
  window: z.looseObject({ opensAt: InstantText, closesAt: InstantText }).optional(),
  estimateMinutes: z.number().optional(),
  /** The pool can't fit any occurrence, so it starts early in one and runs past its end. */
  willOverrun: z.literal(true).optional(),
  /** The approval that lets it start, where it needs one. */
  approval: z.looseObject({ id: z.string(), approvedBy: z.string() }).optional(),
  decidedAt: InstantText,
});
export type Decision = Stored<typeof Decision>;

/** Equal for two decisions that say the same: the reason and what it is about, not the sentence or its times. */
export function identityOf(decision: Decision): string {
  const { reason, current, latest, window, also } = decision;
  return JSON.stringify([reason, current, latest, window?.opensAt, also.map((other) => other.reason)]);
}
