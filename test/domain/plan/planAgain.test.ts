// What the planner keeps between pools, clusters and passes must never be another's.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseClusterId } from '../../../shared/domain/cluster/clusterId.ts';
import { planFleet } from '../../../shared/domain/plan/planFleet.ts';
import type { Hold } from '../../../shared/domain/policy/hold.ts';
import type { PolicyInForce } from '../../../shared/domain/policy/policy.ts';
import { fleetState } from '../../../shared/domain/rings/ringState.ts';
import { daysOfWeek } from '../../../shared/domain/window/openingDay.ts';
import { aCluster, after, aWindow, clusterId, now } from '../../builders.ts';
import { aClusterFacts } from '../rings/aClusterFacts.ts';

const decide = (fleet: Parameters<typeof planFleet>[0], policy: PolicyInForce, at = now) =>
  planFleet(fleet, fleetState(fleet, policy, at), at).map(({ decisions }) => decisions);

function aFleet(windows: readonly object[]) {
  return windows.map((window, index) =>
    aClusterFacts({
      cluster: aCluster({ id: `${clusterId}${index}`, tags: { ring: `${index % 2}` } }),
      window,
    }),
  );
}

const windows = fc.array(
  fc
    .record({
      dayOfWeek: fc.constantFrom(...daysOfWeek),
      durationHours: fc.constantFrom(4, 5, 24),
      startTime: fc.constantFrom('00:00', '01:00', '23:30'),
      utcOffset: fc.constantFrom('+00:00', '+05:30', '-11:00'),
    })
    .map(({ dayOfWeek, ...rest }) => aWindow({ schedule: { weekly: { intervalWeeks: 1, dayOfWeek } }, ...rest })),
  { minLength: 2, maxLength: 12 },
);

it('decides on a cluster by its own window, whatever windows the pass has seen before', () => {
  fc.assert(
    fc.property(windows, fc.integer({ min: -20_000, max: 20_000 }), (drawn, minutes) => {
      const fleet = aFleet(drawn);
      const policy: PolicyInForce = { policy: { mode: 'enforce' } };
      const together = decide(fleet, policy, after(minutes));
      expect(together).toEqual(fleet.flatMap((facts) => decide([facts], policy, after(minutes))));
      expect(decide(fleet.toReversed(), policy, after(minutes)).toReversed()).toEqual(together);
    }),
  );
});

const aHold = (overrides: Partial<Hold>): Hold =>
  ({ id: 'h1', owner: 'Ana', reason: 'a fair', createdAt: '', createdBy: 'Ana', scope: 'fleet', ...overrides }) as Hold;

it('decides by the policy and the holds of now, and not by those of the pass before', () => {
  const fleet = aFleet([aWindow(), aWindow()]);
  const rings = [
    { name: 'first', selectors: [{ tags: { ring: '0' } }] },
    { name: 'second', selectors: [{ tags: { RING: '1' } }] },
  ];
  const policies: readonly PolicyInForce[] = [
    { policy: { mode: 'enforce' } },
    { policy: { mode: 'enforce', rings } },
    { policy: { mode: 'enforce', selectors: [{ tags: { team: 'shop' } }] } },
    { policy: { mode: 'enforce' }, holds: [aHold({})] },
    { policy: { mode: 'enforce' }, holds: [aHold({ until: after(30).toString() })] },
    { policy: { mode: 'enforce' }, holds: [aHold({ until: after(-30).toString() })] },
  ];
  const reasons = policies.map((policy) => decide(fleet, policy).map(([decision]) => decision?.reason));
  expect(reasons).toEqual([
    ['start', 'start'],
    ['start', 'ringWaiting'],
    ['notSelected', 'notSelected'],
    ['held', 'held'],
    ['held', 'held'],
    ['start', 'start'],
  ]);
  expect(policies.map((policy) => decide(fleet, policy).map(([decision]) => decision?.reason))).toEqual(reasons);
});

it('tells clusters apart however many ids were read before', () => {
  for (let index = 0; index < 5000; index += 1) {
    const name = index % 2500;
    expect(parseClusterId(`${clusterId}${name}`)?.cluster).toBe(`aks-shop-we${name}`);
    expect(parseClusterId(`${clusterId}/${name}`)).toBeUndefined();
  }
});
