import { describe, expect, it } from 'vitest';
import { isTerminal, samePool } from '../../../shared/domain/cluster/cluster.ts';
import { clusterKey, parseClusterId, subscriptionOf } from '../../../shared/domain/cluster/clusterId.ts';
import { clusterId } from '../../builders.ts';

describe('parseClusterId', () => {
  it('gives the parts in their own spelling, whatever the spelling of the path', () => {
    const id = '/SUBSCRIPTIONS/AbC/resourcegroups/Rg-Shop/providers/microsoft.containerservice/ManagedClusters/Aks-1';
    expect(parseClusterId(id)).toEqual({ subscription: 'AbC', resourceGroup: 'Rg-Shop', cluster: 'Aks-1' });
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
