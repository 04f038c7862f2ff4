import { expect, it } from 'vitest';
import { createDraw } from '../draw/seed.ts';
import { createSchedule } from '../world/schedule.ts';
import { createArmMeter } from './armMeter.ts';
import { figuresOf, linesOf } from './fleetFigures.ts';
import { fleetOptions, optionsIn } from './fleetOptions.ts';
import { runFleet } from './runFleet.ts';
import { createStorageQueue } from './storageQueue.ts';

it('starts every pool of a small fleet in its window, without a 429', { timeout: 60_000 }, async () => {
  const options = fleetOptions({ clusters: 2, pools: 2, subscriptions: 2, leadHours: 0.25, others: 0.05 });
  const figures = figuresOf(await runFleet(options));
  expect(figures).toMatchObject({ due: 4, started: 4, finished: 4, outsideWindow: 0, throttled: 0, poisoned: 0 });
  expect(figures.startsByMinute.reduce((sum, one) => sum + one, 0)).toBe(4);
  expect(figures.waits.p50).toBeGreaterThanOrEqual(0);
  expect(figures.waits.worst).toBeGreaterThanOrEqual(figures.waits.p50);
  expect(figures.buckets.find(({ bucket }) => bucket === 'ARM writes')?.requests).toBe(4);
  expect(figures.start.tableRequests.worst).toBeGreaterThan(3);
  expect(figures.pass.cpuSeconds.p50).toBeGreaterThan(0);
  expect(linesOf(figures)[1]).toContain('4 of 4');
});

it('a message that fails comes again after 30 s, and is poisoned after five tries', async () => {
  const schedule = createSchedule(0, createDraw(1));
  const seen: string[] = [];
  const queue = createStorageQueue(schedule, 1, async (message) => {
    seen.push(`${String(message)} ${Math.round(schedule.now() / 10_000)}`);
    if (message === 'bad') throw new Error('no');
  });
  queue.send('bad');
  queue.send('later', 60);
  await schedule.runUntil(600_000);
  const at = (wanted: string) => seen.filter((one) => one.startsWith(wanted)).map((one) => Number(one.split(' ')[1]));
  expect(at('bad')).toHaveLength(5);
  expect(at('bad').every((tens, index, all) => index === 0 || tens - (all[index - 1] ?? 0) >= 3)).toBe(true);
  expect(at('later')).toEqual([expect.toSatisfy((tens: number) => tens === 6 || tens === 7)]);
  expect([queue.poisoned(), queue.waiting()]).toEqual([1, 0]);
});

it('an instance has no more than 24 messages of a queue under way', async () => {
  const schedule = createSchedule(0, createDraw(1));
  let [underWay, most] = [0, 0];
  const queue = createStorageQueue(schedule, 1, async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    // Some end late, so that a new batch comes while eight of the last are under way.
    await schedule.wait(underWay % 2 === 0 ? 1_000 : 30_000);
    underWay -= 1;
  });
  for (let index = 0; index < 100; index += 1) queue.send(index);
  await schedule.runUntil(600_000);
  expect(most).toBe(24);
});

it('counts a request in the bucket that AKS takes it from', () => {
  const meter = createArmMeter(() => 'westeurope');
  const cluster = 'https://x/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c';
  meter.note('GET', cluster, 200);
  meter.note('GET', `${cluster}/maintenanceConfigurations/default`, 429);
  meter.note('GET', `${cluster}/agentPools/p/upgradeProfiles/default`, 200);
  meter.note('POST', `${cluster}/agentPools/p/upgradeNodeImageVersion`, 202);
  meter.note('GET', 'https://x/subscriptions/s/providers/Microsoft.ContainerService/managedClusters', 200);
  const counts = Object.fromEntries(meter.uses(60).map(({ bucket, requests }) => [bucket, requests]));
  expect(counts).toEqual({ 'all else': 3, 'GET of a cluster': 1, 'cluster lists': 1, 'ARM reads': 4, 'ARM writes': 1 });
  expect(meter.uses(60).find(({ bucket }) => bucket === 'all else')?.share).toBe(3 / 120);
  expect(meter.throttled()).toBe(1);
});

it.each([
  [{ clusters: 'many' }, /--clusters is "many"; give a number/],
  [{ clusters: '0' }, /--clusters is 0; give a whole number from 1/],
  [{ hours: '1' }, /at least 4/],
])('refuses %j', (given, problem) => {
  expect(() => optionsIn(given)).toThrow(problem);
});
