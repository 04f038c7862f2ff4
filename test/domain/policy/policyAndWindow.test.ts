import { describe, expect, it } from 'vitest';
import { aPool, at, aWindow, now } from '../../builders.ts';
import { aClusterFacts, aPolicy, decide, enforce, refusals } from '../rings/aClusterFacts.ts';

const everyOtherDay = { schedule: { daily: { intervalDays: 2 } }, startDate: '2026-01-12' };

describe('trustIntervals', () => {
  const facts = aClusterFacts({ window: everyOtherDay });

  it('lets an interval pass that is counted from its startDate', () => {
    expect(decide(facts)).toMatchObject({ verdict: 'blocked', reason: 'windowNotAnchored' });
    expect(decide(facts).sentence).toContain('trustIntervals');
    expect(decide(facts, aPolicy({ trustIntervals: false })).reason).toBe('windowNotAnchored');
    expect(decide(facts, aPolicy({ trustIntervals: true }))).toMatchObject({
      reason: 'start',
      window: { opensAt: '2026-01-14T01:00:00Z' },
    });
    const nextDay = at('2026-01-15T01:30:00Z');
    expect(decide(facts, aPolicy({ trustIntervals: true }), nextDay)).toMatchObject({
      reason: 'outsideWindow',
      nextEligibleAt: '2026-01-16T01:00:00Z',
    });
  });

  it('can not anchor what has no startDate', () => {
    const unanchored = aClusterFacts({ window: { ...everyOtherDay, startDate: undefined } });
    expect(decide(unanchored, aPolicy({ trustIntervals: true })).reason).toBe('windowNotAnchored');
  });
});

describe('overrun', () => {
  // 24 nodes one by one: four hours, as long as the window.
  const facts = aClusterFacts({ nodePools: [aPool({ count: 24, maxSurge: '1' })] });
  const opening = at('2026-01-14T01:10:00Z');
  const closed = at('2026-01-14T06:00:00Z');

  it.each([
    ['by default', enforce],
    ['start', aPolicy({ overrun: 'start' })],
  ])('%s: a pool that fits no occurrence starts early in one', (_what, policy) => {
    expect(decide(facts, policy, opening)).toMatchObject({ reason: 'start', willOverrun: true });
    expect(decide(facts, policy, closed).nextEligibleAt).toBe('2026-01-15T01:00:00Z');
  });

  it('block: it never starts, and says what to do', () => {
    const decision = decide(facts, aPolicy({ overrun: 'block' }), opening);
    expect(decision).toMatchObject({ verdict: 'blocked', reason: 'windowTooShort', also: [] });
    expect(decision.sentence).toMatch(/240 minutes .* window of 4 hours.*Lengthen the window, or raise maxSurge\.$/);
    expect(decision.nextEligibleAt).toBeUndefined();
  });

  it('block: no next time is promised while the window is closed', () => {
    const decision = decide(facts, aPolicy({ overrun: 'block' }), closed);
    expect(refusals(decision)).toEqual(['windowTooShort', 'outsideWindow']);
    expect(decision.nextEligibleAt).toBeUndefined();
    expect(decide(facts, aPolicy({ overrun: 'block' }), at('2026-01-14T01:00:30Z')).nextEligibleAt).toBeUndefined();
  });

  it('block: a pool that fits starts as ever', () => {
    expect(decide(aClusterFacts(), aPolicy({ overrun: 'block' })).reason).toBe('start');
    const late = decide(aClusterFacts(), aPolicy({ overrun: 'block' }), at('2026-01-14T04:50:00Z'));
    expect(late).toMatchObject({ verdict: 'wait', reason: 'windowClosing', nextEligibleAt: '2026-01-15T01:00:00Z' });
  });

  it('block: says the same of a window that has not opened yet, whatever its dates', () => {
    const shut = aWindow({ notAllowedDates: [{ start: '2026-01-14', end: '2026-01-14' }] });
    const blocked = { ...facts, window: { value: { readAt: now, maintenanceWindow: shut } } };
    expect(refusals(decide(blocked, aPolicy({ overrun: 'block' })))).toEqual(['windowTooShort', 'notAllowedDate']);
  });
});

it('estimate: a batch takes what the policy says until the pool’s own rolls are known', () => {
  const policy = aPolicy({ estimate: { minutesPerBatch: 45 } });
  expect(decide(aClusterFacts(), policy).estimateMinutes).toBe(3 * 45);
});
