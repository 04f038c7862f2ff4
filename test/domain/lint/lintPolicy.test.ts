import { describe, expect, it } from 'vitest';
import { lintPolicy } from '../../../shared/domain/lint/lintPolicy.ts';
import type { Hold } from '../../../shared/domain/policy/hold.ts';
import { noPolicy, type PolicyInForce } from '../../../shared/domain/policy/policy.ts';
import type { ClusterFacts } from '../../../shared/domain/rings/clusterFacts.ts';
import { aPool, clusterId, now } from '../../builders.ts';
import { aClusterFacts, aPolicy, enforce } from '../rings/aClusterFacts.ts';

const windows = aPool({ name: 'win', osType: 'Windows' });
const slow = aPool({ count: 100, maxSurge: '1' });
const interval = { schedule: { daily: { intervalDays: 2 } }, startDate: '2026-01-12' };
const hold = {
  id: 'h1',
  scope: 'fleet',
  owner: 'the shop',
  reason: 'sales week',
  createdAt: '2026-01-01T00:00:00Z',
  createdBy: 'ada',
} satisfies Hold;

type Row = [what: string, policy: PolicyInForce, facts: ClusterFacts, expected: object, says: string];

describe('lintPolicy', () => {
  it.each<Row>([
    ['no policy', noPolicy, aClusterFacts(), { code: 'policyNotInForce' }, 'No policy is set'],
    [
      'a cluster that no selector matches',
      aPolicy({ selectors: [{ cluster: 'other' }] }),
      aClusterFacts(),
      { code: 'clusterNotSelected', cluster: clusterId, nodePools: ['apps'] },
      'aks-shop-we',
    ],
    [
      'a selector that matches nothing',
      aPolicy({ selectors: [{ cluster: '*' }, { tags: { stage: 'dev' } }] }),
      aClusterFacts(),
      { code: 'selectorMatchesNothing', path: 'selectors.1' },
      'none of the 1 clusters',
    ],
    [
      'no selector in the list',
      aPolicy({ selectors: [] }),
      aClusterFacts(),
      { code: 'selectorMatchesNothing', path: 'selectors' },
      'is empty',
    ],
    [
      'an age that Linux images never reach',
      aPolicy({ images: { minimumAgeDays: 15 } }),
      aClusterFacts({ nodePools: [aPool(), windows] }),
      { code: 'minimumAgeTooLong', path: 'images.minimumAgeDays' },
      'Linux images are released about every 7 days',
    ],
    [
      'an age that Windows images never reach',
      aPolicy({ images: { minimumAgeDays: 63 } }),
      aClusterFacts({ nodePools: [windows] }),
      { code: 'minimumAgeTooLong' },
      'Windows images are released about every 31 days',
    ],
    [
      'a hold without an end',
      { ...enforce, holds: [hold] },
      aClusterFacts(),
      { code: 'holdNeverEnds', hold: 'h1' },
      'DELETE /api/holds/h1',
    ],
    [
      'a window that fits no pool',
      enforce,
      aClusterFacts({ nodePools: [slow] }),
      { code: 'windowFitsNoPool', cluster: clusterId, path: 'overrun' },
      'overrun it',
    ],
    [
      'the same, blocked',
      aPolicy({ overrun: 'block' }),
      aClusterFacts({ nodePools: [slow] }),
      { code: 'windowFitsNoPool' },
      'never started',
    ],
    [
      'the same by the estimate of the policy',
      aPolicy({ estimate: { minutesPerBatch: 100 } }),
      aClusterFacts(),
      { code: 'windowFitsNoPool' },
      '300 minutes',
    ],
    [
      'an interval that nobody trusts',
      enforce,
      aClusterFacts({ window: interval }),
      { code: 'intervalNotTrusted', cluster: clusterId, path: 'trustIntervals' },
      'intervalDays',
    ],
    [
      'AKS upgrading the nodes',
      enforce,
      aClusterFacts({ cluster: { nodeOsUpgradeChannel: 'NodeImage' }, window: interval }),
      { code: 'aksUpgrades', cluster: clusterId, nodePools: ['apps'] },
      'nodeOSUpgradeChannel is NodeImage',
    ],
    [
      'AKS upgrading some',
      enforce,
      aClusterFacts({ cluster: { nodeOsUpgradeChannel: 'SecurityPatch' }, nodePools: [aPool(), windows] }),
      { code: 'aksUpgrades', nodePools: ['apps'] },
      'SecurityPatch',
    ],
  ])('warns of %s', (_what, policy, facts, expected, says) => {
    const warnings = lintPolicy(policy, [facts], now);
    expect(warnings).toContainEqual(expect.objectContaining(expected));
    const found = warnings.find(({ code }) => 'code' in expected && code === expected.code);
    expect(found?.message).toContain(says);
    expect(found?.message).toMatch(/\.$/);
  });

  it.each<[string, PolicyInForce, ClusterFacts]>([
    ['all is well', enforce, aClusterFacts()],
    ['observing', aPolicy({ mode: 'observe', selectors: [{ cluster: 'aks-*' }] }), aClusterFacts()],
    ['an age in reach', aPolicy({ images: { minimumAgeDays: 14 } }), aClusterFacts()],
    [
      'an age in reach of Windows',
      aPolicy({ images: { minimumAgeDays: 62 } }),
      aClusterFacts({ nodePools: [windows] }),
    ],
    ['a hold that ends', { ...enforce, holds: [{ ...hold, until: '2026-02-01T00:00:00Z' }] }, aClusterFacts()],
    ['a trusted interval', aPolicy({ trustIntervals: true }), aClusterFacts({ window: interval })],
    ['one pool that fits', enforce, aClusterFacts({ nodePools: [slow, aPool({ name: 'b' })] })],
    ['no window, which its decisions tell', enforce, { ...aClusterFacts(), window: {} }],
    ['a window not read, which its decisions tell', enforce, { ...aClusterFacts(), window: { problem: '503' } }],
    ['a pool that AKS manages', enforce, aClusterFacts({ nodePools: [aPool({ mode: 'Machines' })] })],
  ])('is silent: %s', (_what, policy, facts) => {
    expect(lintPolicy(policy, [facts], now)).toEqual([]);
  });
});
