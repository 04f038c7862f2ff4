import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { isTerminal, type NodePool } from '../../../shared/domain/cluster/cluster.ts';
import { type Decision, gateOrder, type RefusalReason } from '../../../shared/domain/plan/decision.ts';
import { plan } from '../../../shared/domain/plan/plan.ts';
import type { PolicyInForce } from '../../../shared/domain/policy/policy.ts';
import type { ClusterFacts } from '../../../shared/domain/rings/clusterFacts.ts';
import type { Read } from '../../../shared/domain/text/read.ts';
import { windowAt } from '../../../shared/domain/window/maintenanceWindow.ts';
import { parseMaintenanceWindow } from '../../../shared/domain/window/parseMaintenanceWindow.ts';
import { aCluster, anAttempt, aPool, aPoolHead, at, aWindow, images } from '../../builders.ts';
import { aPolicy, enforce, refusals } from '../rings/aClusterFacts.ts';

const runs = { numRuns: 600 };

/** Good most of the time: a start needs everything to be good. */
function mostly<T>(good: T, ...bad: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 30, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
}

/** In order; the first stands for none. */
const family: readonly string[] = ['', images.older, images.old, images.new];
const otherFamily = 'AKSAzureLinux-V3gen2-202512.18.0';
/** Of the release of images.new: only a newer one is started after it. */
const leftFamily = 'AKSUbuntu-2404gen2containerd-202601.07.0';

const anyImage = fc.constantFrom(images.older, images.old, images.new, otherFamily, 'custom-image');

const anyPool: fc.Arbitrary<NodePool> = fc
  .record({
    nodeImageVersion: fc.option(anyImage, { nil: undefined, freq: 12 }),
    provisioningState: mostly('Succeeded', 'failed', 'Canceled', 'Updating', 'Pondering'),
    powerState: mostly('Running', 'Stopped', 'Unknown'),
    mode: mostly('User', 'System', 'System', 'System', 'Machines', 'Gateway', 'Unknown'),
    type: mostly<string | undefined>('VirtualMachineScaleSets', undefined, 'AvailabilitySet'),
    osType: mostly('Linux', 'Windows', 'Unknown'),
    count: fc.constantFrom(0, 1, 3, 3, 20, 23, 24, 30),
    maxSurge: fc.constantFrom(undefined, '1', '33%'),
    snapshotId: mostly<string | undefined>(undefined, '/snapshots/gold'),
  })
  .map(aPool);

const windows = [
  aWindow(),
  aWindow({ startTime: '22:00', notAllowedDates: [{ start: '2026-01-15', end: '2026-01-15' }] }),
  aWindow({
    schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Wednesday' } },
    durationHours: 24,
    utcOffset: '-05:00',
  }),
  aWindow({ schedule: { daily: { intervalDays: 2 } }, startDate: '2026-01-12' }),
  aWindow({ schedule: { daily: { intervalDays: 2 } } }),
  aWindow({ durationHours: 3 }),
  undefined,
];

const anyInstant = fc
  .oneof(
    fc.integer({ min: 0, max: 4 * 24 * 3600 * 1000 }),
    // Around openings and closings, and around the edges that lie a minute inside.
    fc
      .tuple(fc.integer({ min: 0, max: 4 * 24 }), fc.constantFrom(-60_000, 0, 60_000), fc.constantFrom(-1, 0, 1))
      .map(([hour, edge, by]) => hour * 3_600_000 + edge + by),
  )
  .map((milliseconds) => at('2026-01-13T00:00:00Z').add({ milliseconds }));

const anyCase = fc
  .tuple(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }), anyInstant)
  .chain(([names, now]) =>
    fc.record({
      now: fc.constant(now),
      facts: anyFacts(names, now),
      order: fc.shuffledSubarray(names, { minLength: names.length }),
    }),
  );

function anyFacts(names: readonly string[], now: Temporal.Instant): fc.Arbitrary<ClusterFacts> {
  const each = <T>(arbitrary: fc.Arbitrary<T>) => fc.tuple(...names.map(() => arbitrary));
  const anyVerdict = fc.record({
    reason: fc.constantFrom('clusterBusy' as const, 'retryLater' as const),
    minutes: fc.constantFrom(-5, 0, 5),
  });
  return fc
    .record({
      pools: each(anyPool),
      cluster: fc.record({
        provisioningState: mostly('Succeeded', 'Updating', 'Failed'),
        powerState: mostly('Running', 'Stopped'),
        nodeOsUpgradeChannel: mostly<string | undefined>(
          'None',
          'Unmanaged',
          undefined,
          'NodeImage',
          'SecurityPatch',
          'HotPatch',
        ),
        upgradeChannel: mostly<string | undefined>('none', 'stable', undefined, 'node-image', 'weekly'),
        sku: mostly<string | undefined>('Base', undefined, 'Automatic'),
      }),
      problem: mostly<string | undefined>(undefined, '503 ServerBusy'),
      window: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...windows.slice(0, 3)) },
        { weight: 2, arbitrary: fc.constantFrom(...windows) },
      ),
      windowRead: mostly(true, false),
      latest: each(
        fc.oneof(
          { weight: 8, arbitrary: fc.constant<Read<string | undefined>>({ value: images.new }) },
          {
            weight: 1,
            arbitrary: fc.constantFrom<Read<string | undefined>>(
              {},
              { problem: '429' },
              { value: images.old },
              { value: 'custom-image' },
            ),
          },
        ),
      ),
      rolledBackFrom: each(mostly<string | undefined>(undefined, images.old, images.new, otherFamily, leftFamily)),
      lastAttempt: each(
        fc.option(fc.tuple(fc.integer({ min: -600, max: 600 }), fc.constantFrom('failed', 'unknown', 'notStarted')), {
          freq: 2,
        }),
      ),
      attempt: mostly<string | undefined>(undefined, ...names),
      verdicts: each(fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anyVerdict })),
      armDate: fc.option(fc.option(fc.integer({ min: -31_000, max: 31_000 }), { nil: undefined, freq: 10 })),
    })
    .map((drawn) => ({
      cluster: aCluster({
        ...drawn.cluster,
        nodePools: names.map((name, index) => ({ ...(drawn.pools[index] ?? aPool()), name })),
      }),
      problem: drawn.problem,
      window: drawn.windowRead ? { value: { readAt: now, maintenanceWindow: drawn.window } } : { problem: '503' },
      latest: Object.fromEntries(names.map((name, index) => [name, drawn.latest[index] ?? {}])),
      heads: names.map((name, index) => {
        const [rolledBackFrom, last] = [drawn.rolledBackFrom[index], drawn.lastAttempt[index]];
        const opensAt = now.add({ minutes: last?.[0] ?? 0 });
        const attempt = { id: 'x', opensAt, closesAt: opensAt.add({ hours: 4 }) };
        return aPoolHead({
          nodePool: name,
          ...(rolledBackFrom ? { rolledBackFrom } : {}),
          ...(last ? { lastAttempt: { ...attempt, outcome: last[1], to: images.new, failures: 1 } } : {}),
        });
      }),
      attempt: drawn.attempt === undefined ? undefined : anAttempt({ nodePool: drawn.attempt }),
      verdicts: names.flatMap((nodePool, index) => {
        const verdict = drawn.verdicts[index];
        if (!verdict) return [];
        return [
          {
            nodePool,
            reason: verdict.reason,
            message: 'No.',
            retryAt: now.add({ minutes: verdict.minutes }),
          },
        ];
      }),
      ...(drawn.armDate === null
        ? {}
        : { armDate: { value: drawn.armDate === undefined ? undefined : now.add({ milliseconds: drawn.armDate }) } }),
    }));
}

const startsOf = (decisions: readonly Decision[]) => decisions.filter(({ reason }) => reason === 'start');
const byPool = (decisions: readonly Decision[]) => new Map(decisions.map((decision) => [decision.nodePool, decision]));

it('gives exactly one decision for each pool, and at most one start', () => {
  let starts = 0;
  fc.assert(
    fc.property(anyCase, ({ facts, now }) => {
      const decisions = plan(facts, enforce, now);
      expect(decisions.map(({ nodePool }) => nodePool)).toEqual(facts.cluster.nodePools.map(({ name }) => name));
      expect(startsOf(decisions).length).toBeLessThanOrEqual(1);
      starts += startsOf(decisions).length;
    }),
    runs,
  );
  // Else the properties below would prove nothing.
  expect(starts).toBeGreaterThan(runs.numRuns / 20);
});

it('starts only where nothing known forbids it, at least 60 s inside an open window', () => {
  fc.assert(
    fc.property(anyCase, ({ facts, now }) => {
      for (const { nodePool } of startsOf(plan(facts, enforce, now)))
        expect(objections(facts, nodePool, now)).toEqual([]);
    }),
    runs,
  );
});

/** What forbids a start, written down without the gates. */
function objections(facts: ClusterFacts, nodePool: string, now: Temporal.Instant): readonly string[] {
  const { cluster, armDate } = facts;
  const pool = cluster.nodePools.find(({ name }) => name === nodePool) ?? aPool();
  const latest = facts.latest[nodePool] ?? {};
  const [current, offered] = [pool.nodeImageVersion ?? '', 'problem' in latest ? '' : (latest.value ?? '')];
  const head = facts.heads.find((candidate) => candidate.nodePool === nodePool);
  const parsed = 'problem' in facts.window ? undefined : parseMaintenanceWindow(facts.window.value?.maintenanceWindow);
  const window = parsed?.ok && parsed.window.reading === 'documented' ? windowAt(parsed.window, now) : undefined;
  const open = window?.state === 'open' ? window : undefined;
  const last = head?.lastAttempt;
  const isWindowsOnly = cluster.nodeOsUpgradeChannel === 'SecurityPatch' && pool.osType === 'Windows';
  const allowed: Readonly<Record<string, boolean>> = {
    window: open !== undefined,
    'first edge': open !== undefined && open.openedAt.until(now).total('seconds') >= 60,
    'last edge': open !== undefined && now.until(open.closesAt).total('seconds') > 60,
    'once an occurrence':
      !last ||
      last.outcome === 'notStarted' ||
      !open ||
      last.closesAt.epochMilliseconds <= open.occurrence.opensAt.epochMilliseconds ||
      last.opensAt.epochMilliseconds >= open.occurrence.closesAt.epochMilliseconds,
    reads: facts.problem === undefined && !('problem' in latest),
    latest: offered !== '' && family.includes(offered),
    newer:
      current === otherFamily ||
      (current !== '' && family.includes(current) && family.indexOf(offered) > family.indexOf(current)),
    rollback:
      head?.rolledBackFrom !== leftFamily &&
      family.indexOf(offered) > family.indexOf((head?.rolledBackFrom ?? '').replace(otherFamily, images.old)),
    running: cluster.powerState === 'Running' && pool.powerState === 'Running',
    idle:
      cluster.provisioningState === 'Succeeded' &&
      cluster.nodePools.every((other) => isTerminal(other.provisioningState)),
    // A failed attempt of ours is mended by another, in a later occurrence.
    healthy:
      pool.provisioningState === 'Succeeded' ||
      (pool.provisioningState === 'Failed' && last?.outcome === 'failed' && offered === last.to),
    supported:
      ['User', 'System', 'Gateway'].includes(pool.mode) &&
      pool.type !== 'AvailabilitySet' &&
      pool.snapshotId === undefined,
    attempt: facts.attempt === undefined,
    verdict: facts.verdicts.every(
      (verdict) => verdict.nodePool !== nodePool || Temporal.Instant.compare(verdict.retryAt, now) <= 0,
    ),
    channel: isWindowsOnly || ['None', 'Unmanaged'].includes(cluster.nodeOsUpgradeChannel ?? 'NodeImage'),
    'cluster channel': ['none', 'stable'].includes(cluster.upgradeChannel ?? 'none') && cluster.sku !== 'Automatic',
    clock:
      !armDate ||
      (armDate.value !== undefined && Math.abs(armDate.value.epochMilliseconds - now.epochMilliseconds) <= 30_000),
  };
  return Object.keys(allowed).filter((name) => !allowed[name]);
}

it('has as its reason the first of gateOrder among all that refuses', () => {
  fc.assert(
    fc.property(anyCase, ({ facts, now }) => {
      for (const decision of plan(facts, enforce, now)) {
        const ranks = refusals(decision).map((reason) => gateOrder.indexOf(reason as RefusalReason));
        expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b));
        expect(decision.also.length === 0 || decision.reason !== 'start').toBe(true);
      }
    }),
    runs,
  );
});

it('does not depend on the order in which ARM lists the pools', () => {
  fc.assert(
    fc.property(anyCase, ({ facts, now, order }) => {
      const nodePools = order.flatMap((name) => facts.cluster.nodePools.filter((pool) => pool.name === name));
      const shuffled = { ...facts, cluster: { ...facts.cluster, nodePools }, heads: facts.heads.toReversed() };
      expect(byPool(plan(shuffled, enforce, now))).toEqual(byPool(plan(facts, enforce, now)));
    }),
    runs,
  );
});

it('in mode observe never starts, and says observeOnly exactly where enforce would start', () => {
  const observe: PolicyInForce = aPolicy({ mode: 'observe' });
  fc.assert(
    fc.property(anyCase, ({ facts, now }) => {
      const observed = plan(facts, observe, now);
      expect(startsOf(observed)).toEqual([]);
      const enforced = byPool(plan(facts, enforce, now));
      for (const decision of observed) {
        const { reason } = enforced.get(decision.nodePool) ?? {};
        expect(decision.reason).toBe(reason === 'start' ? 'observeOnly' : reason);
        expect(refusals(decision).at(-1)).toBe('observeOnly');
      }
    }),
    runs,
  );
});

it('while the fleet is held nothing starts, and held stands exactly where enforce would start', () => {
  const hold = { id: 'h', owner: 'ada', reason: 'sales', createdAt: '2026-01-01T00:00:00Z', createdBy: 'ada' };
  const policy: PolicyInForce = { ...enforce, holds: [{ ...hold, scope: 'fleet' }] };
  fc.assert(
    fc.property(anyCase, ({ facts, now }) => {
      const enforced = byPool(plan(facts, enforce, now));
      for (const decision of plan(facts, policy, now)) {
        expect(decision.reason).not.toBe('start');
        expect(refusals(decision)).toContain('held');
        if (enforced.get(decision.nodePool)?.reason === 'start') expect(decision.reason).toBe('held');
      }
    }),
    runs,
  );
});

it('never starts because something could not be read', () => {
  const anyLoss = fc.constantFrom('cluster', 'window', 'date', 'a', 'b', 'c', 'd');
  fc.assert(
    fc.property(anyCase, anyLoss, ({ facts, now }, lost) => {
      const before = byPool(plan(facts, enforce, now));
      for (const { nodePool, reason } of plan(without(facts, lost), enforce, now)) {
        if (reason !== 'start') continue;
        // A pool whose latest image is not known no longer stands in another's way.
        const wasNext = before.get(nodePool);
        const wasFirst = startsOf([...before.values()])[0]?.nodePool === lost && wasNext?.reason === 'poolOrder';
        expect(wasNext?.reason === 'start' || wasFirst).toBe(true);
        expect(nodePool).not.toBe(lost);
        expect(['cluster', 'window', 'date']).not.toContain(lost);
      }
    }),
    runs,
  );
});

function without(facts: ClusterFacts, lost: string): ClusterFacts {
  const gone = { problem: '503 ServerBusy' };
  if (lost === 'cluster') return { ...facts, ...gone };
  if (lost === 'window') return { ...facts, window: gone };
  if (lost === 'date') return { ...facts, armDate: { value: undefined } };
  return { ...facts, latest: { ...facts.latest, [lost]: gone } };
}
