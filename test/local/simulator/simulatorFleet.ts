// A small fleet, a hand-driven clock and the real SDK client over the simulator, for the simulator's tests.
import { ContainerServiceClient } from '@azure/arm-containerservice';
import { Temporal } from 'temporal-polyfill';
import type { ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import type { Fault } from '../../../local/simulator/faults/fault.ts';
import { createHttpClient } from '../../../local/simulator/httpClient.ts';
import { createSimulator, type Simulator } from '../../../local/simulator/simulator.ts';
import type { ArmAgentPoolProfile, ArmManagedCluster, Fleet } from '../../../local/simulator/world/armFleet.ts';

export const subscription = '11111111-2222-4333-8444-555555555555';
const start = '2026-11-03T10:00:00Z';
export const oldImage = 'AKSUbuntu-2204gen2containerd-202610.05.0';
export const newImage = 'AKSUbuntu-2204gen2containerd-202610.26.0';

/** As AKS spells the ids of its clusters. */
export const clusterId = (name: string, group = 'rg-shop') =>
  `/subscriptions/${subscription}/resourcegroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;

export const pool = (name: string, fields: Partial<ArmAgentPoolProfile> = {}): ArmAgentPoolProfile => ({
  name,
  count: 3,
  vmSize: 'Standard_D4s_v5',
  mode: 'System',
  osType: 'Linux',
  osSKU: 'Ubuntu',
  nodeImageVersion: oldImage,
  ...fields,
});

export const cluster = (
  name: string,
  properties: Partial<ArmManagedCluster['properties']> = {},
  fields: Partial<ArmManagedCluster> = {},
): ArmManagedCluster => ({
  id: clusterId(name),
  location: 'westeurope',
  tags: { team: 'shop' },
  properties: { kubernetesVersion: '1.34.2', agentPoolProfiles: [pool('system')], ...properties },
  ...fields,
});

/** Daily at 12:00 UTC for four hours, as ARM's JSON has it. */
export const noonWindow = {
  name: 'aksManagedNodeOSUpgradeSchedule',
  properties: {
    maintenanceWindow: {
      schedule: { daily: { intervalDays: 1 } },
      durationHours: 4,
      utcOffset: '+00:00',
      startDate: '2026-01-01',
      startTime: '12:00',
    },
  },
};

/** A simulator of these clusters with `newImage` out, its clock, and what speaks to it. */
export function simulate(clusters: readonly ArmManagedCluster[], fleet: Partial<Fleet> = {}) {
  let now = Temporal.Instant.from(start);
  const simulator: Simulator = createSimulator({
    fleet: {
      clusters,
      releases: [{ nodeImageVersion: newImage, availableAt: '2026-10-28T00:00:00Z' }],
      rolling: { secondsPerNode: 60 },
      ...fleet,
    },
    now: () => now,
  });
  const client = new ContainerServiceClient(
    { getToken: async () => ({ token: 'a token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
    subscription,
    { httpClient: createHttpClient(simulator.handle), retryOptions: { maxRetries: 0 } },
  );
  return {
    simulator,
    client,
    pass: (seconds: number) => {
      now = now.add({ seconds });
    },
    /** Lets a fault happen; what is wrong with it, or undefined. */
    inject: (fault: Fault) => simulator.inject(fault),
    jumpTo: (to: Temporal.Instant) => {
      now = to;
    },
    /** A request with a token and an api-version; `url` is a path. */
    send: (method: string, url: string, headers: Record<string, string> = {}): ArmResponse =>
      simulator.handle({
        method,
        url: `${url}${url.includes('?') ? '&' : '?'}api-version=2026-06-01`,
        headers: { authorization: 'Bearer a token', ...headers },
      }),
  };
}

/** Every item of a paged list. */
export async function all<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of list) items.push(item);
  return items;
}
