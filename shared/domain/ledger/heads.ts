// The heads of a cluster's ledger: where its chain ends, and where each pool stands. State that changes with every append.
import { z } from 'zod';
import { ClusterId } from '../cluster/clusterId.ts';
import { Instant, openWord, type Stored } from '../text/stored.ts';
import { NodeCounts } from './entryParts.ts';
import type { Outcome, Proof } from './ledger.ts';

/** The head of a cluster's chain. Every change of the cluster's partition moves it, so its ETag guards them all. */
export const ChainHead = z.looseObject({
  cluster: ClusterId,
  resourceUid: z.string().optional(),
  sequence: z.int().min(0),
  hash: z.string(),
  /** When the newest read that went into the ledger was sent. */
  observedAt: Instant,
  gone: z.boolean().optional(),
  /** Up to when gaps in observation are in the ledger: there was none before it, if nothing else is there. */
  gapsTo: Instant.optional(),
  /** The last list that it stood in, where the newest leaves it out. */
  unlistedSince: Instant.optional(),
});
export type ChainHead = Stored<typeof ChainHead>;

/** When a roll can have started: after the first (null: before the record begins), not after the second. */
export const StartInterval = z.tuple([Instant.nullable(), Instant]);
export type StartInterval = Stored<typeof StartInterval>;

/** A time in which a pool stood running and healthy on an image, as far as observations show. */
const Run = z.looseObject({ nodeImageVersion: z.string(), since: Instant, until: Instant.optional() });
export type Run = Stored<typeof Run>;

export const PoolHead = z.looseObject({
  nodePool: z.string().min(1),
  nodeImageVersion: z.string(),
  kubernetesVersion: z.string().optional(),
  sequence: z.int().min(0),
  recordedAt: Instant,
  rolling: z
    .looseObject({
      /** An upgrade was seen or announced: scaling and label changes make a pool busy too. */
      isUpgrade: z.boolean(),
      startedAt: Instant.optional(),
      startedBetween: StartInterval,
      /** The pool's eTag when it was first seen busy; ARM may give none. */
      eTag: z.string().optional(),
      /** The pool was written since: what was seen first may have ended, and another roll begun. */
      mayBeAnother: z.literal(true).optional(),
    })
    .optional(),
  /** The image that a step back left, see stepBack.ts: only a newer release is started again, in whatever family. */
  rolledBackFrom: z.string().optional(),
  /** Nothing tells whether that was a step back: it counts as one. */
  isStepBackUnknown: z.literal(true).optional(),
  lastAttempt: z
    .looseObject({
      id: z.string(),
      opensAt: Instant,
      closesAt: Instant,
      outcome: openWord<Outcome>(),
      to: z.string(),
      /** The attempts at `to` in a row that failed or ended unknown, this one included. */
      failures: z.number(),
    })
    .optional(),
  /** What the pool ran without fault, newest first: the soak of rings is judged on it. */
  runs: z.array(Run).optional(),
  /** Its nodes are still to be proven on the image, or behind it: until a later look. */
  openProof: z
    .looseObject({
      /** When the roll was seen ended, and when its nodes were last asked for. */
      since: Instant,
      triedAt: Instant,
      attempt: z.string().optional(),
    })
    .optional(),
  nodesBehind: z.looseObject({ proof: openWord<Proof>(), nodes: NodeCounts, countedAt: Instant }).optional(),
  /** Of earlier releases of the keeper, with the node soaks in them and by `maxSurge` alone: estimate.ts says when they count. */
  batchMinutes: z.array(z.number()).optional(),
  /** What a batch of the pool's nodes took in its last rolls, without the node soak; oldest first. */
  batchMinutesWithoutSoak: z.array(z.number()).optional(),
});
export type PoolHead = Stored<typeof PoolHead>;

export type Heads = { readonly chain?: ChainHead | undefined; readonly pools: readonly PoolHead[] };
