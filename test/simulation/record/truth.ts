// What really happened in the simulated world: every state of every pool, every roll with its true cause, every window
// configuration, each with its time. Written by world/aks/truth.ts as the world moves, read by the judges.
import type { PoolState } from '../../../local/simulator/world/world.ts';

export type TrueCause = 'keeper' | 'manual' | 'rollback' | 'aksAutoUpgrade' | 'kubernetesUpgrade' | 'reconfiguration';

/** Times are epoch milliseconds. */
type PoolMoment = {
  readonly at: number;
  readonly image: string | undefined;
  readonly provisioningState: string;
  readonly powerState: string;
  /** As ARM shows it. */
  readonly kubernetes: string;
};

/** One pool from its making to its end: made again under its name, it is another. */
export type TruePool = {
  readonly clusterKey: string;
  readonly uid: string;
  readonly name: string;
  readonly from: number;
  until?: number;
  readonly moments: PoolMoment[];
  /** The image of each node, at every change of them. */
  readonly nodes: { readonly at: number; readonly images: readonly string[] }[];
  readonly state: PoolState;
};

export type TrueRoll = {
  readonly pool: TruePool;
  readonly from: string;
  readonly to: string;
  readonly startedAt: number;
  readonly cause: TrueCause;
  /** AKS's own upgrade of Kubernetes. */
  readonly isAksKubernetes: boolean;
  /** Of the request that started it, when it was the keeper's. */
  readonly post?: number;
  endedAt?: number;
  outcome?: 'succeeded' | 'failed' | 'canceled';
};

/** What a cluster was at a time: everything but its pools. */
export type ClusterMoment = {
  readonly at: number;
  /** Undefined: there was no such cluster. */
  readonly uid: string | undefined;
  /** JSON of `maintenanceWindow`; undefined: no configuration. */
  readonly window: string | undefined;
  /** The same of aksManagedAutoUpgradeSchedule. */
  readonly kubernetesWindow: string | undefined;
  /** JSON of what else a judge of waiting asks for: channels, tags, power and provisioning state. */
  readonly rest: string;
};

export type Truth = {
  readonly pools: TruePool[];
  readonly rolls: TrueRoll[];
  /** By cluster key, oldest first. */
  readonly clusters: Map<string, ClusterMoment[]>;
};
