// What the use cases need from outside: implemented in adapters/, once for Azure and once in memory where it is storage.
import type { Temporal } from 'temporal-polyfill';
import type { OperationStatus } from './domain/attempt/attempt.ts';
import type { Cluster } from './domain/cluster/cluster.ts';
import type { KubernetesNode, Pod, PodDisruptionBudget } from './domain/nodes/kubernetesObjects.ts';
import type { NodeInstance } from './domain/nodes/nodeInstance.ts';
import type { Notification } from './domain/notification/notification.ts';
import type { ChangeEvidence, EventSource } from './domain/observe/changeEvidence.ts';
import type { Quota, SubnetUsage, VmSize } from './domain/preflight/preflightFacts.ts';
import type { Read } from './domain/text/read.ts';

export type Clock = { readonly now: () => Temporal.Instant };

export type Log = {
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
};

// --- ARM -----------------------------------------------------------------------------------------------------------

/** A read that ARM answered with an error other than 404, or did not answer. */
export class ArmError extends Error {
  override readonly name = 'ArmError';
  readonly status: number | undefined;
  readonly code: string;
  /** What ARM answered, in one line, without what was asked. */
  readonly answer: string;
  readonly retryAfterSeconds: number | undefined;
  /** The answer's Date. */
  readonly date: Temporal.Instant | undefined;
  constructor(
    what: string,
    options: {
      status?: number;
      code: string;
      message?: string;
      retryAfterSeconds?: number;
      date?: Temporal.Instant;
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

/** ARM's answer to the one request that starts a node image upgrade. */
export type StartAnswer =
  /** 200 or 202. `operationUrl` is the Azure-AsyncOperation header, or Location. */
  | { readonly kind: 'accepted'; readonly operationUrl?: string }
  /** 4xx: ARM did not take it. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly retryAfterSeconds?: number;
      /** The answer's Date. */
      readonly date?: Temporal.Instant;
    }
  /** A time-out, a reset, 5xx: it may have been taken. */
  | { readonly kind: 'unclear'; readonly message: string };

/** Azure Resource Manager. Reads throw {@link ArmError}; only 404 means absent. */
export type Arm = {
  /** All clusters of a subscription with their pools. The list may be minutes old: re-read before acting. */
  readonly listClusters: (subscription: string) => Promise<readonly Cluster[]>;
  /** One cluster with all its pools; `date` is the response's own Date header. Undefined on 404. */
  readonly getCluster: (
    id: string,
  ) => Promise<{ readonly cluster: Cluster; readonly date: Temporal.Instant | undefined } | undefined>;
  /** `properties.maintenanceWindow` of aksManagedNodeOSUpgradeSchedule in ARM's own JSON; undefined on 404. */
  readonly getMaintenanceWindow: (clusterId: string) => Promise<unknown>;
  /** The names of all maintenance configurations of a cluster; none on 404. */
  readonly listMaintenanceConfigurations: (clusterId: string) => Promise<readonly string[]>;
  /** `latestNodeImageVersion` of the pool's upgrade profile; undefined when ARM gives none. */
  readonly getLatestNodeImage: (clusterId: string, nodePool: string) => Promise<string | undefined>;
  /** Sends `upgradeNodeImageVersion` exactly once: no retries, given up after 30 s. Never throws. */
  readonly startNodeImageUpgrade: (clusterId: string, nodePool: string) => Promise<StartAnswer>;
  readonly getOperation: (operationUrl: string) => Promise<OperationStatus>;
};

/** What nodes need of Compute and Network, through ARM. Reads only; they throw {@link ArmError}, and only 404 means absent. */
export type Capacity = {
  /** The vCPU quotas of a region with what is used of them. */
  readonly listQuotas: (subscription: string, location: string) => Promise<readonly Quota[]>;
  /** Undefined when the region does not list the size for this subscription. Sizes may be an hour old. */
  readonly getVmSize: (subscription: string, location: string, name: string) => Promise<VmSize | undefined>;
  /** The ids of the virtual networks in a resource group; none on 404. */
  readonly listVirtualNetworks: (subscription: string, resourceGroup: string) => Promise<readonly string[]>;
  /** Every subnet of a virtual network, by its ARM id; undefined on 404. */
  readonly listSubnetUsages: (virtualNetworkId: string) => Promise<readonly SubnetUsage[] | undefined>;
  /** The scale set instances of a pool, in the cluster's node resource group; none on 404. */
  readonly listInstances: (
    subscription: string,
    nodeResourceGroup: string,
    nodePool: string,
  ) => Promise<readonly NodeInstance[]>;
};

/**
 * The Kubernetes API of a cluster, by the cluster's ARM id; asked only where the policy enables it. Reads only. Never throws:
 * what can't be read is a problem in plain words, as many clusters are private.
 */
export type Kubernetes = {
  readonly listNodes: (clusterId: string, nodePool: string) => Promise<Read<readonly KubernetesNode[]>>;
  readonly listPodDisruptionBudgets: (clusterId: string) => Promise<Read<readonly PodDisruptionBudget[]>>;
  /** The pods that have not ended. */
  readonly listPods: (clusterId: string, phase?: 'Pending') => Promise<Read<readonly Pod[]>>;
};

// --- Event Grid ----------------------------------------------------------------------------------------------------

/** An event in the terms of the app, from either schema; or why it is none. */
export type ReceivedEvent =
  /** AKS's own, of one cluster. */
  | { readonly type: string; readonly clusterId: string; readonly nodePool?: string; readonly at: Temporal.Instant }
  /** What says who did something. */
  | { readonly source: EventSource; readonly at: Temporal.Instant; readonly evidence: ChangeEvidence }
  /** From a source that tells about a whole subscription: not of a cluster, or no change. */
  | { readonly source: EventSource; readonly at: Temporal.Instant; readonly irrelevant: string }
  | { readonly source?: EventSource; readonly problem: string };

/** The topic that notifications go to. Throws when it did not take them all; then some may have been taken. */
export type Topic = { readonly publish: (notifications: readonly Notification[]) => Promise<void> };

// --- Storage -------------------------------------------------------------------------------------------------------

/** The tables of the app; created on first use. */
export type TableName =
  | 'Ledger'
  | 'Starts'
  | 'Facts'
  | 'Decisions'
  | 'Views'
  | 'Policy'
  | 'Parked'
  | 'Evidence'
  | 'Reports'
  | 'Notifications';

/** A row: one JSON value under a partition and a row key. `value` is undefined where it holds no JSON: somebody else wrote it. */
export type Row = {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly etag: string;
  readonly value: unknown;
};

/** A row that is not as the keeper writes it. Thrown by the stores where nothing can be done without it. */
export class UnreadableRow extends Error {
  override readonly name = 'UnreadableRow';
  readonly rowKey: string;
  /** @param why finishes the sentence "row … " */
  constructor(table: TableName, { partitionKey, rowKey }: Pick<Row, 'partitionKey' | 'rowKey'>, why: string) {
    super(`Table ${table}: row "${rowKey}" of partition "${partitionKey}" ${why}.`);
    this.rowKey = rowKey;
  }
}

/** A write that storage does not take, and never will as it is: a row too large, a key that is none. */
export class RefusedWrite extends Error {
  override readonly name = 'RefusedWrite';
}

/** One operation of a transaction. `replace` and `delete` with an ETag fail when the row changed; `delete` of a row that is not there fails. */
export type RowChange =
  | { readonly kind: 'insert'; readonly rowKey: string; readonly value: unknown }
  | { readonly kind: 'replace'; readonly rowKey: string; readonly value: unknown; readonly etag: string }
  | { readonly kind: 'upsert'; readonly rowKey: string; readonly value: unknown }
  | { readonly kind: 'delete'; readonly rowKey: string; readonly etag: string };

/** Row keys from `from` (included) up to `to` (excluded), in key order. `pageSize`: rows a request reads, where few are wanted. */
export type RowRange = { readonly from?: string; readonly to?: string; readonly pageSize?: number };

/** Table Storage as the app uses it. A write beyond its limits throws {@link RefusedWrite}. Every promise is in the contract suite that both implementations pass. */
export type Tables = {
  readonly get: (table: TableName, partitionKey: string, rowKey: string) => Promise<Row | undefined>;
  /** The rows of one partition in row key order, read a page at a time as they are consumed. */
  readonly query: (table: TableName, partitionKey: string, range?: RowRange) => AsyncIterable<Row>;
  /**
   * All or nothing, in one partition, at most 100 changes, one change a row.
   * `conflict`: an insert found a row, or a replace or delete found another ETag or none; nothing was written.
   */
  readonly write: (
    table: TableName,
    partitionKey: string,
    changes: readonly RowChange[],
  ) => Promise<'written' | 'conflict'>;
};

/**
 * Documents that are written once, in a place of their own that can be made immutable: the weekly digests of the ledger.
 * What fails is thrown. Every promise is in the contract suite that both implementations pass.
 */
export type Digests = {
  /** `exists`: there is a document of that name, which stays as it is. */
  readonly write: (name: string, text: string) => Promise<'written' | 'exists'>;
  /** The names of all documents, in order. */
  readonly list: () => Promise<readonly string[]>;
  /** Undefined when there is no such document. */
  readonly read: (name: string) => Promise<string | undefined>;
};

// --- Queues --------------------------------------------------------------------------------------------------------

export type QueueName = 'observe-cluster' | 'start-upgrade' | 'project-cluster';

/** Sends a message that becomes visible after a delay. Functions' own output bindings serve where there is no delay. */
export type Queues = {
  readonly send: (queue: QueueName, message: unknown, delaySeconds: number) => Promise<void>;
};
