import { describe, expect, it } from 'vitest';
import { clusterId } from '../fleets.ts';
import { decisionOf, type Json, onCluster, onPool, startedOn, worldShowing } from '../worldShowing.ts';

describe('what ARM gives as null stops no other cluster, and is decided on', () => {
  it.each<[string, (shop: Json) => void, string]>([
    ['nodeImageVersion', onPool({ nodeImageVersion: null }), 'imageUnknown'],
    ['vmSize', onPool({ vmSize: null }), 'preflightFailed'],
    ['count', onPool({ count: null }), 'estimateUnknown'],
    ['maxSurge of another kind', onPool({ upgradeSettings: { maxSurge: 1 } }), 'readFailed'],
    ['maxSurge that is no number', onPool({ upgradeSettings: { maxSurge: 'some' } }), 'estimateUnknown'],
    ['mode', onPool({ mode: null }), 'unsupportedPool'],
    ['provisioningState', onPool({ provisioningState: null }), 'poolBusy'],
    ['powerState', onPool({ powerState: null }), 'poolStopped'],
    ['the cluster’s powerState', onCluster({ powerState: null }), 'clusterStopped'],
    [
      'nodeOSUpgradeChannel',
      onCluster({ autoUpgradeProfile: { nodeOSUpgradeChannel: null } }),
      'autoUpgradeChannelActive',
    ],
    ['the pools', onCluster({ agentPoolProfiles: null }), 'readFailed'],
    ['a pool', onCluster({ agentPoolProfiles: [null] }), 'readFailed'],
    ['no pool, but one twice', (shop) => void shop.properties.agentPoolProfiles.push({ name: 'apps' }), 'readFailed'],
  ])('%s', async (_what, change, reason) => {
    const world = await worldShowing(change);
    await world.pass();
    await world.pass();
    expect(startedOn(world)).toEqual(['beside']);
    expect(await decisionOf(world)).toMatchObject({ reason, sentence: expect.stringMatching(/\w/) });
    await world.run(40);
    expect(startedOn(world)).toEqual(['beside']);
    // What could not be read is not gone.
    const kinds = (await world.ledger(clusterId)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== 'gap')).toEqual(['firstSeen']);
  });

  it.each<[string, (shop: Json) => void]>([
    ['type', onPool({ type: null })],
    ['upgradeChannel', onCluster({ autoUpgradeProfile: { upgradeChannel: null, nodeOSUpgradeChannel: 'None' } })],
    ['tags and errors', (shop) => onPool({ status: null, tags: null })(Object.assign(shop, { tags: { a: null } }))],
  ])('%s: as if it were not there, so both start', async (_what, change) => {
    const world = await worldShowing(change);
    await world.pass();
    expect(new Set(startedOn(world))).toEqual(new Set(['beside', 'shop']));
  });
});
