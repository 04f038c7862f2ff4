// The planner over a fleet with rings: whose turn it is, and why another waits.
import { describe, expect, it } from 'vitest';
import type { Run } from '../../../shared/domain/ledger/heads.ts';
import { plan } from '../../../shared/domain/plan/plan.ts';
import { planFleet } from '../../../shared/domain/plan/planFleet.ts';
import type { Approval } from '../../../shared/domain/policy/approval.ts';
import type { Hold } from '../../../shared/domain/policy/hold.ts';
import type { Policy, PolicyInForce } from '../../../shared/domain/policy/policy.ts';
import type { Ring } from '../../../shared/domain/policy/ring.ts';
import type { ClusterFacts } from '../../../shared/domain/rings/clusterFacts.ts';
import { fleetState } from '../../../shared/domain/rings/ringState.ts';
import { after, anAttempt, aPool, aPoolHead, clusterId, images, now } from '../../builders.ts';
import { aClusterFacts } from './aClusterFacts.ts';

const other = 'AKSUbuntu-2404gen2containerd-202601.07.0';
const idOf = (name: string) => clusterId.replace('aks-shop-we', name);
const run = (nodeImageVersion: string, hours: number): Run => ({
  nodeImageVersion,
  since: after(-hours * 60),
});

/** A cluster that has run `current` for so many hours, and is offered the new image unless it runs that. */
function cluster(
  name: string,
  {
    current = images.old,
    hours = 500,
    latest = images.new,
    pool = {},
    head = {},
    ...facts
  }: { current?: string; hours?: number; latest?: string; pool?: object; head?: object } & Partial<
    Omit<ClusterFacts, 'cluster' | 'latest' | 'window'>
  > & { window?: object } = {},
): ClusterFacts {
  return aClusterFacts({
    nodePools: [aPool({ nodeImageVersion: current, ...pool })],
    heads: [aPoolHead({ nodeImageVersion: current, runs: [run(current, hours)], ...head })],
    latest,
    ...facts,
    cluster: { id: idOf(name) },
  });
}

const ring = (name: string, overrides: Partial<Ring> = {}): Ring => ({
  name,
  selectors: [{ cluster: `${name}-*` }],
  ...overrides,
});

const policyOf = (rings: readonly Ring[], overrides: Partial<Policy> = {}): PolicyInForce => ({
  policy: { mode: 'enforce', rings: [...rings], ...overrides },
});

/** The reason of each cluster's only pool. */
function reasons(fleet: readonly ClusterFacts[], policy: PolicyInForce): Readonly<Record<string, string>> {
  return Object.fromEntries(
    decide(fleet, policy).map(({ cluster: id, reason }) => [id.slice(id.lastIndexOf('/') + 1), reason]),
  );
}

function decide(fleet: readonly ClusterFacts[], policy: PolicyInForce) {
  return planFleet(fleet, fleetState(fleet, policy, now), now).flatMap(({ decisions }) => decisions);
}

const three = policyOf([ring('dev'), ring('stg', { ringSoakHours: 48 }), ring('prd')]);

describe('promotion from ring to ring', () => {
  it.each<[string, readonly ClusterFacts[], object]>([
    [
      'the first ring starts at once',
      [cluster('dev-1'), cluster('stg-1'), cluster('prd-1')],
      { 'dev-1': 'start', 'stg-1': 'ringWaiting', 'prd-1': 'ringWaiting' },
    ],
    [
      'the second when the first has soaked',
      [cluster('dev-1', { current: images.new, hours: 24 }), cluster('stg-1'), cluster('prd-1')],
      { 'dev-1': 'upToDate', 'stg-1': 'start', 'prd-1': 'ringWaiting' },
    ],
    [
      'not a minute before',
      [cluster('dev-1', { current: images.new, hours: 23.95 }), cluster('stg-1')],
      { 'dev-1': 'upToDate', 'stg-1': 'ringWaiting' },
    ],
    [
      'the third by the soak of the second',
      [
        cluster('dev-1', { current: images.new }),
        cluster('stg-1', { current: images.new, hours: 47 }),
        cluster('prd-1'),
      ],
      { 'dev-1': 'upToDate', 'stg-1': 'upToDate', 'prd-1': 'ringWaiting' },
    ],
    [
      'by its own latest, not by that of the ring before',
      [
        cluster('dev-1', { current: images.new }),
        cluster('stg-1', { latest: 'AKSUbuntu-2204gen2containerd-202601.14.0' }),
      ],
      { 'dev-1': 'upToDate', 'stg-1': 'ringWaiting' },
    ],
    ['a cluster in no ring is not started', [cluster('lab-1')], { 'lab-1': 'notSelected' }],
  ])('%s', (_, fleet, expected) => {
    expect(reasons(fleet, three)).toEqual(expected);
  });

  it('is explained, with the time at which the soak ends', () => {
    const fleet = [cluster('dev-1', { current: images.new, hours: 20 }), cluster('stg-1')];
    expect(decide(fleet, three)[1]).toMatchObject({
      ring: 'stg',
      verdict: 'wait',
      sentence: `Ring dev has to run ${images.new} for 24 hours first, which it will have at ${after(240).toString()} (dev-1/apps).`,
      nextEligibleAt: after(240).toString(),
    });
  });

  it('goes past a pool that is held, and stops for one that failed', () => {
    const fleet = [
      cluster('dev-1', { current: images.new }),
      cluster('dev-2', { pool: { provisioningState: 'Failed' } }),
      cluster('stg-1'),
    ];
    const hold: Hold = {
      id: 'h',
      scope: 'cluster',
      cluster: 'dev-2',
      owner: 'ada',
      reason: 'broken',
      createdAt: now.toString(),
      createdBy: 'ada',
    };
    expect(reasons(fleet, three)['stg-1']).toBe('ringWaiting');
    expect(reasons(fleet, { ...three, holds: [hold] })['stg-1']).toBe('start');
  });

  it.each<[string, Partial<Hold>]>([
    ['the ring', { scope: 'ring', ring: 'dev' }],
    ['the release', { scope: 'release', release: '202512.18.0' }],
    ['the cluster, later', { scope: 'cluster', cluster: 'dev-2', from: after(60).toString() }],
  ])('stops for one that failed, where the hold is on %s', (_, scope) => {
    const fleet = [
      cluster('dev-1', { current: images.new }),
      cluster('dev-2', { pool: { provisioningState: 'Failed' } }),
      cluster('stg-1'),
    ];
    const hold = { id: 'h', owner: 'ada', reason: 'no', createdAt: now.toString(), createdBy: 'ada', ...scope } as Hold;
    expect(reasons(fleet, { ...three, holds: [hold] })['stg-1']).toBe('ringWaiting');
  });

  it('is refused where nobody read the rings', () => {
    expect(plan(cluster('stg-1'), three, now)[0]?.reason).toBe('ringWaiting');
    expect(plan(cluster('dev-1'), three, now)[0]?.reason).toBe('start');
  });

  it('takes a pool that two rings select to be in the later', () => {
    const both = policyOf([ring('dev', { selectors: [{ cluster: '*' }] }), ring('stg')]);
    expect(decide([cluster('dev-1'), cluster('stg-1')], both).map((decision) => decision.ring)).toEqual(['dev', 'stg']);
  });
});

describe('an image family that the ring before lacks', () => {
  const fleet = [
    cluster('dev-1', { current: other, latest: other, hours: 30 }),
    cluster('stg-1', { current: images.new }),
    cluster('prd-1', { current: 'AKSUbuntu-2404gen2containerd-202512.11.0', latest: other }),
  ];
  const without = fleet.slice(1);
  it.each<[string, Ring['unsoakedFamily'], readonly ClusterFacts[], string, string | undefined]>([
    ['nearest asks the nearest earlier ring that has it', 'nearest', fleet, 'start', undefined],
    ['which is what happens by default', undefined, fleet, 'start', undefined],
    ['and where none has it, somebody', 'nearest', without, 'approvalNeeded', undefined],
    ['approval asks somebody', 'approval', fleet, 'approvalNeeded', undefined],
    ['block starts none', 'block', fleet, 'unsoakedFamily', 'blocked'],
  ])('%s', (_, unsoakedFamily, clusters, reason, verdict) => {
    const policy = policyOf([ring('dev'), ring('stg'), ring('prd', unsoakedFamily && { unsoakedFamily })]);
    expect(decide(clusters, policy).at(-1)).toMatchObject(verdict ? { reason, verdict } : { reason });
  });
});

describe('a ring that takes approved releases only', () => {
  const approved = policyOf([ring('dev', { approval: true })]);
  const approval = (overrides: Partial<Approval> = {}): Approval => ({
    id: 'a',
    ring: 'Dev',
    release: '202601.07.0',
    reason: 'tested',
    approvedAt: now.toString(),
    approvedBy: 'Grace',
    ...overrides,
  });
  it.each<[string, Partial<PolicyInForce>, string]>([
    ['none was approved', {}, 'approvalNeeded'],
    ['its release was', { approvals: [approval()] }, 'start'],
    ['its node image version was', { approvals: [approval({ release: images.new })] }, 'start'],
    ['another release was', { approvals: [approval({ release: '202601.14.0' })] }, 'approvalNeeded'],
    ['it was for another ring', { approvals: [approval({ ring: 'prd' })] }, 'approvalNeeded'],
  ])('%s', (_, standing, reason) => {
    expect(reasons([cluster('dev-1')], { ...approved, ...standing })['dev-1']).toBe(reason);
  });

  const byOthers = policyOf([ring('dev', { approval: true })], { approvals: { byOthers: true } });
  it.each<[string, Partial<PolicyInForce>, string]>([
    ['by somebody else', { author: 'ada', approvals: [approval()] }, 'start'],
    ['by the author of the policy, however spelled', { author: 'grace', approvals: [approval()] }, 'approvalNeeded'],
    ['by both', { author: 'grace', approvals: [approval(), approval({ approvedBy: 'ada' })] }, 'start'],
    ['under a policy of nobody knows whom', { approvals: [approval()] }, 'approvalNeeded'],
  ])('approved %s', (_, standing, reason) => {
    expect(reasons([cluster('dev-1')], { ...byOthers, ...standing })['dev-1']).toBe(reason);
  });

  it("says which approval counted: not the one of the policy's author, nor one that nobody needed", () => {
    const given = [approval(), approval({ id: 'b', approvedBy: 'ada' })];
    const standing = { author: 'grace', approvals: given };
    expect(decide([cluster('dev-1')], { ...byOthers, ...standing })).toMatchObject([
      { reason: 'start', approval: { id: 'b', approvedBy: 'ada' } },
    ]);
    const open = policyOf([ring('dev')]);
    expect(decide([cluster('dev-1')], { ...open, ...standing })[0]).toMatchObject({
      reason: 'start',
      approval: undefined,
    });
  });
});

it('a pool whose ring only observes does not keep the other pools of its cluster waiting', () => {
  const nodePools = [
    aPool({ name: 'apps', mode: 'System', nodeImageVersion: images.old }),
    aPool({ name: 'web', nodeImageVersion: 'AKSUbuntu-2404gen2containerd-202512.11.0' }),
  ];
  const mixed = {
    ...aClusterFacts({ nodePools, cluster: { id: idOf('stg-1') } }),
    latest: { apps: { value: images.new }, web: { value: other } },
  };
  const fleet = [cluster('dev-1', { current: images.new }), cluster('dev-2', { current: other, latest: other }), mixed];
  const reasonsWith = (mode: 'observe' | 'enforce') => {
    const web = { selectors: [{ cluster: 'stg-*', nodePool: 'web' }], mode };
    const policy = policyOf([
      ring('dev'),
      ring('web', web),
      ring('stg', { selectors: [{ nodePool: 'apps', cluster: 'stg-*' }] }),
    ]);
    return decide(fleet, policy)
      .slice(2)
      .map(({ nodePool, reason }) => [nodePool, reason]);
  };
  expect(reasonsWith('enforce')).toEqual([
    ['apps', 'poolOrder'],
    ['web', 'start'],
  ]);
  expect(reasonsWith('observe')).toEqual([
    ['apps', 'start'],
    ['web', 'poolOrder'],
  ]);
});

describe('concurrency', () => {
  const two = policyOf([ring('dev', { concurrency: 2 })]);
  const behind = cluster('dev-3', { current: images.older, head: { nodeImageVersion: images.older } });
  it('lets as many pools start as have room, the longest behind first', () => {
    const fleet = [cluster('dev-1'), cluster('dev-2'), behind];
    expect(reasons(fleet, two)).toEqual({ 'dev-1': 'start', 'dev-2': 'concurrencyLimit', 'dev-3': 'start' });
  });

  it('counts what is under way', () => {
    const busy = cluster('dev-2', { attempt: anAttempt({ cluster: idOf('dev-2') }) });
    expect(reasons([cluster('dev-1'), busy, behind], two)).toEqual({
      'dev-1': 'concurrencyLimit',
      'dev-2': 'attemptInFlight',
      'dev-3': 'start',
    });
    const full = policyOf([ring('dev', { concurrency: 1 })]);
    expect(decide([cluster('dev-1'), busy], full)[0]).toMatchObject({
      reason: 'concurrencyLimit',
      verdict: 'wait',
      sentence: expect.stringContaining('At most 1 pool is') as unknown,
    });
  });

  it('of another ring is no limit', () => {
    const rings = policyOf([
      ring('dev', { concurrency: 1 }),
      ring('lab', { selectors: [{ cluster: 'lab-*' }], concurrency: 1 }),
    ]);
    const soaked = [cluster('dev-1', { current: images.new }), cluster('lab-1')];
    expect(reasons(soaked, rings)['lab-1']).toBe('start');
  });
});

describe('the mode of a ring', () => {
  it.each<[Policy['mode'], Ring['mode'], string]>([
    ['observe', 'enforce', 'start'],
    ['enforce', 'observe', 'observeOnly'],
    ['observe', undefined, 'observeOnly'],
  ])('policy %s, ring %s', (mode, ringMode, reason) => {
    const policy = policyOf([ring('dev', ringMode && { mode: ringMode })], { mode });
    expect(reasons([cluster('dev-1')], policy)['dev-1']).toBe(reason);
  });
});

describe('the failure limit', () => {
  const failure = (id: string, to: string = images.new) => ({
    lastAttempt: {
      id,
      opensAt: after(-3000).toString(),
      closesAt: after(-2900).toString(),
      outcome: 'failed' as const,
      to,
      failures: 1,
    },
  });
  const fleet = [cluster('dev-1', { head: failure('b') }), cluster('dev-2', { head: failure('a') }), cluster('dev-3')];
  const limited = (hold: 'ring' | 'release', pools = 2): PolicyInForce =>
    policyOf([ring('dev'), ring('stg')], { failureLimit: { pools, hold } });

  it.each<['ring' | 'release', object]>([
    ['ring', { scope: 'ring', ring: 'dev' }],
    ['release', { scope: 'release', release: '202601.07.0' }],
  ])('holds the %s, from that moment on', (hold, scope) => {
    const state = fleetState(fleet, limited(hold), now);
    expect(state.holdsDue).toEqual([
      expect.objectContaining({ ...scope, id: 'failures-a', failures: ['a', 'b'], createdBy: 'aks-node-image-keeper' }),
    ]);
    expect(reasons(fleet, limited(hold))).toMatchObject({ 'dev-3': 'held' });
  });

  it.each<[string, PolicyInForce]>([
    ['one failure fewer', limited('ring', 3)],
    ['failures that made a hold before', { ...limited('ring'), countedFailures: ['a', 'b'] }],
    ['one that did not', { ...limited('ring'), countedFailures: ['a'] }],
    ['no limit', policyOf([ring('dev')])],
  ])('sets none: %s', (_, policy) => {
    expect(fleetState(fleet, policy, now).holdsDue).toEqual([]);
    expect(reasons(fleet, policy)['dev-3']).toBe('start');
  });

  it('holds a release by the failures at that release', () => {
    const mixed = [
      cluster('dev-1', { head: failure('a') }),
      cluster('stg-1', { head: failure('b', other) }),
      cluster('dev-2', { head: failure('c', images.old) }),
    ];
    expect(fleetState(mixed, limited('release'), now).holdsDue).toMatchObject([
      { release: '202601.07.0', failures: ['a', 'b'] },
    ]);
  });
});
