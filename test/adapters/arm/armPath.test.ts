import { describe, expect, it } from 'vitest';
import { createHttpClient } from '../../../local/simulator/httpClient.ts';
import { createArm } from '../../../shared/adapters/arm/arm.ts';
import { armPath, pathOfId } from '../../../shared/adapters/arm/armPath.ts';
import { createCapacity } from '../../../shared/adapters/arm/capacity.ts';
import { at } from '../../builders.ts';
import { credential } from '../../credential.ts';
import { clusterId } from '../../usecases/fleets.ts';

const endpoint = 'https://management.azure.com';

/** Azure that answers every list with nothing, and notes the paths it is asked at. */
function azure() {
  const paths: string[] = [];
  const httpClient = createHttpClient(({ url }) => {
    paths.push(new URL(url).pathname);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"value":[]}' };
  });
  const options = { credential, endpoint, httpClient, clock: { now: () => at('2026-11-03T12:00:00Z') } };
  return { paths, arm: createArm(options), capacity: createCapacity(options) };
}

describe('a path of ARM', () => {
  it('keeps each value in its part', () => {
    expect(armPath`/a/${'b c?d#e%2f'}/f/${'größe'}`).toBe('/a/b%20c%3Fd%23e%252f/f/gr%C3%B6%C3%9Fe');
    expect(pathOfId('/subscriptions/s/x y')).toBe('/subscriptions/s/x%20y');
  });

  it.each(['', '.', '..', 'a/b', 'a\\b', 'a\nb', 'a\ud800'])('has no part %j', (part) => {
    expect(() => armPath`/a/${part}`).toThrow('is no name in a path');
  });

  it('is asked at none but its own, whatever the node resource group, pool or network are called', async () => {
    const { paths, arm, capacity } = azure();
    for (const name of ['..', '../../x', 'a/b', 'a\\..\\b']) {
      await expect(capacity.listVirtualNetworks('s', name)).rejects.toMatchObject({ name: 'ArmError' });
      await expect(capacity.listInstances('s', name, 'apps')).rejects.toMatchObject({ name: 'ArmError' });
      await expect(capacity.listQuotas('s', name)).rejects.toMatchObject({ name: 'ArmError' });
      await expect(arm.getUpgradeProfile(clusterId, name)).rejects.toMatchObject({ name: 'ArmError' });
      expect(await arm.startNodeImageUpgrade(clusterId, name, '0d6f4c1e-8a3b-4e57-9b12-7c5d3e2f1a09')).toMatchObject({
        kind: 'refused',
      });
      await expect(arm.getCluster(`${clusterId.slice(0, clusterId.lastIndexOf('/'))}/${name}`)).rejects.toThrow(
        'ARM id',
      );
    }
    await expect(capacity.listSubnetUsages('/subscriptions/s/../../x')).rejects.toMatchObject({ name: 'ArmError' });
    expect(paths).toEqual([]);
    await capacity.listVirtualNetworks('s', 'a?b');
    expect(paths).toEqual(['/subscriptions/s/resourceGroups/a%3Fb/providers/Microsoft.Network/virtualNetworks']);
  });
});
