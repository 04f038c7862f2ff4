// The simulated world: clusters, pools, nodes, releases, operations, and the events not yet handed over. State only:
// createWorld.ts builds it, rolling.ts and autoUpgrade.ts change it, resources.ts shows it as ARM does.
import type { Temporal } from 'temporal-polyfill';
import { type ClusterName, parseClusterId } from '../../../shared/domain/cluster/cluster.ts';
import type { NodeImageVersion } from '../../../shared/domain/image/nodeImageVersion.ts';
import type { SimulatorEvent } from '../events/rollingEvent.ts';
import type { Fault } from '../faults/fault.ts';
import type { ArmAgentPoolProfile, ArmKubernetes, ArmMaintenanceConfiguration, ArmManagedCluster } from './armFleet.ts';
import type { Operation } from './operation.ts';
import { guid, type Random } from './random.ts';

/** A node of a pool. `ready` is false while the node is drained and reimaged. */
export type SimulatedNode = {
  readonly name: string;
  readonly nodeImageVersion: string | undefined;
  readonly ready: boolean;
};

export type PoolState = {
  /** The name of its scale set. */
  readonly scaleSet: string;
  profile: ArmAgentPoolProfile & { readonly count: number };
  nodes: readonly SimulatedNode[];
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

/** A pool whose nodes are being replaced, one batch at a time. */
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
  /** Nodes in a batch. */
  readonly surge: number;
  nodesDone: number;
  batchEndsAt: Temporal.Instant;
  /** The operation that aborts this roll when its batch ends. */
  abort?: Operation;
  /** Why the running batch will fail when it ends. */
  failure?: { readonly code: string; readonly message: string };
  /** The PodDisruptionBudget that keeps the running batch from being drained. */
  blockedBy?: string;
  /** So many nodes, the last ones, keep the old image. */
  nodesBehind: number;
  /** For so long after the roll; absent: until the next. */
  readonly secondsBehind?: number;
};

/** Something that happens to the world at a moment. */
export type Change = { readonly at: Temporal.Instant; readonly apply: () => void };

/** A fault in force, and how often it may still strike. */
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
  /** What faults and people did, in words, until someone reads it. */
  notes: readonly string[];
  readonly random: Random;
  /** Of the clusters' API servers, in PEM. */
  readonly certificateAuthority: string;
  /** Cores and addresses that others use, by what they are taken from: capacity.ts. */
  readonly taken: Map<string, number>;
};

/** Writes a pool: its eTag and its cluster's change with every write. */
export function writePool(world: World, cluster: ClusterState, pool: PoolState, fields: Partial<PoolState['profile']>) {
  pool.profile = { ...pool.profile, ...fields, eTag: guid(world.random) };
  cluster.resource = { ...cluster.resource, eTag: guid(world.random) };
}

/** Writes fields of a cluster's properties. */
export function writeCluster(
  world: World,
  cluster: ClusterState,
  fields: Partial<ArmManagedCluster['properties']>,
): void {
  const { resource } = cluster;
  cluster.resource = { ...resource, eTag: guid(world.random), properties: { ...resource.properties, ...fields } };
}

/** Lets something happen after so many seconds. */
export function pend(world: World, seconds: number, happen: () => void): void {
  pendUntil(world, world.time.add({ milliseconds: Math.round(seconds * 1000) }), happen);
}

/** Lets something happen at a moment. */
export function pendUntil(world: World, at: Temporal.Instant, happen: () => void): void {
  const change: Change = {
    at,
    apply: () => {
      world.pending = world.pending.filter((other) => other !== change);
      happen();
    },
  };
  world.pending = [...world.pending, change];
}

export function note(world: World, line: string): void {
  world.notes = [...world.notes, line];
}

/** The cluster with an ARM id, however it is spelled. */
export function findCluster(world: World, id: string): ClusterState | undefined {
  return world.clusters.find(({ resource }) => resource.id.toLowerCase() === id.toLowerCase());
}

export function findPool(cluster: ClusterState, nodePool: string): PoolState | undefined {
  return cluster.pools.find(({ profile }) => profile.name.toLowerCase() === nodePool.toLowerCase());
}

/** The subscriptions that have clusters or had them, each once. */
export function subscriptionsOf(world: World): readonly string[] {
  const names = world.definitions.flatMap(({ id }) => parseClusterId(id) ?? []);
  return [...new Map(names.map(({ subscription }) => [subscription.toLowerCase(), subscription])).values()];
}

/** The resource group that AKS made for the cluster's nodes. */
export function nodeResourceGroupOf({ resource }: ClusterState): string {
  return resource.properties.nodeResourceGroup ?? '';
}

/** "West Europe" and "westeurope" are one region. */
export function normalizeRegion(location: string): string {
  return location.replaceAll(' ', '').toLowerCase();
}
