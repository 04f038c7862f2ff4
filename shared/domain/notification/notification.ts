// The types of notifications and their envelope, as docs/notifications.md has them. Made here, sent by publishNews.
import { z } from 'zod';
import { causes, directions, outcomes, proofs } from '../ledger/ledger.ts';
import type { NotificationType } from '../policy/notificationTypes.ts';
import type { Stored } from '../text/stored.ts';
import type { PoolId } from './links.ts';

const text = z.string();
const moment = z.iso.datetime();
/** Relative to the keeper's own address; the adapter puts that before it where it is known. */
const link = text;
const onPool = { cluster: text, nodePool: text, link };
const onAttempt = { ...onPool, attempt: text, from: text, to: text, target: text };
const occurrence = z.strictObject({ opensAt: moment, closesAt: moment });
const estimate = { estimateMinutes: z.number().optional(), willOverrun: z.literal(true).optional() };

const failure = z.strictObject({
  class: text,
  code: text,
  message: text,
  remedy: text,
  next: text,
  nodesLeft: text.optional(),
});

const ended = {
  ...onPool,
  from: text,
  to: text,
  target: text.optional(),
  imageNote: text.optional(),
  outcome: z.enum(outcomes),
  startedAt: moment.optional(),
  completedAt: moment,
  proof: z.enum(proofs),
  failure: failure.optional(),
  sequence: z.int(),
  hash: text,
};

const Roll = z.strictObject({
  ...ended,
  kind: z.enum(['transition', 'rolled']),
  cause: z.enum(causes),
  direction: z.enum(directions).optional(),
  inWindow: z.union([z.boolean(), z.literal('unknown')]),
  /** The maintenance configuration that it was held against. */
  windowName: text.optional(),
  attempt: text.optional(),
  actor: text.optional(),
  evidence: text.optional(),
});

const AttemptEnd = z.strictObject({ ...ended, attempt: text });

const Finding = z.strictObject({
  check: text,
  result: z.enum(['failed', 'notRun']),
  blocks: z.boolean(),
  sentence: text,
});

/** The data of each type. An optional field may be undefined; JSON leaves it out. */
export const notificationSchemas = {
  NodeImageTransition: Roll,
  ChangeOutsideWindow: Roll,
  AttemptStarted: z.strictObject({
    ...onAttempt,
    startedAt: moment.optional(),
    window: occurrence.optional(),
    ...estimate,
  }),
  AttemptSucceeded: AttemptEnd,
  AttemptPartial: AttemptEnd,
  AttemptFailed: AttemptEnd,
  AttemptStuck: z.strictObject({ ...onAttempt, startedAt: moment, stuckAt: moment, estimateMinutes: z.number() }),
  WindowMissed: z.strictObject({
    ...onPool,
    window: occurrence,
    current: text,
    latest: text,
    reason: text,
    sentence: text,
  }),
  PoolStale: z.strictObject({
    ...onPool,
    status: z.enum(['stale', 'outOfSupport']),
    current: text.optional(),
    latest: text.optional(),
    behindSince: moment.optional(),
    staleDays: z.int().optional(),
    ageDays: z.int().optional(),
    reason: text,
    sentence: text,
  }),
  RingWaitingForApproval: z.strictObject({ ring: text, release: text, link, pools: z.int(), sentence: text }),
  UpgradeAhead: z.strictObject({
    ...onPool,
    lead: z.enum(['7 days', '24 hours']),
    from: text,
    to: text,
    window: occurrence,
    ...estimate,
    preflight: z.strictObject({ wouldStart: z.boolean(), findings: z.array(Finding) }),
  }),
  ReportReady: z.strictObject({ week: text, link }),
} as const satisfies Readonly<Record<NotificationType, z.ZodType>>;

export type NotificationData<Type extends NotificationType> = Stored<(typeof notificationSchemas)[Type]>;

/** In the terms of CloudEvents 1.0. `id` names the fact: the same fact has the same id, whoever says it and when. */
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

export const keeperSource = '/aks-node-image-keeper';

export function aboutPool<Data extends object>(pool: PoolId, linkTo: (pool: PoolId) => string, data: Data) {
  const { cluster, nodePool } = pool;
  return {
    source: cluster,
    subject: `agentPools/${nodePool}`,
    data: { cluster, nodePool, link: linkTo(pool), ...data },
  };
}

const maxText = 2_000;

/** Errors of ARM can be of any length, and half a surrogate pair is no JSON text everywhere. */
export function shortened(long: string): string {
  return (long.length > maxText ? `${long.slice(0, maxText)}…` : long).toWellFormed();
}
