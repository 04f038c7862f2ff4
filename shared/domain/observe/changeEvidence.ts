// What others than the keeper say about who changed a cluster: operations on its ARM resources, and AKS's own scheduled
// maintenance. Read from events by adapters/evidenceEvents.ts, kept by evidenceStore, weighed by attribute.
import type { Actor } from '../ledger/ledger.ts';

/** Where events come from. Each is a subscription of its own in Event Grid, and all are optional. */
export const eventSources = ['clusterEvents', 'resourceEvents', 'scheduledEvents'] as const;
export type EventSource = (typeof eventSources)[number];

type Base = {
  /** The event's own id. */
  readonly id: string;
  /** The cluster's ARM id. */
  readonly cluster: string;
  /** ISO; the event's time. */
  readonly at: string;
  /** The event's data, where something in it was not understood: JSON, or its text where that is long. */
  readonly raw?: unknown;
};

/** An operation on the cluster, or on something of it, that ARM reported. */
export type OperationEvidence = Base & {
  readonly kind: 'operation';
  /** Such as `Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action`, as ARM spelled it. */
  readonly operation: string;
  readonly nodePool?: string;
  readonly status: 'succeeded' | 'failed' | 'canceled';
  /** Absent: the claims name nobody. */
  readonly actor?: Actor;
};

/** A stage of maintenance that AKS itself does: AKS Communication Manager. */
export type ScheduledEvidence = Base & {
  readonly kind: 'scheduled';
  /** The same for all stages of one maintenance. */
  readonly eventId: string;
  readonly status: 'scheduled' | 'started' | 'completed' | 'failed' | 'canceled' | 'unknown';
  /** `other`: maintenance that is no upgrade, such as moving the control plane's tunnel. */
  readonly about: 'nodeImage' | 'kubernetes' | 'upgrade' | 'other';
  /** ISO; when AKS says that it started, where that is a real time. */
  readonly startedAt?: string;
  readonly details?: string;
};

export type ChangeEvidence = OperationEvidence | ScheduledEvidence;

/** The source that evidence came from. */
export function sourceOf({ kind }: ChangeEvidence): EventSource {
  return kind === 'operation' ? 'resourceEvents' : 'scheduledEvents';
}
