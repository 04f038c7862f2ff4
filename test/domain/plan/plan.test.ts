import { describe, expect, it } from 'vitest';
import type { NodePool } from '../../../shared/domain/cluster/cluster.ts';
import { plan } from '../../../shared/domain/plan/plan.ts';
import type { ClusterFacts } from '../../../shared/domain/rings/clusterFacts.ts';
import { after, anAttempt, aPool, aPoolHead, at, clusterId, images, now } from '../../builders.ts';
import { aClusterFacts, aPolicy, decide, enforce, refusals } from '../rings/aClusterFacts.ts';

const observe = aPolicy({ mode: 'observe' });

/** The reason for each pool. */
function reasons(facts: ClusterFacts, policy = enforce): Readonly<Record<string, string>> {
  return Object.fromEntries(plan(facts, policy, now).map(({ nodePool, reason }) => [nodePool, reason]));
}

describe('a decision', () => {
  const start = {
    cluster: clusterId,
    nodePool: 'apps',
    also: [],
    current: images.old,
    latest: images.new,
    window: { opensAt: '2026-01-14T01:00:00Z', closesAt: '2026-01-14T05:00:00Z' },
    estimateMinutes: 30,
    startBy: '2026-01-14T04:30:00Z',
    decidedAt: '2026-01-14T01:30:00Z',
  };

  it('to start names the images, the occurrence and the estimate', () => {
    expect(decide(aClusterFacts())).toEqual({
      ...start,
      verdict: 'start',
      reason: 'start',
      sentence: `Upgrades pool apps from ${images.old} to ${images.new}. The window is open until 2026-01-14T05:00:00Z; the roll takes about 30 minutes.`,
    });
  });

  it('in the observe weeks shows what would have started', () => {
    expect(decide(aClusterFacts(), observe)).toEqual({
      ...start,
      verdict: 'wait',
      reason: 'observeOnly',
      sentence: `The policy's mode is observe, so the keeper records and starts nothing. Otherwise it would now upgrade pool apps from ${images.old} to ${images.new}.`,
    });
  });

  it('to wait says until when, and for which image', () => {
    expect(decide(aClusterFacts(), enforce, at('2026-01-14T06:00:00Z'))).toEqual({
      cluster: clusterId,
      nodePool: 'apps',
      verdict: 'wait',
      reason: 'outsideWindow',
      sentence: 'The window (every day, 01:00 to 05:00, UTC) is closed; it next opens at 2026-01-15T01:00:00Z.',
      also: [],
      current: images.old,
      latest: images.new,
      nextEligibleAt: '2026-01-15T01:00:00Z',
      decidedAt: '2026-01-14T06:00:00Z',
    });
  });

  it('leaves out the images that are not known', () => {
    const decision = decide({ ...aClusterFacts({ nodePools: [aPool({ nodeImageVersion: undefined })] }), latest: {} });
    expect(decision.current).toBeUndefined();
    expect(decision.latest).toBeUndefined();
  });

  it('does not ask for the upgrade profile of a pool that AKS manages', () => {
    const facts = { ...aClusterFacts({ nodePools: [aPool({ mode: 'Machines' })] }), latest: {} };
    expect(refusals(decide(facts))).toEqual(['unsupportedPool', 'imageUnknown']);
  });

  it('lists all that refuses in the order of the gates', () => {
    const facts = aClusterFacts({
      cluster: { powerState: 'Stopped', provisioningState: 'Updating', nodeOsUpgradeChannel: 'NodeImage' },
      nodePools: [aPool({ powerState: 'Stopped', provisioningState: 'Scaling', snapshotId: '/snapshots/gold' })],
      attempt: anAttempt(),
      heads: [aPoolHead({ rolledBackFrom: images.new })],
      problem: '503 ServerBusy',
      verdicts: [{ nodePool: 'apps', reason: 'retryLater', message: 'Throttled.', retryAt: after(10) }],
      armDate: { value: undefined },
    });
    const decision = decide(
      facts,
      aPolicy({ mode: 'observe', selectors: [{ cluster: 'other' }] }),
      at('2026-01-14T00:00:00Z'),
    );
    expect(decision).toMatchObject({ verdict: 'skip', reason: 'notSelected' });
    expect(decision.also.map(({ reason }) => reason)).toEqual([
      'readFailed',
      'unsupportedPool',
      'autoUpgradeChannelActive',
      'clockSkew',
      'clusterStopped',
      'poolStopped',
      'rolledBack',
      'retryLater',
      'attemptInFlight',
      'clusterBusy',
      'poolBusy',
      'outsideWindow',
      'observeOnly',
    ]);
    for (const { sentence } of decision.also) expect(sentence).toMatch(/[^.]\.$/);
  });

  it('finds a pool by its name, however it is written', () => {
    const facts = aClusterFacts({ nodePools: [aPool({ name: 'Apps' })] });
    expect(decide(facts).reason).toBe('start');
    const lastAttempt = {
      id: 'a',
      opensAt: at('2026-01-14T01:00:00Z'),
      closesAt: at('2026-01-14T05:00:00Z'),
      outcome: 'failed',
      to: images.new,
      failures: 1,
    } as const;
    const heads = [aPoolHead({ nodePool: 'APPS', lastAttempt })];
    expect(decide({ ...facts, heads }).reason).toBe('alreadyStartedThisWindow');
  });
});

describe('the order of pools', () => {
  const system = (image: string) => aPool({ name: 'sys', mode: 'System', nodeImageVersion: image });
  const user = (image: string, name = 'web') => aPool({ name, nodeImageVersion: image });
  const image = (release: string) => `AKSUbuntu-2204gen2containerd-${release}`;

  it.each<[string, readonly NodePool[], string]>([
    ['user before system', [system(images.old), user(images.old)], 'web'],
    [
      'user before system, though that is a month behind',
      [system(image('202511.18.0')), user(image('202512.18.0'))],
      'web',
    ],
    ['system, once it is more than a month behind', [user(image('202512.19.0')), system(image('202511.18.0'))], 'sys'],
    ['the pool longest behind', [user(images.old, 'a'), user(images.older, 'b')], 'b'],
    [
      'the pool longest behind, across families',
      [user(images.old, 'a'), user('AKSWindows-2022-20348.4529.251110', 'b')],
      'b',
    ],
    ['by name where nothing else tells', [user(images.old, 'b'), user(images.old, 'a')], 'a'],
    [
      'what is unsupported does not stand in the way',
      [aPool({ name: 'a', mode: 'Machines' }), system(images.old)],
      'sys',
    ],
    [
      'what is stopped does not stand in the way',
      [aPool({ name: 'a', powerState: 'Stopped' }), system(images.old)],
      'sys',
    ],
    [
      'what failed does not stand in the way',
      [aPool({ name: 'a', provisioningState: 'Failed' }), system(images.old)],
      'sys',
    ],
    ['what is up to date does not stand in the way', [user(images.new, 'a'), system(images.old)], 'sys'],
    [
      'what would take too long does not stand in the way',
      [aPool({ name: 'a', count: 300, maxSurge: '14' }), system(images.old)],
      'sys',
    ],
  ])('%s', (_what, nodePools, first) => {
    const facts = aClusterFacts({ nodePools });
    expect(reasons(facts)).toMatchObject({ [first]: 'start' });
    expect(reasons({ ...facts, cluster: { ...facts.cluster, nodePools: nodePools.toReversed() } })).toEqual(
      reasons(facts),
    );
  });

  it('names the pool that goes first', () => {
    const decision = decide(aClusterFacts({ nodePools: [system(images.old), user(images.old)] }));
    expect(decision).toMatchObject({ verdict: 'wait', reason: 'poolOrder', nodePool: 'sys', also: [] });
    expect(decision.sentence).toContain('pool web goes first.');
  });

  it('has none start while one is busy', () => {
    const nodePools = [user(images.old, 'a'), aPool({ name: 'b', provisioningState: 'Updating' }), system(images.old)];
    expect(reasons(aClusterFacts({ nodePools }))).toEqual({ a: 'clusterBusy', b: 'poolBusy', sys: 'clusterBusy' });
  });

  it('is the same in the observe weeks, and while the clock is in doubt', () => {
    const facts = aClusterFacts({ nodePools: [system(images.old), user(images.old)] });
    expect(reasons(facts, observe)).toEqual({ sys: 'poolOrder', web: 'observeOnly' });
    expect(reasons({ ...facts, armDate: { value: undefined } })).toEqual({ sys: 'clockSkew', web: 'clockSkew' });
  });

  it('gives the next pool its turn once the first was started in this occurrence', () => {
    const lastAttempt = {
      id: 'a',
      opensAt: at('2026-01-14T01:00:00Z'),
      closesAt: at('2026-01-14T05:00:00Z'),
      outcome: 'unknown',
      to: images.new,
      failures: 1,
    } as const;
    const heads = [aPoolHead({ nodePool: 'web', lastAttempt }), aPoolHead({ nodePool: 'sys' })];
    const facts = aClusterFacts({ nodePools: [system(images.old), user(images.old)], heads });
    expect(reasons(facts)).toEqual({ sys: 'start', web: 'alreadyStartedThisWindow' });
  });
});

it('has nothing to say about a cluster without pools', () => {
  expect(plan(aClusterFacts({ nodePools: [] }), enforce, now)).toEqual([]);
});
