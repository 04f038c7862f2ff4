// The queue messages, as they are written and checked when they come back.
import { z } from 'zod';

const Hint = z.object({
  kind: z.enum(['rollStarted', 'rollSucceeded', 'rollFailed']),
  nodePool: z.string().min(1),
  at: z.iso.datetime(),
});

/** observe-cluster: read this cluster and bring its ledger up. A hint that can't be read is no reason not to look. */
export const ObserveMessage = z.object({
  clusterId: z.string().min(1),
  hint: Hint.optional().catch(undefined),
  /** Whose word it is that something happened. `stranger`: an event of a cluster that the ledger doesn't know. */
  by: z.enum(['event', 'stranger']).optional().catch(undefined),
});
export type ObserveMessage = z.infer<typeof ObserveMessage>;

/** start-upgrade: the planner would start this pool; not after `expiresAt`. */
export const StartMessage = z.object({
  clusterId: z.string().min(1),
  nodePool: z.string().min(1),
  expiresAt: z.iso.datetime(),
  /** Its turn, and the slot that this message may use. Absent in messages of earlier versions: at once. */
  at: z.iso.datetime().optional(),
  slot: z.string().optional(),
  /** Where its cluster is, as AKS counts requests by region. */
  region: z.string().optional(),
  /** Whose images it reads: of a cluster that nobody has read yet all, else its own. */
  pools: z.array(z.string()).optional(),
});
export type StartMessage = z.infer<typeof StartMessage>;

/** refresh-facts: read the cluster's windows, and the latest images of these pools. */
export const RefreshMessage = z.object({
  clusterId: z.string().min(1),
  region: z.string(),
  pools: z.array(z.string()),
  /** When it was planned: facts that were read since are as good. */
  since: z.iso.datetime(),
  at: z.iso.datetime(),
});
export type RefreshMessage = z.infer<typeof RefreshMessage>;

/** project-cluster: bring this cluster's views up to its ledger. */
export const ProjectMessage = z.object({ clusterId: z.string().min(1) });
export type ProjectMessage = z.infer<typeof ProjectMessage>;

/** verify-history: do this part of a check of the whole record. */
const CheckMessage = z.object({ kind: z.literal('check'), check: z.string().min(1), part: z.int().min(0) });
export type CheckMessage = z.infer<typeof CheckMessage>;

/** The same queue: make the index of a subscription's history. */
const IndexMessage = z.object({ kind: z.literal('index'), subscription: z.string().min(1) });
export type IndexMessage = z.infer<typeof IndexMessage>;

export const HistoryMessage = z.discriminatedUnion('kind', [CheckMessage, IndexMessage]);
