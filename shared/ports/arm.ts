// AKS through Azure Resource Manager. Implemented by adapters/arm.
import type { Temporal } from 'temporal-polyfill';
import type { OperationStatus } from '../domain/attempt/attempt.ts';
import type { RefusedRequest } from '../domain/attempt/starterVerdict.ts';
import type { Cluster } from '../domain/cluster/cluster.ts';
import type { Activity } from '../domain/evidence/activity.ts';

/** A read that ARM answered with an error other than 404, or did not answer. */
export class ArmError extends Error {
  override readonly name = 'ArmError';
  readonly status: number | undefined;
  readonly code: string;
  /** What ARM answered, in one line, without what was asked. */
  readonly answer: string;
  readonly retryAfterSeconds: number | undefined;
  readonly date: Temporal.Instant | undefined;
  /** @param what finishes the sentence "ARM could not …" */
  constructor(
    what: string,
    options: {
      status?: number | undefined;
      code: string;
      message?: string | undefined;
      retryAfterSeconds?: number | undefined;
      date?: Temporal.Instant | undefined;
      cause?: unknown;
    },
  ) {
    const answer = [options.status, options.code, options.message?.replace(/\.$/, '')].filter(Boolean).join(' ');
    super(`ARM could not ${what}: ${answer}`, { cause: options.cause });
    this.answer = answer;
    this.status = options.status;
    this.code = options.code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.date = options.date;
  }
}

/** To the one request that starts an upgrade. Refused by any 4xx. Unclear after a time-out, a reset or 5xx: it may have been taken. */
export type StartAnswer =
  | { readonly kind: 'accepted'; readonly operationUrl?: string | undefined }
  | (RefusedRequest & { readonly kind: 'refused'; readonly date?: Temporal.Instant | undefined })
  | { readonly kind: 'unclear'; readonly message: string };

/** `properties.maintenanceWindow` is in ARM's own JSON, and null where the configuration holds none. */
export type MaintenanceConfiguration = { readonly name: string; readonly maintenanceWindow: unknown };

export type UpgradeProfile = {
  /** What ARM would install; undefined where it offers none. */
  readonly latest: string | undefined;
  /** The images that ARM keeps for a rollback. It may forget one that the pool ran. */
  readonly ranBefore: readonly string[];
};

/** Azure Resource Manager. Reads throw {@link ArmError}; only 404 means absent. */
export type Arm = {
  /** All clusters of a subscription with their pools. The list may be minutes old: re-read before acting. @param onUnread is told the id, in words, of what can be none of them */
  readonly listClusters: (subscription: string, onUnread?: (id: string) => void) => Promise<readonly Cluster[]>;
  /** One cluster with all its pools; `date` is the response's own Date header. Undefined on 404. */
  readonly getCluster: (
    id: string,
  ) => Promise<{ readonly cluster: Cluster; readonly date: Temporal.Instant | undefined } | undefined>;
  /** One request for all of a cluster; none on 404. */
  readonly listMaintenanceConfigurations: (clusterId: string) => Promise<readonly MaintenanceConfiguration[]>;
  readonly getUpgradeProfile: (clusterId: string, nodePool: string) => Promise<UpgradeProfile>;
  /**
   * Sends `upgradeNodeImageVersion` exactly once: no retries, given up after 30 s. Never throws.
   * @param correlationId a GUID, under which the Activity Log has the request
   */
  readonly startNodeImageUpgrade: (clusterId: string, nodePool: string, correlationId: string) => Promise<StartAnswer>;
  readonly getOperation: (operationUrl: string) => Promise<OperationStatus>;
  /** What was asked of AKS in a subscription, both ends included, without reads. It lags by minutes. Needs a permission of its own. */
  readonly listActivities: (
    subscription: string,
    from: Temporal.Instant,
    to: Temporal.Instant,
  ) => Promise<readonly Activity[]>;
  /** What the keeper's own identity goes by in the Activity Log; none where that can't be known. Never throws. */
  readonly ownIds: () => Promise<readonly string[]>;
};
