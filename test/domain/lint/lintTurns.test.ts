import { expect, it } from 'vitest';
import { lintTurns } from '../../../shared/domain/lint/lintTurns.ts';
import type { ClusterFacts } from '../../../shared/domain/rings/clusterFacts.ts';
import { aPool, clusterId, now } from '../../builders.ts';
import { aClusterFacts } from '../rings/aClusterFacts.ts';

/** Clusters of one window of four hours, from 01:00 to 05:00, with so many pools each; a roll takes 30 minutes. */
function fleetOf(clusters: number, pools: number, change: Partial<ClusterFacts['cluster']> = {}) {
  return Array.from({ length: clusters }, (_, index) => {
    const facts = aClusterFacts();
    const nodePools = Array.from({ length: pools }, (__, at) => aPool({ name: `p${at}` }));
    const cluster = { ...facts.cluster, id: `${clusterId}${index}`, location: 'westeurope', nodePools, ...change };
    return { ...facts, cluster };
  });
}
const says = (fleet: readonly ClusterFacts[], others = 10) =>
  lintTurns({ mode: 'enforce' }, fleet, now, others).map(({ message }) => message);

it('names a window that opens for more pools than can start in it', () => {
  // 54 requests at once, and 0.81 a second in 4 h less two minutes and the half hour that a roll takes, three of them a start.
  expect(says(fleetOf(678, 5))).toEqual([
    expect.stringMatching(/opens for 3390 pools .* in westeurope; about 3387 can start/),
  ]);
  expect(says(fleetOf(677, 5))).toEqual([]);
});

it('leaves others more where the settings do', () => {
  expect(says(fleetOf(675, 5), 50)).toEqual([expect.stringContaining('about 1882 can start')]);
});

it('counts each region by itself', () => {
  expect(says([...fleetOf(400, 5), ...fleetOf(400, 5, { location: 'northeurope' })])).toEqual([]);
});

it('leaves out pools that the keeper does not start', () => {
  expect(says(fleetOf(675, 5, { nodeOsUpgradeChannel: 'NodeImage' }))).toEqual([]);
  const nobody = lintTurns({ mode: 'enforce', selectors: [{ cluster: 'other' }] }, fleetOf(675, 5), now, 10);
  expect(nobody).toEqual([]);
});
