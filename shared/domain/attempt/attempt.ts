// One upgrade that the keeper started, as a pure state machine. Its rows in the table Starts are the attempts in flight.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { isTerminal, type NodePool } from '../cluster/cluster.ts';
import { ClusterId } from '../cluster/clusterId.ts';
import { startBasis } from '../ledger/entryParts.ts';
import { WindowReading } from '../ledger/judgeStart.ts';
import type { Outcome } from '../ledger/ledger.ts';
import { Instant, type Stored } from '../text/stored.ts';

const Progress = z.looseObject({
  at: Instant,
  /** Surge nodes count too. */
  total: z.number(),
  /** Those on the image that it upgrades to; absent where their images can't be compared with it. */
  done: z.number().optional(),
  cordoned: z.number().optional(),
  quarantined: z.number().optional(),
  notReady: z.number().optional(),
  /** Pods of the whole cluster that wait for a node. */
  pendingPods: z.number().optional(),
});
export type Progress = Stored<typeof Progress>;

export const Attempt = z.looseObject({
  id: z.string().min(1),
  /** `intended`: the request may or may not have been sent. `running`: ARM accepted it. `unclear`: its answer is not known. */
  state: z.enum(['intended', 'running', 'unclear']),
  cluster: ClusterId,
  resourceUid: z.string().optional(),
  /** The region, in which AKS counts requests. */
  location: z.string().optional(),
  nodePool: z.string().min(1),
  nodeResourceGroup: z.string().optional(),
  from: z.string(),
  /** What the upgrade profile called latest moments before the request. */
  to: z.string(),
  ...startBasis,
  /** The occurrence it was started in, and the configuration it was judged on. */
  window: WindowReading.extend({ opensAt: Instant, closesAt: Instant }),
  intendedAt: Instant,
  acceptedAt: Instant.optional(),
  operationUrl: z.string().optional(),
  /** The pool's eTag just before the request; ARM may give none. */
  eTag: z.string().optional(),
  estimateMinutes: z.int().min(0),
  /** What it may take of the quotas of its region, until it ends: other starts leave it that. */
  reserves: z.array(z.looseObject({ name: z.string(), vCpus: z.number() })).optional(),
  willOverrun: z.literal(true).optional(),
  stuckAt: Instant.optional(),
  progress: Progress.optional(),
});
export type Attempt = Stored<typeof Attempt>;

export type AttemptEvent =
  | { readonly kind: 'accepted'; readonly at: Temporal.Instant; readonly operationUrl?: string | undefined }
  | { readonly kind: 'unclear' };

export function evolve(attempt: Attempt, event: AttemptEvent): Attempt {
  if (event.kind === 'unclear') return { ...attempt, state: 'unclear' };
  return { ...attempt, state: 'running', acceptedAt: event.at, operationUrl: event.operationUrl };
}

/** `unknown`: ARM no longer has the operation, or its URL is not ARM's. */
export type OperationStatus = 'inProgress' | 'succeeded' | 'failed' | 'canceled' | 'unknown';

export type Evidence = {
  readonly pool: NodePool | undefined;
  readonly operation?: OperationStatus | undefined;
};

const stuckAfter = { estimates: 4, minutes: 120 };

/** True for an attempt that outlived its estimate several times. It stays in flight: only its end ends it. */
export function isStuck(attempt: Attempt, now: Temporal.Instant): boolean {
  const minutes = (attempt.acceptedAt ?? attempt.intendedAt).until(now).total('minutes');
  return minutes > Math.max(stuckAfter.estimates * attempt.estimateMinutes, stuckAfter.minutes);
}

const seldomMinutes = 5;

/** False, but once in five minutes, while a roll is not half as old as it was estimated to take: events tell of an early end. */
export function isLookDue({ acceptedAt, estimateMinutes }: Attempt, now: Temporal.Instant): boolean {
  const minutes = acceptedAt?.until(now).total('minutes') ?? 0;
  const isYoung = acceptedAt !== undefined && minutes >= 0 && minutes < estimateMinutes / 2;
  return !isYoung || Math.floor(minutes) % seldomMinutes === seldomMinutes - 1;
}

/** How long a pool must stand idle before an attempt without an accepted request is settled from what it shows. */
const idleMinutes = 5;

/** Undefined while it can't be told (DESIGN section 3). What may have been sent was, unless the eTag tells. @param now when the read was sent */
export function settle(attempt: Attempt, evidence: Evidence, now: Temporal.Instant): Outcome | undefined {
  const { pool, operation } = evidence;
  if (!pool) return 'unknown';
  const state = endState(pool);
  const minutes = (attempt.acceptedAt ?? attempt.intendedAt).until(now).total('minutes');
  // A read from before the request shows nothing of it, and one without the image not whether it moved.
  if (state === undefined || pool.nodeImageVersion === undefined || minutes < 0) return undefined;
  if (operation === 'inProgress') return undefined;
  if (operation === 'failed' || operation === 'canceled') return operation;
  const isMoved = pool.nodeImageVersion !== attempt.from;
  const isQuiet = minutes >= idleMinutes;
  switch (attempt.state) {
    case 'running':
      // The pool may still show its last state for a moment after ARM accepted: only an ended operation, a moved image
      // or a long quiet says that this state belongs to our roll.
      if (operation !== 'succeeded' && !isMoved && !isQuiet) return undefined;
      return state === 'succeeded' && operation !== 'succeeded' && !isMoved ? 'unknown' : state;
    case 'unclear':
      if (isMoved) return state;
      break;
    case 'intended':
      // Its starter may be about to send the request, or to note the answer.
      if (isQuiet && isMoved) return state;
      break;
  }
  if (!isQuiet) return undefined;
  return attempt.eTag !== undefined && pool.eTag === attempt.eTag ? 'notStarted' : 'unknown';
}

/** The pool's state in the ledger's terms; undefined while it is busy. */
export function endState({ provisioningState }: NodePool): 'succeeded' | 'failed' | 'canceled' | undefined {
  if (!isTerminal(provisioningState)) return undefined;
  const state = provisioningState.toLowerCase();
  return state === 'succeeded' || state === 'failed' ? state : 'canceled';
}
