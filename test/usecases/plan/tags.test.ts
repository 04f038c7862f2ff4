// Which tags of a cluster are kept in storage, and what is decided where one is not known.
import { expect, it } from 'vitest';
import { writePolicy } from '../../../shared/stores/policyStore.ts';
import { readPoolViews } from '../../../shared/stores/views/decisionsStore.ts';
import { planAt } from '../../../shared/usecases/plan/planAt.ts';
import { runPass } from '../../../shared/usecases/plan/runPass.ts';
import { previewPolicy } from '../../../shared/usecases/policy/previewPolicy.ts';
import { createTestWorld } from '../../world.ts';
import { fleetOf, managedCluster, subscription } from '../fleets.ts';

const byTag = (tags: Record<string, string>) => ({ mode: 'enforce' as const, selectors: [{ tags }] });

async function aWorld(policy: unknown) {
  const cluster = { ...managedCluster(), tags: { Env: 'prod', team: 'shop', note: 'x'.repeat(256) } };
  const world = await createTestWorld({
    fleet: fleetOf(cluster),
    start: '2026-11-03T11:00:00Z',
    subscriptions: [subscription],
    policy,
  });
  await world.pass();
  const keptTags = async () => (await readPoolViews(world.dependencies.tables, subscription))[0]?.cluster.tags;
  const decision = async () => (await planAt(world.dependencies, {}, world.clock.now()))[0];
  return { ...world, keptTags, decision };
}

it('are those that the policy names', async () => {
  expect(await (await aWorld({ mode: 'enforce' })).keptTags()).toEqual({});
  expect(await (await aWorld(byTag({ env: 'prod' }))).keptTags()).toEqual({ Env: 'prod' });
  const rings = [{ name: 'dev', selectors: [{ tags: { TEAM: 'shop' } }] }];
  expect(await (await aWorld({ mode: 'enforce', rings })).keptTags()).toEqual({ team: 'shop' });
  const report = { report: { teamTag: 'Team' }, mode: 'observe' };
  expect(await (await aWorld(report)).keptTags()).toEqual({ team: 'shop' });
});

it('one that the policy newly names blocks until the cluster is listed again', async () => {
  const world = await aWorld(byTag({ env: 'prod' }));
  expect(await world.decision()).toMatchObject({ reason: 'outsideWindow' });
  const next = byTag({ env: 'prod', team: 'shop' });
  await writePolicy(world.dependencies.tables, next);
  expect(await world.decision()).toMatchObject({
    verdict: 'blocked',
    reason: 'readFailed',
    sentence: expect.stringContaining('asks for the tag team, which is known once the cluster is listed again'),
  });
  await world.pass();
  expect(await world.decision()).toMatchObject({ reason: 'outsideWindow' });
  expect(await world.keptTags()).toEqual({ Env: 'prod', team: 'shop' });
});

it('one that the policy names, and the cluster has not, is known to be absent', async () => {
  const world = await aWorld(byTag({ owner: 'me' }));
  expect(await world.decision()).toMatchObject({ reason: 'notSelected' });
});

it('stay unknown while the subscription can’t be listed', async () => {
  const world = await aWorld(byTag({ env: 'prod' }));
  await writePolicy(world.dependencies.tables, byTag({ team: 'shop' }));
  const silent = { ...world.dependencies.arm, listClusters: () => Promise.reject(new Error('ARM is away')) };
  for (let passes = 0; passes < 3; passes += 1) await runPass({ ...world.dependencies, arm: silent });
  expect(await world.decision()).toMatchObject({ sentence: expect.stringContaining('the tag team') });
  expect(await world.keptTags()).toEqual({ Env: 'prod' });
});

it('are asked for by a preview too', async () => {
  const world = await aWorld(byTag({ env: 'prod' }));
  const [change] = await previewPolicy(world.dependencies, byTag({ team: 'shop' }), 'me');
  expect(change).toMatchObject({ after: { reason: 'readFailed' } });
});
