// Entries of the ledger and rows of its history: documents that are hashed or answered as they stand. Times are ISO text in UTC.
import { z } from 'zod';
import { ClusterId } from '../cluster/clusterId.ts';
import { InstantText, openWord, type Stored } from '../text/stored.ts';
import { Actor, type EvidenceWord, JudgedWindow, NodeCounts, startBasis } from './entryParts.ts';

/** Who changed the image; only what the evidence shows, else `unknown`. */
export const causes = [
  'keeper',
  'aksAutoUpgrade',
  'kubernetesUpgrade',
  'rollback',
  'reconfiguration',
  'securityPatch',
  'manual',
  'unknown',
] as const;
export type Cause = (typeof causes)[number];

/** `notStarted`: the request never reached ARM. */
export const outcomes = ['succeeded', 'partial', 'failed', 'canceled', 'notStarted', 'unknown'] as const;
export type Outcome = (typeof outcomes)[number];

/** `pool`: the pool's own field, once its state was terminal. Nodes and instances are stronger. */
export const proofs = ['pool', 'instances', 'nodes', 'none'] as const;
export type Proof = (typeof proofs)[number];

/** Of the pool, by what it ran before; `unknown`: nothing tells. Absent: the image stayed, or before this was told. */
export const directions = ['forward', 'back', 'unknown'] as const;
export type Direction = (typeof directions)[number];

const inWindow = z.union([z.boolean(), z.literal('unknown')]);
const base = {
  cluster: ClusterId,
  observedAt: InstantText,
  /** The keeper's clock was more than 30 s from ARM's, whose counts for the times that the keeper took. */
  timedBy: z.literal('arm').optional(),
};

/** How a pool's nodes were rolled, and by whom. `transition`: the image changed. `rolled`: it ended with the same image. */
const roll = {
  ...base,
  kind: z.enum(['transition', 'rolled']),
  nodePool: z.string(),
  /** What the pool named before and after, as read: where the roll did not succeed, `to` says nothing of its nodes. */
  from: z.string(),
  to: z.string(),
  /** What the keeper's attempt was to bring. Absent: not known, as of what others did. */
  target: z.string().optional(),
  /** Known from a request or an event only; else absent, and the start lies in `startedBetween`. */
  startedAt: InstantText.optional(),
  startedBetween: z.tuple([InstantText.nullable(), InstantText]),
  completedAt: InstantText,
  cause: openWord<Cause>(),
  inWindow,
  window: JudgedWindow.optional(),
  /** The one in which AKS upgrades Kubernetes, where the roll may have been such an upgrade: `inWindow` waits for who did it. */
  kubernetesWindow: JudgedWindow.optional(),
  outcome: openWord<Outcome>(),
  direction: openWord<Direction>().optional(),
  proof: openWord<Proof>(),
  /** Why nothing stronger than the pool's field shows the outcome. */
  proofProblem: z.string().optional(),
  nodes: NodeCounts.optional(),
  attempt: z.string().optional(),
  ...startBasis,
  /** The attempt's pool runs another image than the one that was latest right before its request. */
  drifted: z.literal(true).optional(),
  error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
};

const amendment = {
  ...base,
  kind: z.literal('amendment'),
  nodePool: z.string(),
  amends: z.int(),
  /** Where news came from, and the id that it has there: the same news twice is one amendment. */
  source: z.looseObject({ name: z.string(), id: z.string() }),
  cause: openWord<Cause>().optional(),
  inWindow: inWindow.optional(),
  /** Where another window counts than the one that the roll was held against. */
  window: JudgedWindow.optional(),
  outcome: openWord<Outcome>().optional(),
  proof: openWord<Proof>().optional(),
  nodes: NodeCounts.optional(),
  actor: Actor.optional(),
  /** Of news about who did it. */
  evidence: openWord<EvidenceWord>().optional(),
  reason: z.string().optional(),
  /** What the source said, as JSON text, where its shape was not understood. */
  raw: z.string().optional(),
};

const firstSeen = {
  ...base,
  kind: z.literal('firstSeen'),
  nodePool: z.string(),
  nodeImageVersion: z.string(),
  resourceUid: z.string().optional(),
};

/** The cluster stood in no list between these two moments: changes were seen only where events told of them. */
const gap = {
  ...base,
  kind: z.literal('gap'),
  nodePool: z.undefined().optional(),
  unseenFrom: InstantText,
  unseenTo: InstantText,
  reason: z.string(),
};

const gone = { ...base, kind: z.literal('gone'), nodePool: z.string().optional(), reason: z.string() };

/** What makes a body an entry: numbered from 1 in its cluster, and chained by SHA-256 over RFC 8785 JSON. */
const chained = { sequence: z.int(), recordedAt: InstantText, previousHash: z.string(), hash: z.string() };

export const Entry = z.discriminatedUnion('kind', [
  z.looseObject({ ...roll, ...chained }),
  z.looseObject({ ...amendment, ...chained }),
  z.looseObject({ ...firstSeen, ...chained }),
  z.looseObject({ ...gap, ...chained }),
  z.looseObject({ ...gone, ...chained }),
]);
export type Entry = Stored<typeof Entry>;

export type EntryBody = Body<Entry>;
type Body<Kind> = Kind extends unknown ? Omit<Kind, keyof typeof chained> : never;
export type Amendment = Extract<EntryBody, { kind: 'amendment' }>;

export type RollEntry = Extract<Entry, { kind: 'transition' | 'rolled' }>;

const folded = {
  nodes: NodeCounts.optional(),
  actor: Actor.optional(),
  evidence: openWord<EvidenceWord>().optional(),
  reason: z.string().optional(),
  amendedBy: z.array(z.int()).optional(),
};

const row = { ...chained, id: z.string() };

/** A row of the history, as the API answers it. A roll holds what was learnt of it later; its hash is as it was recorded. */
export const HistoryRow = z.discriminatedUnion('kind', [
  z.looseObject({ ...roll, ...row, ...folded }),
  z.looseObject({ ...firstSeen, ...row }),
  z.looseObject({ ...gap, ...row }),
  z.looseObject({ ...gone, ...row }),
]);
export type HistoryRow = Stored<typeof HistoryRow>;

export type FoldedRoll = RollEntry & Pick<Extract<HistoryRow, { kind: 'transition' | 'rolled' }>, keyof typeof folded>;
