import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { closeBudget, giveBack, takeRequests, upgradesIn } from '../../../shared/stores/starts/budgetStore.ts';
import { readDecisions } from '../../../shared/stores/views/decisionsStore.ts';
import { listDecisions } from '../../../shared/usecases/ask/listDecisions.ts';
import { listNodePools } from '../../../shared/usecases/ask/listNodePools.ts';
import { planAt } from '../../../shared/usecases/plan/planAt.ts';
import { checkWeekly } from '../../../shared/usecases/report/checkWeekly.ts';
import { createTestWorld } from '../../world.ts';
import {
  blockDrain,
  clusterId,
  fleetOf,
  managedCluster,
  newImage,
  oldImage,
  poolProfile,
  subscription,
} from '../fleets.ts';

const subscriptions = [subscription];
const address = { subscription, resourceGroup: 'rg-shop', cluster: 'shop', nodePool: 'apps' };

function worldAt(start: string, intercept?: (request: ArmRequest, answer: () => ArmResponse) => ArmResponse) {
  return createTestWorld({
    fleet: fleetOf(managedCluster()),
    start,
    subscriptions,
    ...(intercept ? { intercept } : {}),
  });
}

const decisionOf = async (world: Awaited<ReturnType<typeof worldAt>>) =>
  (await listNodePools(world.dependencies, {}))[0]?.decision;

describe('an attempt that fails', () => {
  it('is repeated in later occurrences at the same release, three times in all, and then waits for a person', async () => {
    const world = await worldAt('2026-11-03T11:50:00Z');
    for (let day = 0; day < 6; day += 1) {
      world.simulator.inject(blockDrain);
      await world.run(24 * 60);
    }
    const history = await world.history();
    expect(history.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['rolled', 'failed'],
      ['rolled', 'failed'],
      ['rolled', 'failed'],
    ]);
    expect(history[0]?.error).toMatchObject({ code: 'PodDrainFailure' });
    expect(history[0]?.failure).toMatchObject({ class: 'podDrain', remedy: expect.stringContaining('shop/checkout') });
    expect(new Set(history.map(({ window }) => window?.opensAt)).size).toBe(3);
    expect(world.posts()).toHaveLength(3);
    expect(await decisionOf(world)).toMatchObject({
      verdict: 'blocked',
      reason: 'poolFailed',
      sentence: expect.stringMatching(/shop\/checkout.*3 attempts at .* without success, and awaits a newer release/),
    });
  });

  it('is repeated once with success when the reason is gone', async () => {
    const world = await worldAt('2026-11-03T11:50:00Z');
    world.simulator.inject(blockDrain);
    await world.run(2 * 24 * 60);
    expect((await world.history()).map(({ outcome, to }) => [outcome, to])).toEqual([
      ['succeeded', newImage],
      ['failed', oldImage],
    ]);
  });

  it('of somebody else is not repeated: who broke the pool repairs it', async () => {
    const world = await worldAt('2026-11-03T08:00:00Z');
    await world.run(10);
    world.simulator.inject(blockDrain);
    world.simulator.personUpgrades(clusterId, 'apps');
    await world.run(24 * 60);
    expect(world.posts()).toHaveLength(0);
    expect(await decisionOf(world)).toMatchObject({ reason: 'poolFailed' });
  });
});

describe('a roll that does not end', () => {
  it('is said to be stuck, once, keeps its row, and is recorded when it ends', async () => {
    const fleet = { ...fleetOf(managedCluster()), rolling: { secondsPerNode: 3 * 60 * 60 } };
    const world = await createTestWorld({ fleet, start: '2026-11-03T12:00:00Z', subscriptions });
    await world.run(4 * 60);
    expect(world.lines.filter((line) => line.startsWith('Stuck:'))).toHaveLength(1);
    expect(await decisionOf(world)).toMatchObject({ reason: 'attemptInFlight' });
    expect((await decisionOf(world))?.sentence).toContain('stuck');
    await world.run(4 * 60);
    expect(await world.history()).toMatchObject([{ outcome: 'succeeded', cause: 'keeper' }]);
    expect(world.posts()).toHaveLength(1);
  });
});

describe('estimates', () => {
  it('come from the pool’s own past rolls once there are three', async () => {
    const release = (day: number) => `AKSUbuntu-2204gen2containerd-202611.${String(day).padStart(2, '0')}.0`;
    const world = await worldAt('2026-11-03T11:50:00Z');
    for (const day of [3, 4, 5, 6]) {
      world.simulator.release(release(day));
      await world.run(24 * 60);
    }
    expect(await world.history()).toHaveLength(4);
    world.simulator.release(release(7));
    const [decision] = await planAt(world.dependencies, {}, Temporal.Instant.from('2026-11-08T13:00:00Z'));
    expect(decision).toMatchObject({ reason: 'upToDate' });
    await world.run(20);
    // Two nodes, one at a time, five minutes each; seen at most a minute late.
    const starts = (await listDecisions(world.dependencies, address, 100))?.decisions.filter(
      ({ reason }) => reason === 'start',
    );
    expect(starts?.[0]?.estimateMinutes).toBeLessThanOrEqual(12);
    expect(starts?.at(-1)?.estimateMinutes).toBe(20);
  });
});

describe('the request budget', () => {
  const now = Temporal.Instant.from('2026-11-03T12:00:00Z');
  const budget = upgradesIn(subscription, 'westeurope', 0);

  it('is one for all instances, however they race', async () => {
    const tables = createMemoryTables();
    const granted = await Promise.all(
      Array.from({ length: 20 }, () => takeRequests(tables, budget, { wanted: 5, reserve: 0 }, now)),
    );
    expect(granted.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(60);
    expect(Math.max(...granted)).toBe(5);
  });

  it('leaves what is reserved, and nothing while it is closed', async () => {
    const tables = createMemoryTables();
    expect(await takeRequests(tables, budget, { wanted: 100, reserve: 15 }, now)).toBe(45);
    await closeBudget(tables, budget, 60, now);
    expect(await takeRequests(tables, budget, { wanted: 1, reserve: 0 }, now.add({ seconds: 59 }))).toBe(0);
    expect(await takeRequests(tables, budget, { wanted: 9, reserve: 0 }, now.add({ seconds: 62 }))).toBe(2);
  });

  it('is apart for each region, and gets back what was not asked for', async () => {
    const tables = createMemoryTables();
    const other = upgradesIn(subscription, 'North Europe', 0);
    expect(await takeRequests(tables, budget, { wanted: 60 }, now)).toBe(60);
    expect(await takeRequests(tables, other, { wanted: 60 }, now)).toBe(60);
    expect(await takeRequests(tables, upgradesIn(subscription, 'northeurope', 0), { wanted: 1 }, now)).toBe(0);
    await giveBack(tables, budget, 2, now);
    expect(await takeRequests(tables, budget, { wanted: 3, least: 3 }, now)).toBe(0);
    expect(await takeRequests(tables, budget, { wanted: 3 }, now)).toBe(2);
    await closeBudget(tables, budget, 60, now);
    await giveBack(tables, budget, 5, now);
    expect(await takeRequests(tables, budget, { wanted: 1 }, now)).toBe(0);
  });

  it('heals where a clock ran ahead by 40 days for a while, and where a 429 closed it until 2058', async () => {
    const tables = createMemoryTables();
    const ahead = now.add({ hours: 40 * 24 });
    for (let second = 0; second < 15; second += 1) {
      await takeRequests(tables, budget, { wanted: 7, reserve: 0 }, ahead.add({ seconds: second }));
    }
    await closeBudget(tables, budget, 1e9, ahead, now);
    // An hour after ARM's Date at most, and with it the bucket begins to fill.
    const open = now.add({ minutes: 61 });
    expect(await takeRequests(tables, budget, { wanted: 7, reserve: 0 }, now)).toBe(0);
    expect(await takeRequests(tables, budget, { wanted: 7, reserve: 0 }, open)).toBe(7);
    for (const value of [
      { tokens: 0, at: ahead.toString() },
      { tokens: 0, at: '2058-07-01T00:00:00Z', closedUntil: '2058-07-01T00:00:00Z' },
    ]) {
      await tables.write('Facts', subscription, [{ kind: 'upsert', rowKey: budget.row, value }]);
      expect(await takeRequests(tables, budget, { wanted: 7, reserve: 0 }, open)).toBe(7);
    }
  });

  it('a 429 to any read stops reads and starts of the subscription until Retry-After', async () => {
    let throttled = true;
    const world = await worldAt('2026-11-03T12:10:00Z', (request, answer) =>
      throttled && request.url.includes('upgradeProfiles')
        ? {
            status: 429,
            headers: { 'retry-after': '900' },
            body: '{"error":{"code":"Throttled","message":"Slow down."}}',
          }
        : answer(),
    );
    await world.pass();
    throttled = false;
    const reads = () => world.requests.filter(({ url }) => url.includes('upgradeProfiles')).length;
    expect(reads()).toBe(1);
    await world.run(14);
    expect(reads()).toBe(1);
    expect(world.posts()).toHaveLength(0);
    await world.run(60);
    expect(await world.history()).toMatchObject([{ to: newImage }]);
  });
});

describe('decisions and plans', () => {
  it('keeps what changed, newest first, in pages', async () => {
    const world = await worldAt('2026-11-03T11:50:00Z');
    await world.run(60);
    const all = await listDecisions(world.dependencies, address, 100);
    const reasons = all?.decisions.map(({ reason }) => reason) ?? [];
    expect(reasons[0]).toBe('upToDate');
    expect(reasons.at(-1)).toBe('outsideWindow');
    expect(reasons).toContain('start');
    const first = await listDecisions(world.dependencies, address, 1);
    const second = await listDecisions(world.dependencies, address, 100, first?.next);
    expect([...(first?.decisions ?? []), ...(second?.decisions ?? [])]).toEqual(all?.decisions);
  });

  it.each([
    ['another pool', { ...address, nodePool: 'ghost' }],
    ['another subscription', { ...address, subscription: 'x' }],
  ])('knows nothing of %s', async (_what, wrong) => {
    const world = await worldAt('2026-11-03T11:50:00Z');
    await world.pass();
    expect(await listDecisions(world.dependencies, wrong, 10)).toBeUndefined();
  });

  it('tells what a later moment would bring, without asking ARM', async () => {
    const world = await createTestWorld({
      fleet: fleetOf(managedCluster([poolProfile('apps'), poolProfile('system', { mode: 'System' })])),
      start: '2026-11-03T08:00:00Z',
      subscriptions,
    });
    await world.pass();
    const before = world.requests.length;
    const at = async (text: string) =>
      (await planAt(world.dependencies, {}, Temporal.Instant.from(text))).map(({ reason }) => reason);
    expect(await at('2026-11-03T09:00:00Z')).toEqual(['outsideWindow', 'outsideWindow']);
    expect(await at('2026-11-03T12:30:00Z')).toEqual(['start', 'poolOrder']);
    expect(await at('2026-11-03T15:59:30Z')).toEqual(['outsideWindow', 'outsideWindow']);
    expect(
      await planAt(world.dependencies, { nodePool: 'system' }, Temporal.Instant.from('2026-11-03T12:30:00Z')),
    ).toMatchObject([{ nodePool: 'system', reason: 'poolOrder' }]);
    expect(world.requests.length).toBe(before);
  });

  it('drops decisions after 90 days, but for the one that was in force then', async () => {
    const world = await worldAt('2026-11-03T08:00:00Z');
    await world.pass();
    world.advance({ hours: 5 });
    await world.pass();
    const count = async () => {
      let rows = 0;
      for await (const _ of readDecisions(world.dependencies.tables, clusterKey(clusterId), 'apps')) rows += 1;
      return rows;
    };
    const all = await count();
    expect(all).toBeGreaterThan(1);
    world.advance({ hours: 89 * 24 });
    await checkWeekly(world.dependencies);
    expect(await count()).toBe(all);
    world.advance({ hours: 2 * 24 });
    await checkWeekly(world.dependencies);
    expect(await count()).toBe(1);
  });
});
