import { describe, expect, it } from 'vitest';
import { firstBrokenEntry } from '../../../shared/domain/ledger/chain.ts';
import { listAttempts } from '../../../shared/stores/starts/startsStore.ts';
import { listNodePools } from '../../../shared/usecases/ask/listNodePools.ts';
import { recordObservation } from '../../../shared/usecases/observe/recordObservation.ts';
import { createTestWorld } from '../../world.ts';
import { clusterId, fleetOf, managedCluster, newImage, oldImage, poolProfile, subscription } from '../fleets.ts';

const subscriptions = [subscription];

describe('the main path', () => {
  it('starts inside the window, follows to the end, and stands in the history once', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T11:30:00Z',
      subscriptions,
    });
    await world.run(29);
    expect(world.posts()).toHaveLength(0);

    await world.run(61);
    const history = await world.history();
    expect(history).toHaveLength(1);
    expect(history[0]).toMatchObject({
      kind: 'transition',
      nodePool: 'apps',
      from: oldImage,
      to: newImage,
      cause: 'keeper',
      inWindow: true,
      outcome: 'succeeded',
      proof: 'instances',
      window: { opensAt: '2026-11-03T12:00:00Z', closesAt: '2026-11-03T16:00:00Z' },
    });
    const { startedAt = '', completedAt = '' } = history[0] ?? {};
    expect(startedAt >= '2026-11-03T12:01:00Z').toBe(true);
    expect(completedAt > startedAt).toBe(true);
    expect(world.posts()).toHaveLength(1);
    expect(await listAttempts(world.dependencies.tables)).toEqual([]);
    expect(firstBrokenEntry(await world.ledger(clusterId))).toBeUndefined();
  });

  it('rolls three pools of 40 nodes in one window of four hours, ten nodes at a time without surge', async () => {
    const upgradeSettings = { maxSurge: '0', maxUnavailable: '10' };
    const pools = ['blue', 'green', 'red'].map((name) => poolProfile(name, { count: 40, upgradeSettings }));
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster(pools)),
      start: '2026-11-03T11:55:00Z',
      subscriptions,
      policy: { mode: 'enforce', overrun: 'block' },
    });
    await world.run(245);
    const inOneWindow = { outcome: 'succeeded', inWindow: true, window: { opensAt: '2026-11-03T12:00:00Z' } };
    expect(await world.history()).toMatchObject([inOneWindow, inOneWindow, inOneWindow]);
  });

  it('does not start ten nodes with a node soak of 30 minutes when 105 minutes are left', async () => {
    const upgradeSettings = { maxSurge: '1', nodeSoakDurationInMinutes: 30 };
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster([poolProfile('apps', { count: 10, upgradeSettings })])),
      start: '2026-11-03T14:15:00Z',
      subscriptions,
    });
    await world.pass();
    expect(world.posts()).toEqual([]);
    const [row] = await listNodePools(world.dependencies, {});
    expect(row?.decision).toMatchObject({
      verdict: 'wait',
      reason: 'windowClosing',
      sentence: expect.stringContaining('in 105 minutes; the roll takes about 400.'),
    });
  });

  it('needs no event: without any, the change is seen a little later and is the same record', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T11:55:00Z',
      subscriptions,
    });
    await world.run(90, () => false);
    expect(await world.history()).toMatchObject([{ from: oldImage, to: newImage, cause: 'keeper', inWindow: true }]);
  });

  it('upgrades user pools before the system pool, one at a time, each once', async () => {
    const pools = [poolProfile('system', { mode: 'System' }), poolProfile('apps'), poolProfile('jobs')];
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster(pools)),
      start: '2026-11-03T11:55:00Z',
      subscriptions,
    });
    await world.run(180);
    const order = (await world.history()).map((row) => row.nodePool).toReversed();
    expect(order).toEqual(['apps', 'jobs', 'system']);
    expect(world.posts()).toHaveLength(3);
  });

  it('starts nothing that would run past the close, and goes on the next day', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T15:44:00Z',
      subscriptions,
    });
    await world.run(60);
    expect(world.posts()).toHaveLength(0);
    await world.run(21 * 60);
    expect(await world.history()).toMatchObject([{ window: { opensAt: '2026-11-04T12:00:00Z' } }]);
  });

  it('has a decision with a reason for every pool of every cluster', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(
        managedCluster([poolProfile('apps'), poolProfile('aksmanagedap', { mode: 'Machines' })]),
        managedCluster([poolProfile('apps')], { name: 'bare', window: null }),
        managedCluster([poolProfile('apps')], { name: 'off', properties: { powerState: { code: 'Stopped' } } }),
        managedCluster([poolProfile('apps')], {
          name: 'auto',
          properties: { autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage' } },
        }),
        managedCluster([poolProfile('apps')], {
          name: 'fortnight',
          window: { schedule: { weekly: { intervalWeeks: 2, dayOfWeek: 'Sunday' } } },
        }),
        managedCluster([poolProfile('apps')], { name: 'broken', window: { durationHours: 99 } }),
        managedCluster([poolProfile('apps', { nodeImageVersion: newImage })], { name: 'fresh' }),
      ),
      start: '2026-11-03T10:00:00Z',
      subscriptions,
    });
    await world.pass();
    const views = await listNodePools(world.dependencies, {});
    const reasons = views.map(({ cluster, nodePool, decision }) => [
      `${cluster.id.split('/').at(-1)}/${nodePool.name}`,
      decision.reason,
    ]);
    expect(Object.fromEntries(reasons)).toEqual({
      'shop/apps': 'outsideWindow',
      'shop/aksmanagedap': 'unsupportedPool',
      'bare/apps': 'noWindow',
      'off/apps': 'clusterStopped',
      'auto/apps': 'autoUpgradeChannelActive',
      'fortnight/apps': 'windowNotAnchored',
      'broken/apps': 'windowUnreadable',
      'fresh/apps': 'upToDate',
    });
    expect(views.every(({ decision }) => decision.sentence.length > 20)).toBe(true);
  });

  it('starts nothing in mode observe, and nothing under a policy that is not valid', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T11:55:00Z',
      policy: { mode: 'observe' },
      subscriptions,
    });
    await world.run(60);
    expect((await listNodePools(world.dependencies, {}))[0]?.decision).toMatchObject({
      reason: 'observeOnly',
      also: [],
    });
    await world.dependencies.tables.write('Policy', 'policy', [
      { kind: 'upsert', rowKey: 'current', value: { mode: 'enforce', wimdow: true } },
    ]);
    await world.run(60);
    expect((await listNodePools(world.dependencies, {}))[0]?.decision.sentence).toContain('wimdow');
    expect(world.posts()).toHaveLength(0);
  });

  it('records what others do, and says in or out of the window', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T08:00:00Z',
      subscriptions,
    });
    await world.run(10);
    expect(world.simulator.personUpgrades(clusterId, 'apps')).toBe(true);
    await world.run(30);
    expect(await world.history()).toMatchObject([
      {
        from: oldImage,
        to: newImage,
        cause: 'manual',
        evidence: 'confirmed',
        inWindow: false,
        startedAt: '2026-11-03T08:10:00Z',
      },
    ]);
    expect(world.posts()).toHaveLength(0);
  });

  it('marks a cluster that cannot be listed, and starts nothing there', async () => {
    let broken = false;
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T11:40:00Z',
      subscriptions,
      intercept: (_request, answer) =>
        broken ? { status: 503, headers: {}, body: '{"error":{"code":"ServerBusy","message":"Busy."}}' } : answer(),
    });
    await world.run(10);
    broken = true;
    await world.pass();
    expect((await listNodePools(world.dependencies, {}))[0]?.decision).toMatchObject({
      verdict: 'blocked',
      reason: 'readFailed',
    });
    world.advance({ minutes: 30 });
    await world.pass();
    expect(world.posts()).toHaveLength(0);
  });

  it('judges the start on fresh reads: a window that is moved after the pass read it starts nothing', async () => {
    let reads = 0;
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster()),
      start: '2026-11-03T12:30:00Z',
      subscriptions,
      intercept: (request, answer) => {
        const answered = answer();
        if (!request.url.includes('maintenanceConfigurations')) return answered;
        reads += 1;
        return reads === 1 ? answered : { ...answered, body: answered.body.replace('"12:00"', '"20:00"') };
      },
    });
    await recordObservation(world.dependencies, { clusterId });
    await world.pass();
    expect(reads).toBe(2);
    expect(world.posts()).toHaveLength(0);
    expect((await listNodePools(world.dependencies, {}))[0]?.decision).toMatchObject({
      reason: 'outsideWindow',
      nextEligibleAt: '2026-11-03T20:00:00Z',
    });
  });
});
