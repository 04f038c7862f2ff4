import { describe, expect, it } from 'vitest';
import type { Freeze } from '../../../shared/domain/policy/freeze.ts';
import { spanOf } from '../../../shared/domain/policy/freeze.ts';
import type { Hold } from '../../../shared/domain/policy/hold.ts';
import type { PolicyInForce } from '../../../shared/domain/policy/policy.ts';
import { after, aPool, at, clusterId, images, now } from '../../builders.ts';
import { aClusterFacts, aPolicy, decide, enforce, refusals } from '../rings/aClusterFacts.ts';

type Scope = Partial<Hold> & Pick<Hold, 'scope'>;

function holding(...scopes: readonly Scope[]): PolicyInForce {
  const holds = scopes.map((scope, index) => ({
    id: `h${index}`,
    owner: 'the shop',
    reason: 'sales week.',
    createdAt: after(-60).toString(),
    createdBy: 'ada',
    ...scope,
  }));
  return { ...enforce, holds: holds as readonly Hold[] };
}

const frozen = (...freezes: readonly Freeze[]) => aPolicy({ freezes: [...freezes] });
const freeze = { from: '2026-01-14', until: '2026-01-15', timeZone: 'UTC', reason: 'Inventory' };

describe('held', () => {
  it.each<[string, Scope, string]>([
    ['the fleet', { scope: 'fleet' }, 'The fleet is held'],
    ['the cluster', { scope: 'cluster', cluster: 'AKS-shop-*' }, 'The cluster is held'],
    ['the cluster by its id', { scope: 'cluster', cluster: clusterId.toUpperCase() }, 'The cluster is held'],
    ['the pool', { scope: 'nodePool', cluster: '*', nodePool: 'Apps' }, 'The pool is held'],
    ['the release', { scope: 'release', release: '202601.07.0' }, 'Releases 202601.07.0 are held'],
    ['the version', { scope: 'release', release: images.new }, images.new],
    ['from now on', { scope: 'fleet', from: now.toString() }, 'held by the shop'],
  ])('%s: waits, and says who and why', (_what, scope, says) => {
    const decision = decide(aClusterFacts(), holding(scope));
    expect(decision).toMatchObject({ verdict: 'wait', reason: 'held', also: [] });
    expect(decision.sentence).toContain(says);
    expect(decision.sentence).toMatch(/held by the shop; it stays until it is lifted \(hold h0\): sales week\.$/);
    expect(decision.nextEligibleAt).toBeUndefined();
  });

  it.each<[string, Scope]>([
    ['another cluster', { scope: 'cluster', cluster: 'aks-shop' }],
    ['another pool', { scope: 'nodePool', cluster: '*', nodePool: 'system' }],
    ['this pool of another cluster', { scope: 'nodePool', cluster: 'bank', nodePool: 'apps' }],
    ['another release', { scope: 'release', release: '*-202512.18.0' }],
    ['later', { scope: 'fleet', from: now.add({ milliseconds: 1 }).toString() }],
    ['until now', { scope: 'fleet', until: now.toString() }],
  ])('%s: starts', (_what, scope) => {
    expect(decide(aClusterFacts(), holding(scope)).reason).toBe('start');
  });

  it('names when it ends', () => {
    const decision = decide(aClusterFacts(), holding({ scope: 'fleet', until: '2026-01-14T02:00:00+00:00' }));
    expect(decision.nextEligibleAt).toBe('2026-01-14T02:00:00Z');
    expect(decision.sentence).toContain('until 2026-01-14T02:00:00+00:00, unless it is lifted');
  });

  it('counts holds and freezes that follow one another as one, and leaves out those behind a gap', () => {
    const first: Scope = { scope: 'fleet', until: after(10).toString() };
    const second: Scope = { scope: 'cluster', cluster: '*', from: after(5).toString(), until: after(20).toString() };
    const later: Scope = { scope: 'fleet', from: after(21).toString() };
    const decision = decide(aClusterFacts(), holding(later, second, first));
    expect(decision.nextEligibleAt).toBe(after(20).toString());
    expect(decision.sentence).not.toContain('as well');
    const endless = decide(aClusterFacts(), holding(first, { scope: 'fleet', from: after(10).toString() }));
    expect(endless.nextEligibleAt).toBeUndefined();
    expect(decide(aClusterFacts(), holding(first, first, first)).sentence).toMatch(/2 more holds as well\.$/);
    const both = { ...holding(first), ...frozen(freeze) };
    expect(decide(aClusterFacts(), both)).toMatchObject({ nextEligibleAt: '2026-01-16T00:00:00Z' });
  });

  it('does not stand in the way of other pools', () => {
    const facts = aClusterFacts({ nodePools: [aPool(), aPool({ name: 'batch' })] });
    expect(decide(facts, holding({ scope: 'nodePool', cluster: '*', nodePool: 'batch' })).reason).toBe('start');
  });

  it('says nothing of a release that no pool would get', () => {
    const facts = aClusterFacts({ nodePools: [aPool({ nodeImageVersion: images.new })] });
    expect(refusals(decide(facts, holding({ scope: 'release', release: '*' })))).toEqual(['upToDate']);
  });
});

describe('freezes', () => {
  it('last to the end of their last day', () => {
    const decision = decide(aClusterFacts(), frozen(freeze));
    expect(decision).toMatchObject({ verdict: 'wait', reason: 'held', nextEligibleAt: '2026-01-16T00:00:00Z' });
    expect(decision.sentence).toBe('Frozen by the policy from 2026-01-14 to 2026-01-15 (UTC): Inventory.');
    expect(decide(aClusterFacts(), frozen({ ...freeze, until: '2026-01-14' })).sentence).toContain('on 2026-01-14 (');
  });

  it.each([
    ['over', { ...freeze, from: '2026-01-10', until: '2026-01-13' }],
    ['to come', { ...freeze, from: '2026-01-15' }],
    ['over where it was meant', { ...freeze, from: '2026-01-13', until: '2026-01-13', timeZone: 'Asia/Tokyo' }],
  ])('%s: starts', (_what, one) => {
    expect(decide(aClusterFacts(), frozen(one)).reason).toBe('start');
  });

  it.each([
    ['a zone ahead', freeze, 'Pacific/Auckland', '2026-01-13T11:00:00Z', '2026-01-15T11:00:00Z'],
    [
      'the day that is 23 hours long',
      { from: '2026-03-29', until: '2026-03-29' },
      'Europe/Berlin',
      '2026-03-28T23:00:00Z',
      '2026-03-29T22:00:00Z',
    ],
    [
      'a day that begins at one',
      { from: '2026-09-06', until: '2026-09-06' },
      'America/Santiago',
      '2026-09-06T04:00:00Z',
      '2026-09-07T03:00:00Z',
    ],
    [
      'the end of a year',
      { from: '2026-12-24', until: '2026-12-31' },
      'UTC',
      '2026-12-24T00:00:00Z',
      '2027-01-01T00:00:00Z',
    ],
  ])('%s', (_what, days, timeZone, from, until) => {
    expect(spanOf({ ...freeze, ...days, timeZone })).toEqual({ from: at(from), until: at(until) });
  });
});
