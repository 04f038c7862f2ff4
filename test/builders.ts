// Builders of the domain's shapes with plausible values; tests give only what they are about. Used by test/.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Attempt } from '../shared/domain/attempt/attempt.ts';
import type { Cluster, NodePool } from '../shared/domain/cluster/cluster.ts';
import type { Append } from '../shared/domain/ledger/append.ts';
import { ChainHead, type Heads, PoolHead } from '../shared/domain/ledger/heads.ts';
import type { WindowReading } from '../shared/domain/ledger/judgeStart.ts';
import type { Entry, EntryBody, RollEntry } from '../shared/domain/ledger/ledger.ts';
import type { Observation } from '../shared/domain/observe/observation.ts';
import { observe } from '../shared/domain/observe/observe.ts';
import { toAppends } from '../shared/domain/observe/toAppends.ts';
import type { Stored } from '../shared/domain/text/stored.ts';

/** Three releases of one image family, oldest first. */
export const images = {
  older: 'AKSUbuntu-2204gen2containerd-202512.11.0',
  old: 'AKSUbuntu-2204gen2containerd-202512.18.0',
  new: 'AKSUbuntu-2204gen2containerd-202601.07.0',
} as const;

export const clusterId =
  '/subscriptions/3b7a1c9e-5f2d-4a68-9c04-e1d2f3a4b5c6/resourceGroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/aks-shop-we';
const resourceUid = '65a0f3d2c1b4e50001a7c9d8';

/** A Wednesday, 01:30 UTC: half an hour into {@link aWindow}. */
export const now = Temporal.Instant.from('2026-01-14T01:30:00Z');

/** An instant, from ISO text. */
export const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);

/** An instant so many minutes after {@link now}; negative: before it. */
export const after = (minutes: number): Temporal.Instant => now.add({ minutes });

/** An idle user pool of three Linux nodes on {@link images}.old. */
export function aPool(overrides: Partial<NodePool> = {}): NodePool {
  return {
    name: 'apps',
    nodeImageVersion: images.old,
    provisioningState: 'Succeeded',
    powerState: 'Running',
    mode: 'User',
    type: 'VirtualMachineScaleSets',
    osType: 'Linux',
    osSku: 'Ubuntu',
    kubernetesVersion: '1.34.2',
    count: 3,
    maxSurge: '33%',
    eTag: 'etag-1',
    ...overrides,
  };
}

/** A running cluster, whose channels leave the node images to us, with one pool. */
export function aCluster(overrides: Partial<Cluster> = {}): Cluster {
  return {
    id: clusterId,
    resourceUid,
    location: 'westeurope',
    provisioningState: 'Succeeded',
    powerState: 'Running',
    tags: {},
    upgradeChannel: 'none',
    nodeOsUpgradeChannel: 'None',
    sku: 'Base',
    nodePools: [aPool()],
    ...overrides,
  };
}

/** ARM's JSON of a daily window from 01:00 to 05:00 UTC. */
export function aWindow(overrides: object = {}): object {
  return {
    schedule: { daily: { intervalDays: 1 } },
    durationHours: 4,
    utcOffset: '+00:00',
    startTime: '01:00',
    ...overrides,
  };
}

export function aWindowReading(overrides: Partial<WindowReading> = {}): WindowReading {
  return { readAt: after(-15), maintenanceWindow: aWindow(), ...overrides };
}

/** The head of {@link aPool}, first seen an hour ago. */
export function aPoolHead(overrides: Partial<PoolHead> = {}): PoolHead {
  const nodeImageVersion = overrides.nodeImageVersion ?? images.old;
  return {
    nodePool: 'apps',
    nodeImageVersion,
    kubernetesVersion: '1.34.2',
    sequence: 1,
    recordedAt: after(-60),
    runs: [{ nodeImageVersion, since: after(-60) }],
    ...overrides,
  };
}

/** The heads of {@link aCluster}, last read ten minutes ago. */
export function heads(pools: readonly PoolHead[] = [aPoolHead()], chain: Partial<ChainHead> = {}): Heads {
  return {
    chain: {
      cluster: clusterId,
      resourceUid,
      sequence: pools.length,
      hash: 'a'.repeat(64),
      observedAt: after(-10),
      ...chain,
    },
    pools,
  };
}

/** An attempt on {@link aPool} that ARM accepted a minute after {@link now}, in the occurrence that is open then. */
export function anAttempt(overrides: Partial<Attempt> = {}): Attempt {
  return {
    id: '0d6f4c1e-8a3b-4e57-9b12-7c5d3e2f1a09',
    state: 'running',
    cluster: clusterId,
    resourceUid,
    nodePool: 'apps',
    from: images.old,
    to: images.new,
    window: {
      maintenanceWindow: aWindow(),
      readAt: now,
      opensAt: at('2026-01-14T01:00:00Z'),
      closesAt: at('2026-01-14T05:00:00Z'),
    },
    intendedAt: now,
    acceptedAt: after(1),
    operationUrl: 'https://management.azure.com/operations/1',
    eTag: 'etag-1',
    estimateMinutes: 30,
    ...overrides,
  };
}

/** One whose request was not seen to be answered. */
export function anUnansweredAttempt(overrides: Partial<Attempt> = {}): Attempt {
  const { acceptedAt: _acceptedAt, operationUrl: _operationUrl, ...attempt } = anAttempt();
  return { ...attempt, state: 'intended', ...overrides };
}

/** A read of {@link aCluster} at {@link now}, with its window known. */
export function anObservation(overrides: Partial<Observation> = {}): Observation {
  return { clusterId, cluster: aCluster(), observedAt: now, window: aWindowReading(), ...overrides };
}

type RollBody = Extract<EntryBody, { kind: 'transition' | 'rolled' }>;

/** {@link aPool} went from one image to the next, outside our sight: nothing but the images is known. */
export function aTransition(overrides: Partial<RollBody> = {}): RollBody {
  return {
    kind: 'transition',
    cluster: clusterId,
    nodePool: 'apps',
    from: images.old,
    to: images.new,
    startedBetween: [after(-10).toString(), now.toString()],
    completedAt: now.toString(),
    observedAt: now.toString(),
    cause: 'unknown',
    inWindow: 'unknown',
    outcome: 'succeeded',
    proof: 'pool',
    ...overrides,
  };
}

/** The same as it stands in the ledger: the second entry of its cluster. */
export function aRollEntry(overrides: Partial<RollEntry> = {}): RollEntry {
  const place = { sequence: 2, recordedAt: after(1).toString(), previousHash: 'a'.repeat(64), hash: 'b'.repeat(64) };
  return { ...aTransition(), ...place, ...overrides };
}

/** The heads after one transaction, as the store keeps them: by pool, as JSON, and none of a cluster that is gone. */
function headsAfter(heads: Heads, { chain, heads: written, removedHeads }: Append): Heads {
  const changed = new Set([...removedHeads, ...written.map((head) => head.nodePool)].map((name) => name.toLowerCase()));
  const kept = heads.pools.filter((head) => !changed.has(head.nodePool.toLowerCase()));
  const asStored = <Schema extends z.ZodType>(schema: Schema, value: unknown) =>
    schema.parse(JSON.parse(JSON.stringify(value))) as Stored<Schema>;
  return {
    chain: asStored(ChainHead, chain),
    pools: asStored(z.array(PoolHead), chain.gone ? [] : [...kept, ...written]),
  };
}

/** A cluster's ledger that takes observations one after the other, as observeCluster does; empty unless told otherwise. */
export function aLedger(initial: Heads = { pools: [] }) {
  let heads = initial;
  const entries: Entry[] = [];
  /** The entries that the observation adds. `transactions`: only so many are written, then the process dies. */
  function take(observation: Observation, transactions = Number.POSITIVE_INFINITY): readonly Entry[] {
    const before = entries.length;
    const recordedAt = observation.observedAt.add({ seconds: 2 });
    const appends = toAppends(heads, observe(heads, observation), observation, recordedAt);
    for (const append of appends.slice(0, transactions)) {
      heads = headsAfter(heads, append);
      entries.push(...(JSON.parse(JSON.stringify(append.entries)) as Entry[]));
    }
    return entries.slice(before);
  }
  return { take, heads: () => heads, entries: (): readonly Entry[] => entries };
}
