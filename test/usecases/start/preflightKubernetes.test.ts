import { expect, it } from 'vitest';
import { writePolicy } from '../../../shared/stores/policyStore.ts';
import { listNodePools } from '../../../shared/usecases/ask/listNodePools.ts';
import { reportPreflight } from '../../../shared/usecases/start/reportPreflight.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { blockDrain, fleetOf, managedCluster, newImage, poolProfile, subscription } from '../fleets.ts';

function worldOf(policy: object, properties: object = {}): Promise<TestWorld> {
  const pools = [poolProfile('apps'), poolProfile('system', { mode: 'System' })];
  return createTestWorld({
    fleet: fleetOf(managedCluster(pools, { properties })),
    start: '2026-11-03T12:00:00Z',
    subscriptions: [subscription],
    policy: { mode: 'enforce', ...policy },
  });
}

const decisionOf = async ({ dependencies }: TestWorld, pool: string) =>
  (await listNodePools(dependencies, { nodePool: pool }))[0]?.decision;
const startsOf = (world: TestWorld, pool: string) => world.posts().filter(({ url }) => url.includes(`/${pool}/`));

it('starts no roll whose drain a PodDisruptionBudget would block, names it, and starts when it allows one', async () => {
  const world = await worldOf({ kubernetes: { enabled: true } });
  world.simulator.inject(blockDrain);
  await world.run(45);
  const decision = await decisionOf(world, 'apps');
  expect(decision).toMatchObject({ verdict: 'blocked', reason: 'preflightFailed' });
  expect(decision?.sentence).toContain('shop/checkout (1 pod)');
  expect(startsOf(world, 'apps')).toEqual([]);
  expect(startsOf(world, 'system')).toHaveLength(1);
  world.simulator.inject({ kind: 'clear' });
  await world.run(60);
  expect((await world.history()).map(({ nodePool, to, outcome }) => [nodePool, to, outcome])).toEqual([
    ['apps', newImage, 'succeeded'],
    ['system', newImage, 'succeeded'],
  ]);
});

it('a cluster whose API can’t be reached waits, unless the policy lets such a start go', async () => {
  const isPrivate = { apiServerAccessProfile: { enablePrivateCluster: true } };
  const strict = await worldOf({ kubernetes: { enabled: true } }, isPrivate);
  await strict.run(20);
  expect((await decisionOf(strict, 'apps'))?.sentence).toContain('private or unreachable');
  expect(strict.posts()).toEqual([]);
  const lenient = await worldOf({ kubernetes: { enabled: true }, preflight: { notRun: 'warn' } }, isPrivate);
  await lenient.run(20);
  expect(startsOf(lenient, 'apps')).toHaveLength(1);
});

it('a policy that enables the API while a start reads is kept to: what was not asked counts as unknown', async () => {
  const world = await createTestWorld({
    fleet: fleetOf(managedCluster([poolProfile('apps')])),
    start: '2026-11-03T12:00:00Z',
    subscriptions: [subscription],
    policy: { mode: 'enforce' },
    intercept: ({ url }, answer) => {
      if (url.includes('Microsoft.Compute')) {
        void writePolicy(world.dependencies.tables, { mode: 'enforce', kubernetes: { enabled: true } });
      }
      return answer();
    },
  });
  world.simulator.inject(blockDrain);
  await world.run(10);
  expect(startsOf(world, 'apps')).toEqual([]);
  expect((await decisionOf(world, 'apps'))?.sentence).toContain('did not enable it yet');
});

it('without the policy’s leave nobody asks the Kubernetes API, and its checks are not there', async () => {
  const world = await worldOf({});
  world.simulator.inject(blockDrain);
  await world.run(20);
  expect(world.requests.filter(({ url }) => /kubernetes\/|listClusterUserCredential/.test(url))).toEqual([]);
  const answer = await reportPreflight(world.dependencies, { cluster: 'shop', nodePool: 'apps' });
  const checks = answer.kind === 'reports' ? answer.reports[0]?.checks.map(({ check }) => check) : [];
  expect(checks).toContain('quota');
  expect(checks).not.toContain('podDisruptionBudgets');
});

it('on demand, a cluster’s pods are listed once for all of its pools', async () => {
  const world = await worldOf({ kubernetes: { enabled: true }, mode: 'observe' });
  await world.run(10);
  const before = world.requests.length;
  const answer = await reportPreflight(world.dependencies, { cluster: 'shop' });
  expect(answer).toMatchObject({ kind: 'reports', reports: [{ nodePool: 'apps' }, { nodePool: 'system' }] });
  const asked = world.requests
    .slice(before)
    .flatMap(({ url }) => /\/(nodes|pods|poddisruptionbudgets)\?/.exec(url)?.[1] ?? []);
  expect(asked.toSorted()).toEqual(['nodes', 'nodes', 'poddisruptionbudgets', 'pods']);
});
