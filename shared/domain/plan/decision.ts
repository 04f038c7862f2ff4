// The planner's verdict on a pool: a document, stored when it changes and shown by the API. Its times are ISO text.
import { z } from 'zod';
import { ClusterId } from '../cluster/clusterId.ts';
import { InstantText, openWord, type Stored } from '../text/stored.ts';

export type Verdict = 'start' | 'wait' | 'skip' | 'blocked';

/**
 * In the order of the gates (DESIGN section 4): what does not go away by itself comes first, so every `blocked` and `skip`
 * before every `wait`. `blocked`: somebody must repair something. `skip`: no action needed. `wait`: time lifts it, or a
 * decision that somebody has kept for themselves (a stop, a hold, an approval); of these, the decisions come first.
 */
export const verdicts = {
  notSelected: 'skip',
  readFailed: 'blocked',
  unsupportedPool: 'skip',
  poolFailed: 'blocked',
  clusterFailed: 'blocked',
  imageUnknown: 'blocked',
  nodesBehind: 'blocked',
  imageRetired: 'blocked',
  upToDate: 'skip',
  autoUpgradeChannelActive: 'skip',
  noWindow: 'blocked',
  windowUnreadable: 'blocked',
  windowNotAnchored: 'blocked',
  estimateUnknown: 'blocked',
  windowTooShort: 'blocked',
  unsoakedFamily: 'blocked',
  preflightFailed: 'blocked',
  clockSkew: 'blocked',
  clusterStopped: 'wait',
  poolStopped: 'wait',
  held: 'wait',
  imageBlocked: 'wait',
  rolledBack: 'wait',
  approvalNeeded: 'wait',
  retryLater: 'wait',
  ringWaiting: 'wait',
  attemptInFlight: 'wait',
  clusterBusy: 'wait',
  poolBusy: 'wait',
  imageTooYoung: 'wait',
  notAllowedDate: 'wait',
  outsideWindow: 'wait',
  windowClosing: 'wait',
  alreadyStartedThisWindow: 'wait',
  poolOrder: 'wait',
  concurrencyLimit: 'wait',
  budget: 'wait',
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
  /** When the reason lifts by itself, where that is known: of a closed window its next opening, though starts begin 60 s later. */
  nextEligibleAt: InstantText.optional(),
  /** The occurrence that a start belongs to, or would but for `observeOnly`. */
  window: z.looseObject({ opensAt: InstantText, closesAt: InstantText }).optional(),
  estimateMinutes: z.number().optional(),
  /** Of a start: the last moment to begin, to end in the window. */
  startBy: InstantText.optional(),
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
