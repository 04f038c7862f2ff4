import { describe, expect, it } from 'vitest';
import { reportPreflight } from '../../../shared/usecases/start/reportPreflight.ts';
import { askNodePools } from '../../http/askWorld.ts';
import { clusterId } from '../fleets.ts';
import { decisionOf, onPool, startedOn, worldShowing } from '../worldShowing.ts';

describe('a pool whose nodes ARM does not count', () => {
  const bySize = onPool({
    type: 'VirtualMachines',
    count: null,
    vmSize: null,
    virtualMachineNodesStatus: [{ size: 'Standard_D4s_v5', count: null }],
  });

  it('is not started 15 minutes before the close: how long it takes is not known', async () => {
    const world = await worldShowing(bySize, '2026-11-03T15:45:00Z');
    await world.pass();
    expect(startedOn(world)).toEqual([]);
    expect(await decisionOf(world)).toMatchObject({
      verdict: 'blocked',
      reason: 'estimateUnknown',
      sentence: expect.stringContaining('ARM does not show how many nodes this pool of type VirtualMachines has'),
    });
    expect((await decisionOf(world))?.nextEligibleAt).toBeUndefined();
  });

  it('is not started at the opening either, and has neither quota nor addresses of zero', async () => {
    const world = await worldShowing(bySize);
    await world.pass();
    await world.run(180);
    expect(startedOn(world)).toEqual(['beside']);
    const answer = await reportPreflight(world.dependencies, { cluster: clusterId });
    const [report] = answer.kind === 'reports' ? answer.reports : [];
    const unknown = report?.checks.filter(({ result }) => result === 'notRun').map(({ check }) => check);
    expect(unknown).toEqual(['quota', 'subnet']);
    expect(report?.wouldStart).toBe(false);
  });

  it('has no promise of a start outside its window, and no count in the API', async () => {
    const world = await worldShowing(bySize, '2026-11-03T09:00:00Z');
    await world.pass();
    expect(await decisionOf(world)).toMatchObject({
      reason: 'estimateUnknown',
      also: [{ reason: 'outsideWindow' }],
    });
    expect((await decisionOf(world))?.nextEligibleAt).toBeUndefined();
    const shop = (await askNodePools(world.dependencies)).find(({ cluster }) => cluster === clusterId);
    expect(shop).toMatchObject({ nodePool: 'apps' });
    expect(shop).not.toHaveProperty('count');
  });
});

describe('a pool of type VirtualMachines, whose nodes ARM counts by VM size', () => {
  const bySize = onPool({
    type: 'VirtualMachines',
    count: null,
    vmSize: '',
    maxPods: 30,
    virtualMachineNodesStatus: [
      { size: 'Standard_D4s_v5', count: 40 },
      { size: 'Standard_D8s_v5', count: 20 },
    ],
    upgradeSettings: { maxSurge: '10%' },
  });

  it('starts: 60 nodes, six at a time, in 100 minutes', async () => {
    const world = await worldShowing(bySize);
    await world.pass();
    expect(startedOn(world)).toContain('shop');
    expect(await decisionOf(world)).toMatchObject({ reason: 'start', estimateMinutes: 100 });
    const shop = (await askNodePools(world.dependencies)).find(({ cluster }) => cluster === clusterId);
    expect(shop).toMatchObject({ count: 60, nodesBySize: [{ count: 40 }, { size: 'Standard_D8s_v5' }] });
  });

  it('does not start 15 minutes before the close, as 60 nodes do not roll in that time', async () => {
    const world = await worldShowing(bySize, '2026-11-03T15:45:00Z');
    await world.pass();
    expect(startedOn(world)).toEqual([]);
    expect(await decisionOf(world)).toMatchObject({ verdict: 'wait', reason: 'windowClosing' });
  });
});
