import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { type Arm, ArmError, type MaintenanceConfiguration } from '../../../shared/ports/arm.ts';
import { readSubscriptionFacts, type StoredFacts, writeFacts } from '../../../shared/stores/factsStore.ts';
import { takeRequests, upgradesIn } from '../../../shared/stores/starts/budgetStore.ts';
import { readClusterFacts } from '../../../shared/usecases/plan/readClusterFacts.ts';
import { refreshCluster, refreshFacts } from '../../../shared/usecases/plan/refreshFacts.ts';
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
      { arm: armOf({ listMaintenanceConfigurations: async () => configurations }), clock, tables, shareForOthers: 0 },
      { id: idOf('shop') },
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
    expect(
      await readClusterFacts({ arm: failing, clock, tables, shareForOthers: 0 }, { id: idOf('shop') }, []),
    ).toEqual({
      readAt: clock.now(),
      window: { problem: '429 TooManyRequests' },
      latest: {},
      ranBefore: {},
    });
  });
});

describe('refreshFacts', () => {
  const cluster = (name: string) => ({
    id: idOf(name),
    location: 'westeurope',
    provisioningState: 'Succeeded',
    powerState: 'Running',
    tags: {},
    nodePools: [],
  });
  const factsOf = (readAt: string, maintenanceWindow?: object): StoredFacts => ({
    readAt: at(readAt),
    window: { value: { readAt: at(readAt), maintenanceWindow } },
    latest: {},
  });
  const names = (ids: readonly string[]) => ids.map((id) => id.split('/').at(-1));

  /** Facts of clusters that have no pools, so that each is one request. */
  function stage(stored: Readonly<Record<string, StoredFacts | undefined>>) {
    const tables = createMemoryTables();
    const asked: string[] = [];
    const sent: { readonly message: unknown; readonly seconds: number }[] = [];
    const arm = armOf({
      listMaintenanceConfigurations: async (id) => {
        asked.push(id);
        return [];
      },
    });
    const queues = {
      countPoisoned: async () => 0,
      send: async (_queue: string, message: unknown, seconds: number) => void sent.push({ message, seconds }),
    };
    const own = { arm, clock, tables, queues, log: quiet, shareForOthers: 0, factsMinutes: 5 };
    const known = new Map(
      Object.entries(stored).flatMap(([name, facts]) => (facts ? [[clusterKey(idOf(name)), facts] as const] : [])),
    );
    const refresh = (isBusy = false) =>
      refreshFacts(own, subscription, Object.keys(stored).map(cluster), known, () => isBusy);
    const tokens = async () => {
      const [budget] = (await readSubscriptionFacts(tables, subscription)).budgets.values();
      return budget && 'value' in budget ? budget.value.tokens : undefined;
    };
    return { own, tables, asked, sent, refresh, tokens };
  }

  it('books one request for the windows of a cluster, and keeps what it read', async () => {
    const { tables, asked, refresh, tokens } = stage({ a: undefined, b: factsOf('2026-11-21T11:00:00Z') });
    await refresh();
    expect(names(asked)).toEqual(['a', 'b']);
    const { facts } = await readSubscriptionFacts(tables, subscription);
    expect(facts.get(clusterKey(idOf('a')))).toMatchObject({ otherConfigurations: { value: [] } });
    expect(await tokens()).toBe(58);
  });

  it('reads again what a clock that ran ahead had read, and first', async () => {
    const { asked, refresh } = stage({
      old: factsOf('2026-11-21T11:00:00Z', {}),
      ahead: factsOf('2026-12-31T12:00:00Z', {}),
      recent: factsOf('2026-11-21T11:58:00Z', {}),
    });
    await refresh();
    expect(names(asked)).toEqual(['ahead', 'old']);
  });

  const many = (count: number, facts?: StoredFacts) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${String(index).padStart(3, '0')}`, facts]));

  it('leaves to messages what the bucket can’t pay for at once, as it fills, up to the next pass', async () => {
    const { asked, refresh } = stage(many(1000));
    const { later } = await refresh();
    // Sixty, less twelve for starts; then one a second.
    expect(asked).toHaveLength(48);
    expect(later).toHaveLength(300 - 48);
    expect(later.slice(0, 2).map(({ at }) => at)).toEqual(['2026-11-21T12:00:01Z', '2026-11-21T12:00:02Z']);
  });

  it('plans no more where one pass follows the other at once', async () => {
    const { refresh } = stage(many(1000));
    await refresh();
    expect((await refresh()).later).toEqual([]);
  });

  it('takes no more than its share while pools wait to start', async () => {
    const { asked, refresh } = stage(many(1000));
    const { later } = await refresh(true);
    expect(asked.length + later.length).toBe(30);
  });

  it('takes a fifth of the bucket for facts that nobody needs soon', async () => {
    const { asked, refresh } = stage(many(1000, factsOf('2026-11-21T11:00:00Z')));
    const { later } = await refresh();
    expect(asked.length + later.length).toBe(60);
  });

  it('begins so early before an opening that all whose windows open then are read in time', async () => {
    const weekly = (startTime: string) => ({
      schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Saturday' } },
      durationHours: 4,
      startTime,
      utcOffset: '+00:00',
    });
    // At noon: 200 requests take 200 s, and 15 minutes are kept free.
    const opening = (count: number, startTime: string) =>
      many(count, factsOf('2026-11-21T11:00:00Z', weekly(startTime)));
    expect((await stage(opening(200, '12:20')).refresh()).later).toHaveLength(60 - 48);
    expect((await stage(opening(400, '12:20')).refresh()).later).toHaveLength(300 - 48);
    const inTime = many(400, factsOf('2026-11-21T11:54:00Z', weekly('12:14')));
    expect((await stage(inTime).refresh()).later).toHaveLength(60 - 48);
  });

  describe('by a message', () => {
    const message = {
      clusterId: idOf('shop'),
      region: 'westeurope',
      pools: [],
      since: '2026-11-21T11:59:00Z',
      at: '2026-11-21T12:00:00Z',
    };

    it('reads and keeps them', async () => {
      const { own, tables, tokens } = stage({});
      await refreshCluster(own, message);
      expect((await readSubscriptionFacts(tables, subscription)).facts.size).toBe(1);
      expect(await tokens()).toBe(59);
    });

    it('does not, where somebody read them since, or the next pass has planned anew', async () => {
      const { own, tables, asked } = stage({});
      await refreshCluster(own, { ...message, since: '2026-11-21T11:54:00Z' });
      await writeFacts(tables, clusterKey(idOf('shop')), factsOf('2026-11-21T11:59:30Z'));
      await refreshCluster(own, message);
      expect(asked).toEqual([]);
    });

    it('comes again where the bucket is spent', async () => {
      const { own, tables, asked, sent } = stage({});
      const budget = upgradesIn(subscription, 'westeurope', 0);
      await takeRequests(tables, budget, { wanted: 58 }, clock.now());
      await refreshCluster(own, message);
      expect({ asked, sent }).toEqual({ asked: [], sent: [{ message, seconds: 10 }] });
    });
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
    await readClusterFacts({ arm, clock, tables, shareForOthers: 0 }, { id: idOf('shop'), location: 'x' }, []);
    const { budgets } = await readSubscriptionFacts(tables, subscription);
    expect([...budgets.values()]).toMatchObject([{ value: { closedUntil: error.date.add({ seconds: 3601 }) } }]);
  });

  it.each([
    ['AKS’s own', 'Throttled', ['budget|x']],
    ['ARM’s', 'SubscriptionRequestsThrottled', ['reads']],
    ['of nobody knows which', 'TooManyRequests', ['budget|x', 'reads']],
  ])('a 429 closes the bucket that refused: %s', async (_what, code, closed) => {
    const tables = createMemoryTables();
    const error = new ArmError('read', { status: 429, code, retryAfterSeconds: 60 });
    const arm = armOf({ listMaintenanceConfigurations: () => Promise.reject(error) });
    await readClusterFacts({ arm, clock, tables, shareForOthers: 0 }, { id: idOf('shop'), location: 'x' }, []);
    const { budgets } = await readSubscriptionFacts(tables, subscription);
    expect([...budgets.keys()]).toEqual(closed);
  });
});
