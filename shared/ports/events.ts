// What Event Grid delivers. Read by adapters/eventGrid.
import type { Temporal } from 'temporal-polyfill';
import type { ChangeEvidence, EventSource } from '../domain/evidence/changeEvidence.ts';

/** An event in the terms of the app, from either schema; or why it is none. */
export type ReceivedEvent =
  | { readonly type: string; readonly clusterId: string; readonly nodePool?: string; readonly at: Temporal.Instant }
  | { readonly source: EventSource; readonly at: Temporal.Instant; readonly evidence: ChangeEvidence }
  /** From a source that tells about a whole subscription: not of a cluster, or no change. */
  | { readonly source: EventSource; readonly at: Temporal.Instant; readonly irrelevant: string }
  | { readonly source?: EventSource; readonly problem: string };
