// Who changed a cluster, as others say: operations on ARM and AKS's own maintenance. Kept by evidenceStore, held against
// the Activity Log by activity.ts, weighed by attribute.ts.
import { z } from 'zod';
import { ClusterId } from '../cluster/clusterId.ts';
import { Actor } from '../ledger/entryParts.ts';
import { Instant, openWord, type Stored } from '../text/stored.ts';

/** Where events come from. Each is a subscription of its own in Event Grid, and all are optional. */
export const eventSources = ['clusterEvents', 'resourceEvents', 'scheduledEvents'] as const;
export type EventSource = (typeof eventSources)[number];

const base = {
  id: z.string(),
  cluster: ClusterId,
  at: Instant,
  /** The event's data, where something in it was not understood: JSON, or its text where that is long. */
  raw: z.unknown().optional(),
};

const OperationEvidence = z.looseObject({
  ...base,
  kind: z.literal('operation'),
  /** Such as `Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action`, as ARM spelled it. */
  operation: z.string(),
  nodePool: z.string().optional(),
  status: openWord<'succeeded' | 'failed' | 'canceled'>(),
  actor: Actor.optional(),
  /** When ARM took the request and when it ended, as the Activity Log has it: what is said here is confirmed. */
  logged: z
    .looseObject({
      from: Instant,
      to: Instant,
      /** ARM refused it: it began nothing. Absent in rows of earlier versions, which knew of no failed one. */
      isRefused: z.literal(true).optional(),
    })
    .optional(),
  /** The Activity Log knows no such operation. */
  isUnlogged: z.literal(true).optional(),
  /** No event told of it, the Activity Log did. */
  isFromLog: z.literal(true).optional(),
});
export type OperationEvidence = Stored<typeof OperationEvidence>;

/** A stage of maintenance that AKS itself does: AKS Communication Manager. */
const ScheduledEvidence = z.looseObject({
  ...base,
  kind: z.literal('scheduled'),
  eventId: z.string(),
  status: openWord<'scheduled' | 'started' | 'completed' | 'failed' | 'canceled' | 'unknown'>(),
  /** `other`: maintenance that is no upgrade, such as moving the control plane's tunnel. */
  about: openWord<'nodeImage' | 'kubernetes' | 'upgrade' | 'other'>(),
  /** When AKS says that it started, where that is a real time. */
  startedAt: Instant.optional(),
  details: z.string().optional(),
});
export type ScheduledEvidence = Stored<typeof ScheduledEvidence>;

export const ChangeEvidence = z.discriminatedUnion('kind', [OperationEvidence, ScheduledEvidence]);
export type ChangeEvidence = Stored<typeof ChangeEvidence>;

export function sourceOf(evidence: ChangeEvidence): EventSource | 'activityLog' {
  if (evidence.kind === 'scheduled') return 'scheduledEvents';
  return evidence.isFromLog ? 'activityLog' : 'resourceEvents';
}

/** Whoever has the key of the events can send some: only the Activity Log confirms one, and of maintenance it tells nothing. */
export function isConfirmed(evidence: ChangeEvidence): boolean {
  return evidence.kind === 'operation' && evidence.logged !== undefined;
}
