// What people do meanwhile: they upgrade, roll back, stop, start, delete and recreate, pools and clusters.
import { describe, expect, it } from 'vitest';
import type { FaultOf } from '../../../local/simulator/faults/fault.ts';
import { cluster, clusterId, newImage, oldImage, pool, simulate, subscription } from './simulatorFleet.ts';

const shop = clusterId('shop');

/** The shop with its pools system and apps, where each act takes a minute. */
function people() {
  const simulated = simulate([cluster('shop', { agentPoolProfiles: [pool('system'), pool('apps', { count: 1 })] })]);
  const { simulator, inject, send } = simulated;
  return {
    ...simulated,
    /** What a person did, as the simulator tells it. */
    act: (does: FaultOf<'person'>['does'], nodePool?: string) => {
      simulator.notes();
      inject({ kind: 'person', does, cluster: 'shop', ...(nodePool && { nodePool }) });
      return simulator.notes().at(-1);
    },
    read: (path = ''): Record<string, unknown> & { properties: Record<string, unknown> } => {
      const { status, body } = send('GET', `${shop}${path}`);
      return { status, ...JSON.parse(body) };
    },
  };
}

const apps = '/agentPools/apps';

describe('a person', () => {
  it('upgrades, whatever the window, and rolls back within a week', () => {
    const { act, read, pass, simulator } = people();
    expect(act('rollBack', 'apps')).toBe(
      'a person: rollBack shop/apps, which is not possible: the pool had no other image before.',
    );
    expect(act('upgrade', 'apps')).toBe('a person: upgrade shop/apps.');
    expect(act('rollBack', 'apps')).toMatch(/Another operation \(apps - UpgradingNodeImageVersion\) is in progress/);
    pass(60);
    expect(act('upgrade', 'apps')).toMatch(/there is no newer image/);
    expect(act('rollBack', 'apps')).toBe('a person: rollBack shop/apps.');
    expect(read(apps).properties).toMatchObject({ provisioningState: 'Updating', nodeImageVersion: newImage });
    pass(60);
    expect(read(apps).properties).toMatchObject({ provisioningState: 'Succeeded', nodeImageVersion: oldImage });
    expect(simulator.nodes(shop, 'apps')[0]?.nodeImageVersion).toBe(oldImage);
  });

  it('can’t roll back later', () => {
    const { act, pass } = people();
    act('upgrade', 'apps');
    pass(60 + 7 * 86_400 + 1);
    expect(act('rollBack', 'apps')).toMatch(/7 days only/);
  });

  it('opens a window again, as often as wanted', () => {
    const { inject, read, pass, simulator } = people();
    const openings = () => read('/maintenanceConfigurations')['value'];
    const opens = (startDate: string, startTime: string, durationHours = 4) => [
      { properties: { maintenanceWindow: { startDate, startTime, durationHours, utcOffset: '+00:00' } } },
    ];
    inject({ kind: 'window', cluster: 'shop' });
    expect(openings()).toMatchObject(opens('2026-11-03', '10:00'));
    expect(simulator.notes().at(-1)).toBe(
      'a person: the window of shop opens at 2026-11-03T10:00Z for 4 h, and every day.',
    );
    pass(5 * 3600);
    inject({ kind: 'window', cluster: 'shop', opensIn: 'PT1M', durationHours: 6 });
    expect(openings()).toMatchObject(opens('2026-11-03', '15:01', 6));
    expect(openings()).toHaveLength(1);
  });

  it('stops a pool and starts it', () => {
    const { act, read, pass, simulator } = people();
    act('stop', 'apps');
    expect(read(apps).properties).toMatchObject({ provisioningState: 'Stopping', powerState: { code: 'Running' } });
    expect(act('start', 'apps')).toMatch(/another operation is in progress/);
    pass(60);
    expect(read(apps).properties).toMatchObject({ provisioningState: 'Succeeded', powerState: { code: 'Stopped' } });
    expect(simulator.nodes(shop, 'apps')[0]?.ready).toBe(false);
    expect(act('upgrade', 'apps')).toMatch(/power state Stopped/);
    act('start', 'apps');
    pass(60);
    expect(read(apps).properties).toMatchObject({ powerState: { code: 'Running' } });
    expect(act('upgrade', 'apps')).toBe('a person: upgrade shop/apps.');
  });

  it('stops a cluster, though not while it rolls', () => {
    const { act, read, pass } = people();
    act('upgrade', 'apps');
    expect(act('stop')).toMatch(/another operation is in progress/);
    pass(60);
    act('stop');
    expect(read().properties).toMatchObject({ provisioningState: 'Stopping' });
    pass(60);
    expect(read().properties).toMatchObject({ provisioningState: 'Succeeded', powerState: { code: 'Stopped' } });
    act('start');
    pass(60);
    expect(read().properties).toMatchObject({ provisioningState: 'Succeeded', powerState: { code: 'Running' } });
    expect(act('upgrade')).toMatch(/it is done to a pool/);
  });

  it('deletes a pool while it rolls: the roll is preempted and has no event', () => {
    const { act, read, pass, simulator, send } = people();
    const started = send('POST', `${shop}${apps}/upgradeNodeImageVersion`);
    act('delete', 'apps');
    expect(read(apps).properties).toMatchObject({ provisioningState: 'Deleting' });
    const operation = new URL(started.headers['azure-asyncoperation'] ?? '').pathname;
    expect(JSON.parse(send('GET', operation).body)).toMatchObject({
      status: 'Failed',
      error: { code: 'AKSOperationPreempted' },
    });
    pass(60);
    expect(read(apps)).toMatchObject({ status: 404, error: { code: 'NotFound' } });
    expect(read().properties['agentPoolProfiles']).toHaveLength(1);
    expect(simulator.advance()).toHaveLength(1);
    expect(act('stop', 'apps')).toMatch(/there is no such pool now/);
  });

  it('recreates a pool, with new nodes on the newest image', () => {
    const { act, read, pass, simulator } = people();
    const before = { eTag: read(apps).properties['eTag'], node: simulator.nodes(shop, 'apps')[0]?.name };
    act('recreate', 'apps');
    expect(read(apps).properties).toMatchObject({ provisioningState: 'Creating', nodeImageVersion: newImage });
    pass(60);
    expect(read(apps).properties).toMatchObject({ provisioningState: 'Succeeded', count: 1 });
    expect(read(apps).properties['eTag']).not.toBe(before.eTag);
    expect(simulator.nodes(shop, 'apps')).toMatchObject([{ nodeImageVersion: newImage, ready: true }]);
    expect(simulator.nodes(shop, 'apps')[0]?.name).not.toBe(before.node);
  });

  it('deletes a cluster, and its group and subscription stay', () => {
    const { act, read, pass, send } = people();
    act('upgrade', 'apps');
    act('delete');
    expect(read().properties).toMatchObject({ provisioningState: 'Deleting' });
    pass(60);
    expect(read()).toMatchObject({ status: 404, error: { code: 'ResourceNotFound' } });
    const list = send('GET', `/subscriptions/${subscription}/providers/Microsoft.ContainerService/managedClusters`);
    expect(JSON.parse(list.body)).toEqual({ value: [] });
    expect(act('stop')).toMatch(/there is no such cluster now/);
  });

  it('recreates a cluster under its id: another resourceUID, the newest images', () => {
    const { act, read, pass, simulator } = people();
    const uid = read().properties['resourceUID'];
    act('upgrade', 'apps');
    act('recreate');
    expect(read().properties).toMatchObject({ provisioningState: 'Creating' });
    pass(60);
    const { properties } = read();
    expect(properties).toMatchObject({ provisioningState: 'Succeeded', powerState: { code: 'Running' } });
    expect(properties['resourceUID']).toMatch(/^[0-9a-f]{24}$/);
    expect(properties['resourceUID']).not.toBe(uid);
    expect(properties['agentPoolProfiles']).toMatchObject([
      { name: 'system', nodeImageVersion: newImage, provisioningState: 'Succeeded' },
      { name: 'apps', nodeImageVersion: newImage, provisioningState: 'Succeeded' },
    ]);
    expect(simulator.progress()).toEqual([]);
  });

  it('recreates what was deleted', () => {
    const { act, read, pass } = people();
    act('delete');
    pass(60);
    act('recreate');
    pass(60);
    expect(read()).toMatchObject({ status: 200, name: 'shop' });
  });
});
