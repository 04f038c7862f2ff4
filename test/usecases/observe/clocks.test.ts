// The keeper's clock is wrong: what it records is timed by ARM's, and what can't be taken back waits.
import { describe, expect, it } from 'vitest';
import { createMemoryDocuments } from '../../../shared/adapters/storage/memoryDocuments.ts';
import { hasReport } from '../../../shared/stores/reportsStore.ts';
import { listNodePools } from '../../../shared/usecases/ask/listNodePools.ts';
import { checkWeekly } from '../../../shared/usecases/report/checkWeekly.ts';
import { createTestWorld } from '../../world.ts';
import { clusterId, fleetOf, managedCluster, subscription } from '../fleets.ts';

const hour = 3600;
const start = '2026-11-03T06:00:00Z';

async function aWorld(policy: unknown = { mode: 'enforce' }) {
  let isAway = false;
  const digests = createMemoryDocuments();
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster()),
    start,
    subscriptions: [subscription],
    policy,
    digests,
    intercept: (_request, answer) => (isAway ? { status: 503, headers: {}, body: '{}' } : answer()),
  });
  await world.pass();
  await world.run(10);
  const minutesOff = (text: string | undefined) => Math.abs(Date.parse(text ?? '') - Date.parse(start)) / 60_000;
  const setAway = (away: boolean) => {
    isAway = away;
  };
  return {
    ...world,
    digests,
    minutesOff,
    setAway,
    /** What was learnt later of who did it aside. */
    kinds: async () => (await world.ledger(clusterId)).map(({ kind }) => kind).filter((kind) => kind !== 'amendment'),
  };
}

describe.each([10 * hour, -10 * hour, 33, -35])('a clock that is %i s ahead', (seconds) => {
  it('writes transitions by ARM’s time and says so, starts nothing, and leaves no gap', async () => {
    const world = await aWorld();
    world.setAhead(seconds);
    world.simulator.inject({ kind: 'person', does: 'upgrade', cluster: 'shop', nodePool: 'apps' });
    await world.run(30);
    const [, rolled] = await world.ledger(clusterId);
    expect(rolled).toMatchObject({ kind: 'transition', timedBy: 'arm', outcome: 'succeeded' });
    if (rolled?.kind !== 'transition') throw new Error('no transition');
    for (const time of [rolled.observedAt, rolled.recordedAt, rolled.completedAt, ...rolled.startedBetween]) {
      expect(world.minutesOff(time ?? undefined)).toBeLessThan(60);
    }
    world.setAhead(0);
    await world.run(30);
    expect(await world.kinds()).toEqual(['firstSeen', 'transition']);
  });

  it('starts nothing in a window that is open by either clock; once it is right, the start comes', async () => {
    const world = await aWorld();
    // By a clock that is 10 h ahead or behind the window of 12:00 to 16:00 opens at other times.
    world.setAhead(seconds);
    await world.run(7 * 60);
    expect(world.posts()).toEqual([]);
    const [view] = await listNodePools(world.dependencies, {});
    expect(view?.decision.reason).toBe('clockSkew');
    world.setAhead(0);
    await world.run(60);
    expect(world.posts()).toHaveLength(1);
    expect(await world.kinds()).toEqual(['firstSeen', 'transition']);
    const [, rolled] = await world.ledger(clusterId);
    expect(rolled).toMatchObject({ cause: 'keeper', inWindow: true });
    expect(rolled).not.toHaveProperty('timedBy');
  });
});

it('a clock that is 29 s ahead is trusted', async () => {
  const world = await aWorld();
  world.setAhead(29);
  await world.run(7 * 60);
  expect(world.posts()).toHaveLength(1);
  expect((await world.ledger(clusterId)).some((entry) => 'timedBy' in entry && entry.timedBy)).toBe(false);
});

it.each([10 * hour, -10 * hour])('gaps wait until the clocks agree, and none is lost (%i s)', async (seconds) => {
  const world = await aWorld({ mode: 'observe' });
  world.setAway(true);
  await world.run(3 * 60);
  world.setAway(false);
  world.setAhead(seconds);
  await world.run(60);
  expect(await world.kinds()).toEqual(['firstSeen']);
  world.setAhead(0);
  await world.run(10);
  const ledger = await world.ledger(clusterId);
  expect(ledger.map(({ kind }) => kind)).toEqual(['firstSeen', 'gap']);
  // Up to the first list, though that was asked for by a clock that was wrong.
  expect(ledger[1]).toMatchObject({ unseenFrom: '2026-11-03T06:10:00Z', unseenTo: '2026-11-03T09:15:00Z' });
});

it('keeps no report and no digest, and drops nothing, by a clock that is weeks ahead', async () => {
  const world = await aWorld();
  world.setAhead(400 * 24 * hour);
  expect(await checkWeekly(world.dependencies)).toEqual([{ clusterId }]);
  expect(await world.digests.list()).toEqual([]);
  expect(world.lines.at(-1)).toMatch(/clock is more than 30 s from ARM's, so nothing is kept or dropped/);
  world.setAhead(0);
  await checkWeekly(world.dependencies);
  expect(await world.digests.list()).toEqual(['2026-W44.json']);
  expect(await hasReport(world.dependencies.tables, '2026-W44')).toBe(true);
});

it('what is decided is dated by ARM’s time, so that a later decision is the newest', async () => {
  const world = await aWorld();
  world.setAhead(10 * hour);
  await world.run(10);
  const [view] = await listNodePools(world.dependencies, {});
  expect(world.minutesOff(view?.decision.decidedAt)).toBeLessThan(60);
});
