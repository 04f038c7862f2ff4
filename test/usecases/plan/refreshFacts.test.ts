import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { type Arm, ArmError } from '../../../shared/ports/arm.ts';
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
    getMaintenanceWindow: unused,
    listMaintenanceConfigurations: unused,
    getLatestNodeImage: unused,
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

  it('asks for the other configurations only where there is no window', async () => {
    const arm = armOf({ getMaintenanceWindow: async () => ({ durationHours: 4 }) });
    expect(await readClusterFacts({ arm, clock, tables }, idOf('shop'), [])).not.toHaveProperty('otherConfigurations');
    const failing = armOf({ getMaintenanceWindow: busy });
    expect(await readClusterFacts({ arm: failing, clock, tables }, idOf('shop'), [])).toEqual({
      readAt: '2026-11-21T12:00:00Z',
      window: { problem: '429 TooManyRequests' },
      latest: {},
    });
  });

  it('keeps their names where there is none', async () => {
    const arm = armOf({
      getMaintenanceWindow: async () => undefined,
      listMaintenanceConfigurations: async () => ['default'],
    });
    expect(await readClusterFacts({ arm, clock, tables }, idOf('shop'), [])).toMatchObject({
      window: { value: { maintenanceWindow: undefined } },
      otherConfigurations: { value: ['default'] },
    });
  });

  it('still knows that there is no window when the names can not be read', async () => {
    const arm = armOf({ getMaintenanceWindow: async () => undefined, listMaintenanceConfigurations: busy });
    const facts = await readClusterFacts({ arm, clock, tables }, idOf('shop'), []);
    expect(facts.window).not.toHaveProperty('problem');
    expect(facts.otherConfigurations).toEqual({ problem: '429 TooManyRequests' });
  });
});

describe('refreshFacts', () => {
  it('counts the second request of a cluster that had no window against the budget of the pass', async () => {
    const tables = createMemoryTables();
    const asked: string[] = [];
    const arm = armOf({
      getMaintenanceWindow: async (id) => {
        asked.push(id);
        return undefined;
      },
      listMaintenanceConfigurations: async () => [],
    });
    const clusters = ['a', 'b', 'c'].map((name) => ({
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
    expect(asked).toEqual([idOf('a'), idOf('b')]);
    const { facts } = await readSubscriptionFacts(tables, subscription);
    expect(facts.get(clusterKey(idOf('a')))).toMatchObject({ otherConfigurations: { value: [] } });
  });

  it('reads again what a clock that ran ahead had read, and first', async () => {
    const tables = createMemoryTables();
    const asked: string[] = [];
    const arm = armOf({
      getMaintenanceWindow: async (id) => {
        asked.push(id);
        return { durationHours: 4 };
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
    const arm = armOf({ getMaintenanceWindow: () => Promise.reject(new ArmError('read', error)) });
    await readClusterFacts({ arm, clock, tables }, idOf('shop'), []);
    const { budget } = await readSubscriptionFacts(tables, subscription);
    expect(budget?.closedUntil).toEqual(error.date.add({ seconds: 3601 }));
  });
});
