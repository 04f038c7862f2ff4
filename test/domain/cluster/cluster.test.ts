import { describe, expect, it } from 'vitest';
import { isTerminal, samePool } from '../../../shared/domain/cluster/cluster.ts';
import { clusterKey, parseClusterId, subscriptionOf } from '../../../shared/domain/cluster/clusterId.ts';
import { clusterId } from '../../builders.ts';

describe('parseClusterId', () => {
  it('gives the parts in their own spelling, whatever the spelling of the path', () => {
    const id =
      '/SUBSCRIPTIONS/3B7A1c9e-5f2d-4a68-9c04-e1d2f3a4b5c6/resourcegroups/Rg-Shop/providers/microsoft.containerservice/ManagedClusters/Aks-1';
    expect(parseClusterId(id)).toEqual({
      subscription: '3B7A1c9e-5f2d-4a68-9c04-e1d2f3a4b5c6',
      resourceGroup: 'Rg-Shop',
      cluster: 'Aks-1',
    });
  });

  it.each([
    ['empty', ''],
    ['not an ARM id', 'aks-shop-we'],
    ['without its leading slash', clusterId.slice(1)],
    ['of a pool', `${clusterId}/agentPools/apps`],
    ['with a trailing slash', `${clusterId}/`],
    ['of another provider', clusterId.replace('ContainerService', 'Compute')],
    ['without a name', clusterId.replace('aks-shop-we', '')],
  ])('is undefined for an id that is %s', (_what, id) => {
    expect(parseClusterId(id)).toBeUndefined();
  });
});

const idOf = (resourceGroup: string, cluster: string, subscription = '3b7a1c9e-5f2d-4a68-9c04-e1d2f3a4b5c6') =>
  `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${cluster}`;

describe('a cluster id that would be another path, or a row that is none', () => {
  const hostile = [
    '..',
    '.',
    '',
    ' ',
    '%2e%2e',
    'a%2fb',
    'a\\b',
    'a?b',
    'a#b',
    'a|b',
    'a\nb',
    'a\u0000',
    'a\u202eb',
    'a\ud800',
    'a;b',
    'a:b',
  ];

  it.each([
    ...hostile.map((part) => ['resource group', idOf(part, 'shop')]),
    ...hostile.map((part) => ['name', idOf('rg', part)]),
    ...[...hostile, 's', '3b7a1c9e5f2d4a689c04e1d2f3a4b5c6'].map((part) => ['subscription', idOf('rg', 'shop', part)]),
    ['resource group', idOf('rg.', 'shop')],
    ['resource group', idOf('x'.repeat(91), 'shop')],
    ['name', idOf('rg', 'x'.repeat(64))],
    ['name', idOf('rg', 'größe')],
    ['name', idOf('rg', '\u212aelvin')],
    ['name', idOf('rg', 'shop\n')],
  ])('is none, by its %s: %j', (_part, id) => {
    expect(parseClusterId(id)).toBeUndefined();
  });

  it.each([
    ['rg-Shop_1.(eu)', 'aks-1'],
    ['größe', 'A'],
    ['x'.repeat(90), 'x'.repeat(63)],
    ['-', 'a_b'],
    ['MC_rg_shop_westeurope', '0'],
  ])('is one in resource group %s: %s', (resourceGroup, cluster) => {
    expect(parseClusterId(idOf(resourceGroup, cluster))).toMatchObject({ resourceGroup, cluster });
  });
});

describe('clusterKey', () => {
  it('is the same for the lower-case id of an event and ARM’s own, so that one cluster never has two ledgers', () => {
    expect(clusterKey(clusterId.toLowerCase())).toBe(clusterKey(clusterId));
    expect(clusterKey(clusterId.toUpperCase())).toBe(clusterKey(clusterId));
  });

  it('holds nothing that a table key forbids', () => {
    expect(clusterKey(clusterId)).toBe('3b7a1c9e-5f2d-4a68-9c04-e1d2f3a4b5c6|rg-shop|aks-shop-we');
    expect(clusterKey(clusterId)).not.toMatch(/[/\\#?]/);
  });

  it('throws for what is no cluster, rather than invent a partition', () => {
    expect(() => clusterKey('/subscriptions/x')).toThrow('is not the ARM id of a managed cluster');
  });

  it('tells the subscription', () => {
    expect(subscriptionOf(clusterKey(clusterId.toUpperCase()))).toBe('3b7a1c9e-5f2d-4a68-9c04-e1d2f3a4b5c6');
  });
});

describe('isTerminal', () => {
  it.each(['Succeeded', 'Failed', 'Canceled', 'succeeded', 'CANCELED'])('%s: no operation is under way', (state) => {
    expect(isTerminal(state)).toBe(true);
  });

  // An open string: whatever is not known to be an end may be the middle of an upgrade.
  it.each([
    'UpgradingNodeImageVersion',
    'Upgrading',
    'Updating',
    'Scaling',
    'Creating',
    'Deleting',
    'Canceling',
    'Cancelled',
    'Migrating',
    'Unknown',
    'Succeeded ',
    '',
  ])('"%s" is busy', (state) => {
    expect(isTerminal(state)).toBe(false);
  });
});

it('a pool is the same in whatever case an event spells it', () => {
  expect(samePool('Apps', 'apps')).toBe(true);
  expect(samePool('apps', 'apps2')).toBe(false);
});
