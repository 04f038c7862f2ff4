// What the keeper tells others: the schema of each type of notification, and the envelope. docs/notifications.md documents
// them; a test keeps the two in step. Made by the other files of this folder, sent by the use case publish.
import { z } from 'zod';
import { causes, outcomes, proofs } from '../ledger/ledger.ts';
import type { NotificationType } from '../policy/notificationTypes.ts';
import type { Stored } from '../text/stored.ts';

const moment = z.iso.datetime();
/** Relative to the keeper's own address; the adapter puts that before it where it is known. */
const link = z.string();
const onPool = { cluster: z.string(), nodePool: z.string(), link };
const inWindow = z.union([z.boolean(), z.literal('unknown')]);
const outcome = z.enum(outcomes);
const cause = z.enum(causes);
const proof = z.enum(proofs);
const occurrence = z.strictObject({ opensAt: moment, closesAt: moment });

const Roll = z.strictObject({
  ...onPool,
  kind: z.enum(['transition', 'rolled']),
  from: z.string(),
  to: z.string(),
  startedAt: moment.optional(),
  completedAt: moment,
  cause,
  inWindow,
  outcome,
  proof,
  attempt: z.string().optional(),
  /** Who did it, where somebody is named. */
  actor: z.string().optional(),
  /** The entry of the ledger that says so. */
  sequence: z.int(),
  hash: z.string(),
});

const AttemptEnd = z.strictObject({
  ...onPool,
  attempt: z.string(),
  from: z.string(),
  to: z.string(),
  outcome,
  startedAt: moment.optional(),
  completedAt: moment,
  proof,
  failure: z
    .strictObject({ class: z.string(), code: z.string(), message: z.string(), remedy: z.string(), next: z.string() })
    .optional(),
  sequence: z.int(),
  hash: z.string(),
});

const Preflight = z.strictObject({
  wouldStart: z.boolean(),
  /** What failed or could not be checked. */
  findings: z.array(
    z.strictObject({
      check: z.string(),
      result: z.enum(['failed', 'notRun']),
      blocks: z.boolean(),
      sentence: z.string(),
    }),
  ),
});

/** The data of each type. */
export const notificationSchemas = {
  NodeImageTransition: Roll,
  ChangeOutsideWindow: Roll,
  AttemptStarted: z.strictObject({
    ...onPool,
    attempt: z.string(),
    from: z.string(),
    to: z.string(),
    startedAt: moment.optional(),
    window: occurrence.optional(),
    estimateMinutes: z.number().optional(),
    willOverrun: z.literal(true).optional(),
  }),
  AttemptSucceeded: AttemptEnd,
  AttemptPartial: AttemptEnd,
  AttemptFailed: AttemptEnd,
  AttemptStuck: z.strictObject({
    ...onPool,
    attempt: z.string(),
    from: z.string(),
    to: z.string(),
    startedAt: moment,
    stuckAt: moment,
    estimateMinutes: z.number(),
  }),
  WindowMissed: z.strictObject({
    ...onPool,
    window: occurrence,
    current: z.string(),
    latest: z.string(),
    reason: z.string(),
    sentence: z.string(),
  }),
  PoolStale: z.strictObject({
    ...onPool,
    status: z.enum(['stale', 'outOfSupport']),
    current: z.string().optional(),
    latest: z.string().optional(),
    behindSince: moment.optional(),
    staleDays: z.int().optional(),
    ageDays: z.int().optional(),
    reason: z.string(),
    sentence: z.string(),
  }),
  RingWaitingForApproval: z.strictObject({
    ring: z.string(),
    release: z.string(),
    link,
    pools: z.int(),
    sentence: z.string(),
  }),
  UpgradeAhead: z.strictObject({
    ...onPool,
    lead: z.enum(['7 days', '24 hours']),
    from: z.string(),
    to: z.string(),
    window: occurrence,
    estimateMinutes: z.number().optional(),
    willOverrun: z.literal(true).optional(),
    preflight: Preflight,
  }),
  ReportReady: z.strictObject({ week: z.string(), link }),
} as const satisfies Readonly<Record<NotificationType, z.ZodType>>;

export type NotificationData<Type extends NotificationType> = Stored<(typeof notificationSchemas)[Type]>;

/** In the terms of CloudEvents 1.0. `id` names the fact: the same fact told twice has the same, whoever tells it and when. */
export type Notification<Type extends NotificationType = NotificationType> = {
  [T in Type]: {
    readonly type: T;
    readonly id: string;
    readonly source: string;
    readonly subject: string;
    /** ISO; when it happened, or was found so. */
    readonly time: string;
    readonly data: NotificationData<T>;
  };
}[Type];

/** The source of what is about no cluster. */
export const keeperSource = '/aks-node-image-keeper';

/** Source and subject of what is about a pool. @param cluster its ARM id */
export function aboutPool(cluster: string, nodePool: string) {
  return { source: cluster, subject: `agentPools/${nodePool}` };
}

const longestText = 2_000;

/** Errors of ARM can be of any length, and half a surrogate pair is no JSON text everywhere. */
export function shortened(text: string): string {
  return (text.length > longestText ? `${text.slice(0, longestText)}…` : text).toWellFormed();
}
