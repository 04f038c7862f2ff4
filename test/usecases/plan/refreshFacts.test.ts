import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { type Arm, ArmError, type MaintenanceConfiguration } from '../../../shared/ports/arm.ts';
import { readSubscriptionFacts, type StoredFacts } from '../../../shared/stores/factsStore.ts';
import { readClusterFacts } from '../../../shared/usecases/plan/readClusterFacts.ts';
import { refreshFacts } from '../../../shared/usecases/plan/refreshFacts.ts';
import { at } from '../../builders.ts';

const subscription = '11111111-2222-4333-8444-555555555555';
const idOf = (name: string) =>
  `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`;
const clock = { now: () => Temporal.Instant.from('2026-11-21T12:00:00Z') };
const unused = () => Promise.reject(new Error('not to be asked'));

/** Answers about windows; asking anything else is an error. */
function armOf(answers: Partial<Arm>): Arm {
  return {
    listClusters: unused,
    getCluster: unused,
    listMaintenanceConfigurations: unused,
    getUpgradeProfile: unused,
    startNodeImageUpgrade: unused,
    getOperation: unused,
    listActivities: unused,
    ownIds: unused,
    ...answers,
  };
}

const busy = () => Promise.reject(new ArmError('read', { status: 429, code: 'TooManyRequests' }));

const quiet = { info: () => {}, warn: () => {} };

describe('readClusterFacts', () => {
  const tables = createMemoryTables();

  const ours = { name: 'aksManagedNodeOSUpgradeSchedule', maintenanceWindow: { durationHours: 4 } };
  const kubernetes = { name: 'aksmanagedautoupgradeschedule', maintenanceWindow: { durationHours: 8 } };
  const reading = (configurations: readonly MaintenanceConfiguration[]) =>
    readClusterFacts(
      { arm: armOf({ listMaintenanceConfigurations: async () => configurations }), clock, tables },
      idOf('shop'),
      [],
    );

  it('reads the windows of node images and of Kubernetes by one list', async () => {
    const facts = await reading([{ name: 'default', maintenanceWindow: null }, kubernetes, ours]);
    expect(facts).toEqual({
      readAt: clock.now(),
      window: {
        value: { readAt: clock.now(), maintenanceWindow: { durationHours: 4 }, kubernetesWindow: { durationHours: 8 } },
      },
      latest: {},
      ranBefore: {},
    });
  });

  it('keeps the names of the others where there is no window', async () => {
    expect(await reading([{ name: 'default', maintenanceWindow: null }, kubernetes])).toMatchObject({
      window: { value: { maintenanceWindow: undefined, kubernetesWindow: { durationHours: 8 } } },
      otherConfigurations: { value: ['default', 'aksmanagedautoupgradeschedule'] },
    });
  });

  it('a list that fails is no absence of windows', async () => {
    const failing = armOf({ listMaintenanceConfigurations: busy });
    expect(await readClusterFacts({ arm: failing, clock, tables }, idOf('shop'), [])).toEqual({
      readAt: clock.now(),
      window: { problem: '429 TooManyRequests' },
      latest: {},
      ranBefore: {},
    });
  });
});

describe('refreshFacts', () => {
  it('books one request for the windows of a cluster, whether it had any or not', async () => {
    const tables = createMemoryTables();
    const asked: string[] = [];
    const arm = armOf({
      listMaintenanceConfigurations: async (id) => {
        asked.push(id);
        return [];
      },
    });
    const clusters = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
      id: idOf(name),
      location: 'westeurope',
      provisioningState: 'Succeeded',
      powerState: 'Running',
      tags: {},
      nodePools: [],
    }));
    const none: StoredFacts = {
      readAt: at('2026-11-21T11:00:00Z'),
      window: { value: { readAt: at('2026-11-21T11:00:00Z') } },
      latest: {},
    };
    const stored = new Map(clusters.map(({ id }) => [clusterKey(id), none]));
    const own = { arm, clock, tables, log: quiet, requestsPerPass: 4, factsMinutes: 5 };
    await refreshFacts(own, subscription, clusters, stored);
    expect(asked).toEqual(['a', 'b', 'c', 'd'].map(idOf));
    const { facts, budget } = await readSubscriptionFacts(tables, subscription);
    expect(facts.get(clusterKey(idOf('a')))).toMatchObject({ otherConfigurations: { value: [] } });
    expect(budget).toMatchObject({ tokens: 56 });
  });

  it('reads again what a clock that ran ahead had read, and first', async () => {
    const tables = createMemoryTables();
    const asked: string[] = [];
    const arm = armOf({
      listMaintenanceConfigurations: async (id) => {
        asked.push(id);
        return [];
      },
    });
    const clusters = ['old', 'ahead', 'recent'].map((name) => ({
      id: idOf(name),
      location: 'westeurope',
      provisioningState: 'Succeeded',
      powerState: 'Running',
      tags: {},
      nodePools: [],
    }));
    const readAt = ['2026-11-21T11:00:00Z', '2026-12-31T12:00:00Z', '2026-11-21T11:58:00Z'];
    const stored = new Map(
      clusters.map(({ id }, index): [string, StoredFacts] => [
        clusterKey(id),
        {
          readAt: at(readAt[index] ?? ''),
          window: { value: { readAt: at('2026-11-21T11:00:00Z'), maintenanceWindow: {} } },
          latest: {},
        },
      ]),
    );
    await refreshFacts(
      { arm, clock, tables, requestsPerPass: 45, factsMinutes: 5, log: quiet },
      subscription,
      clusters,
      stored,
    );
    expect(asked).toEqual([idOf('ahead'), idOf('old')]);
  });

  it('closes the budget until an hour after ARM’s Date at most', async () => {
    const tables = createMemoryTables();
    const error = {
      status: 429,
      code: 'Throttled',
      retryAfterSeconds: 1e9,
      date: clock.now().subtract({ hours: 960 }),
    };
    const arm = armOf({ listMaintenanceConfigurations: () => Promise.reject(new ArmError('read', error)) });
    await readClusterFacts({ arm, clock, tables }, idOf('shop'), []);
    const { budget } = await readSubscriptionFacts(tables, subscription);
    expect(budget?.closedUntil).toEqual(error.date.add({ seconds: 3601 }));
  });
});
