// What real fleets showed: states that nothing ends by itself, pools that are AKS's own, images and failures of old pools.
import { describe, expect, it } from 'vitest';
import { parseIsoWeek } from '../../../shared/domain/report/isoWeek.ts';
import { reportCsv } from '../../../shared/http/render/reportCsv.ts';
import { listNodePools } from '../../../shared/usecases/ask/listNodePools.ts';
import { readWeekReport } from '../../../shared/usecases/report/readWeekReport.ts';
import { createTestWorld, type TestWorld } from '../../world.ts';
import { fleetOf, managedCluster, newImage, poolProfile, subscription } from '../fleets.ts';

const inWindow = '2026-11-03T12:30:00Z';
const beforeWindow = '2026-11-03T11:50:00Z';
const notJoined = { kind: 'nodesNotJoined', cluster: 'shop', nodePool: 'apps' } as const;

async function worldOf(cluster: ReturnType<typeof managedCluster>, policy?: object, start = inWindow) {
  const world = await createTestWorld({
    fleet: fleetOf(cluster),
    start,
    subscriptions: [subscription],
    ...(policy && { policy }),
  });
  await world.pass();
  return world;
}

const decisionOf = async ({ dependencies }: TestWorld, pool = 'apps') =>
  (await listNodePools(dependencies, {})).find(({ nodePool }) => nodePool.name === pool)?.decision;

it('a pool in a ring, of a cluster without a window, says that the window is missing', async () => {
  const rings = [
    { name: 'dev', selectors: [{ cluster: 'dev*' }] },
    { name: 'prod', selectors: [{ cluster: 'shop' }] },
  ];
  const world = await worldOf(managedCluster([poolProfile('apps')], { window: null }), { mode: 'enforce', rings });
  expect(await decisionOf(world)).toMatchObject({ verdict: 'blocked', reason: 'noWindow' });
});

describe('what was left Canceled, on an idle cluster', () => {
  it('is blocked, with the command that reconciles the cluster', async () => {
    const world = await worldOf(managedCluster(undefined, { properties: { provisioningState: 'Canceled' } }));
    await world.run(60);
    expect(world.posts()).toEqual([]);
    expect(await decisionOf(world)).toMatchObject({
      verdict: 'blocked',
      reason: 'clusterFailed',
      sentence: expect.stringContaining('az aks update --resource-group rg-shop --name shop') as unknown,
    });
  });

  it('is blocked, with the command that upgrades the pool', async () => {
    const pools = [poolProfile('apps', { provisioningState: 'Canceled' })];
    const world = await worldOf(managedCluster(pools, { properties: { provisioningState: 'Canceled' } }));
    const { verdict, reason, sentence, also } = (await decisionOf(world)) ?? {};
    expect({ verdict, reason }).toEqual({ verdict: 'blocked', reason: 'poolFailed' });
    expect(sentence).toContain(
      'az aks nodepool upgrade --resource-group rg-shop --cluster-name shop --name apps --node-image-only',
    );
    expect(also).toMatchObject([
      { reason: 'clusterFailed', sentence: expect.stringContaining('Repair these pools first: apps.') as unknown },
    ]);
  });
});

describe('pools that AKS lets nobody upgrade', () => {
  it.each([
    ["AKS's own, of an Automatic cluster", { mode: 'ManagedSystem', count: null, vmSize: '' }],
    ['pools of machines', { mode: 'Machines' }],
    ['pools of availability sets', { type: 'AvailabilitySet' }],
  ])('%s: skipped, and their upgrade profile is never asked for', async (_what, fields) => {
    const pools = [poolProfile('apps'), poolProfile('odd', fields)];
    const world = await worldOf(managedCluster(pools));
    await world.run(60);
    expect(await decisionOf(world, 'odd')).toMatchObject({ verdict: 'skip', reason: 'unsupportedPool' });
    const profiles = world.requests.filter(({ url }) => /upgradeProfiles/i.test(url));
    expect(profiles.length).toBeGreaterThan(0);
    expect(profiles.filter(({ url }) => /agentPools\/odd\//i.test(url))).toEqual([]);
    // The pool beside is upgraded as ever.
    expect(await world.history()).toMatchObject([{ nodePool: 'apps', to: newImage, outcome: 'succeeded' }]);
  });
});

it("a failed pool whose image is too old for AKS's provisioning is given the command that repairs it", async () => {
  const provisioningError = {
    code: 'BadRequest',
    message:
      "ConfigurationVersion 'v0.20240812.0' is not supported for AgentBaker. Please upgrade agent pool to the latest NodeImageVersion.",
  };
  const failed = poolProfile('apps', { provisioningState: 'Failed', status: { provisioningError } });
  const world = await worldOf(managedCluster([failed], { properties: { provisioningState: 'Failed' } }));
  expect(await decisionOf(world)).toMatchObject({
    verdict: 'blocked',
    reason: 'poolFailed',
    sentence: expect.stringContaining(
      'by hand, which replaces its nodes at once: az aks nodepool upgrade --resource-group rg-shop --cluster-name shop --name apps --node-image-only.',
    ) as unknown,
  });
});

describe('new nodes that never joined', () => {
  it.each<[number, string]>([
    [34, 'kubelet did not start'],
    [50, 'no outbound connection'],
    [51, 'do not reach the API server'],
    [52, "can't resolve the API server's name"],
  ])('with exit code %i are told as such, in the history and the report', async (exitCode, says) => {
    const world = await worldOf(managedCluster(), undefined, beforeWindow);
    world.simulator.inject({ ...notJoined, exitCode });
    await world.run(60);
    const failed = (await world.history()).find(({ outcome }) => outcome === 'failed');
    expect(failed?.failure).toMatchObject({
      class: 'nodesNotJoined',
      code: 'VMExtensionProvisioningError',
      remedy: expect.stringContaining(says) as unknown,
      next: expect.stringContaining('up to 3 attempts') as unknown,
    });
    expect(failed?.failure?.remedy).toContain(`exit code ${exitCode}`);
    const report = await readWeekReport(world.dependencies, parseIsoWeek('2026-W45'));
    expect(report.kind === 'report' && reportCsv(report.report)).toMatch(
      /VMExtensionProvisioningError[\s\S]*,nodesNotJoined,/,
    );
  });

  it('three times: the pool waits for somebody, and the sentence says what to check', async () => {
    const world = await worldOf(managedCluster(), undefined, beforeWindow);
    for (let day = 0; day < 4; day += 1) {
      world.simulator.inject(notJoined);
      await world.run(24 * 60);
    }
    expect(await decisionOf(world)).toMatchObject({
      verdict: 'blocked',
      reason: 'poolFailed',
      sentence: expect.stringMatching(/no outbound connection.*3 attempts at .* without success/) as unknown,
    });
  });
});
