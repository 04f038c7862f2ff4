// The simulated world: its state, and how to find what is in it.
import type { Temporal } from 'temporal-polyfill';
import { type ClusterName, parseClusterId } from '../../../shared/domain/cluster/clusterId.ts';
import type { NodeImageVersion } from '../../../shared/domain/image/nodeImageVersion.ts';
import type { ActivityRecord } from '../events/activityRecord.ts';
import type { SimulatorEvent } from '../events/simulatorEvent.ts';
import type { Fault } from '../faults/fault.ts';
import type { ArmAgentPoolProfile, ArmKubernetes, ArmMaintenanceConfiguration, ArmManagedCluster } from './armFleet.ts';
import { sameName, uniqueBy } from './names.ts';
import type { SimulatedNode } from './poolNodes.ts';
import type { Random } from './random.ts';

export type PoolState = {
  /** A pool of type VirtualMachines has none. */
  readonly scaleSet: string;
  profile: ArmAgentPoolProfile;
  nodes: readonly SimulatedNode[];
  /** What scale-downs left of a pool of scaleDownMode Deallocate: no roll touches it. */
  deallocated: readonly SimulatedNode[];
  /** The image before the last roll, as the upgrade profile lists it. */
  recentlyUsed?: {
    readonly orchestratorVersion: string;
    readonly nodeImageVersion: string;
    readonly timestamp: string;
  };
};

export type ClusterState = {
  readonly name: ClusterName;
  /** Without its pools and maintenance configurations. */
  resource: ArmManagedCluster;
  pools: readonly PoolState[];
  maintenanceConfigurations: readonly ArmMaintenanceConfiguration[];
  kubernetes: ArmKubernetes;
};

export type Operation = {
  readonly id: string;
  readonly subscription: string;
  readonly location: string;
  readonly startTime: Temporal.Instant;
  status: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled';
  endTime?: Temporal.Instant;
  error?: { readonly code: string; readonly message: string } | undefined;
  onEnd?: (how: 'Succeeded' | 'Failed' | 'Canceled') => void;
  /** What AKS itself upgrades by it. */
  maintenance?: 'nodeImage' | 'kubernetes';
};

export type Roll = {
  readonly cluster: ClusterState;
  readonly pool: PoolState;
  readonly from: string;
  readonly to: string;
  /** The pool's Kubernetes version before, and the one that the roll ends on where it changes it. */
  readonly fromKubernetes: string;
  readonly toKubernetes?: string;
  readonly operation: Operation;
  readonly startedAt: Temporal.Instant;
  /** The nodes that are replaced at once. */
  readonly batch: number;
  nodesDone: number;
  batchEndsAt: Temporal.Instant;
  abort?: Operation;
  failure?: { readonly code: string; readonly message: string };
  blockedBy?: string;
  /** So many nodes, the last ones, keep the old image. */
  nodesBehind: number;
  /** For so long after the roll; absent: until the next. */
  readonly secondsBehind?: number;
};

export type Change = { readonly at: Temporal.Instant; readonly apply: () => void };

type ArmedFault = { readonly fault: Fault; readonly left: number };

type Release = {
  readonly version: NodeImageVersion;
  readonly nodeImageVersion: string;
  readonly availableAt: Temporal.Instant;
  readonly regions: readonly string[] | undefined;
};

export type World = {
  /** The world is settled up to here. */
  time: Temporal.Instant;
  readonly secondsPerNode: number;
  readonly aksAutoUpgrade: boolean;
  readonly subscriptionEvents: boolean;
  /** The newest that AKS upgrades clusters to by itself. */
  kubernetesVersion?: string;
  clusters: readonly ClusterState[];
  /** The clusters as the fleet described them, also those that were deleted since. */
  readonly definitions: readonly ArmManagedCluster[];
  readonly releases: Release[];
  rolls: readonly Roll[];
  readonly operations: Map<string, Operation>;
  events: readonly SimulatorEvent[];
  /** Events that wait for the one that follows them. */
  heldEvents: readonly SimulatorEvent[];
  /** What will happen at its time: faults that are not due, and the ends of what people started. */
  pending: readonly Change[];
  faults: readonly ArmedFault[];
  notes: readonly string[];
  /** The Activity Log, oldest first. */
  readonly activities: ActivityRecord[];
  readonly random: Random;
  readonly certificateAuthority: string;
  /** Cores and addresses that others use, by what they are taken from: capacity.ts. */
  readonly taken: Map<string, number>;
};

export function findCluster(world: World, id: string): ClusterState | undefined {
  return world.clusters.find(({ resource }) => sameName(resource.id, id));
}

export function findPool(cluster: ClusterState, nodePool: string): PoolState | undefined {
  return cluster.pools.find(({ profile }) => sameName(profile.name, nodePool));
}

export function subscriptionsOf(world: World): readonly string[] {
  const names = world.definitions.flatMap(({ id }) => parseClusterId(id)?.subscription ?? []);
  return uniqueBy(names, (name) => name);
}

export function nodeResourceGroupOf({ resource }: ClusterState): string {
  return resource.properties.nodeResourceGroup ?? '';
}
