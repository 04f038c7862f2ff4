// What was asked of ARM, by whom, and what the Activity Log keeps of it. Written by activityLog.ts, told by azureEvents.ts.
import type { Temporal } from 'temporal-polyfill';

export type Requested = {
  /** Such as `Microsoft.ContainerService/managedClusters/agentPools/write`. */
  readonly operation: string;
  readonly resource: string;
  readonly claims: Readonly<Record<string, string>>;
  /** As the Activity Log names them. */
  readonly caller: string;
  readonly correlationId: string;
};

export type ActivityRecord = {
  readonly requested: Requested;
  readonly status: 'Started' | 'Accepted' | 'Succeeded' | 'Failed' | 'Canceled';
  readonly at: Temporal.Instant;
  /** The log lags. */
  readonly visibleAt: Temporal.Instant;
};
