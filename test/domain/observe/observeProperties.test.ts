// The ledger under any sequence of reads and events. First of arbitrary states of ARM, which need make no sense; then
// of a pool with a true history, against which the record is held.
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { OperationStatus } from '../../../shared/domain/attempt/attempt.ts';
import { type Cluster, isTerminal } from '../../../shared/domain/cluster/cluster.ts';
import { firstBrokenEntry } from '../../../shared/domain/ledger/chain.ts';
import type { Entry } from '../../../shared/domain/ledger/ledger.ts';
import type { Hint, Observation } from '../../../shared/domain/observe/observation.ts';
import {
  aCluster,
  after,
  aLedger,
  anAttempt,
  anObservation,
  anUnansweredAttempt,
  aPool,
  images,
} from '../../builders.ts';

const minutesOf = (text: string) => Temporal.Instant.from(text).since(after(0)).total('minutes');

type PoolEntry = Extract<Entry, { kind: 'firstSeen' | 'transition' | 'rolled' }>;

/** A pool's entries since it was last first seen. */
function historyOf(entries: readonly Entry[], nodePool: string): readonly PoolEntry[] {
  const own = entries.filter((entry) => entry.kind !== 'gone' && entry.nodePool === nodePool) as readonly PoolEntry[];
  return own.slice(own.findLastIndex((entry) => entry.kind === 'firstSeen'));
}

function expectConsistent(entry: Entry): void {
  if (entry.kind !== 'transition' && entry.kind !== 'rolled') return;
  const [from, to] = entry.startedBetween;
  expect(entry.from === entry.to).toBe(entry.kind === 'rolled');
  if (from !== null) expect(minutesOf(from)).toBeLessThanOrEqual(minutesOf(to));
  expect(minutesOf(to)).toBeLessThanOrEqual(minutesOf(entry.observedAt));
  expect(minutesOf(entry.completedAt)).toBeLessThanOrEqual(minutesOf(entry.observedAt));
  expect(minutesOf(entry.completedAt)).toBeGreaterThanOrEqual(minutesOf(entry.startedAt ?? from ?? entry.completedAt));
  if (entry.startedAt !== undefined) {
    expect(minutesOf(entry.startedAt)).toBeLessThanOrEqual(minutesOf(to));
    if (from !== null) expect(minutesOf(entry.startedAt)).toBeGreaterThanOrEqual(minutesOf(from));
  }
}

type Step = {
  readonly cluster: Cluster | undefined;
  readonly minutes: number;
  /** `at` in minutes from the read. */
  readonly hint: { readonly kind: Hint['kind']; readonly nodePool: string; readonly at: number } | undefined;
};

describe('any sequence of what ARM may show', () => {
  const names = ['apps', 'jobs', 'system'] as const;
  const anyPool = fc.record({
    nodeImageVersion: fc.constantFrom(
      images.older,
      images.old,
      images.new,
      'AKSAzureLinux-V3gen2-202601.07.0',
      'preview-build',
      undefined,
    ),
    provisioningState: fc.constantFrom(
      'Succeeded',
      'Succeeded',
      'Failed',
      'Canceled',
      'UpgradingNodeImageVersion',
      'Upgrading',
      'Scaling',
      'Canceling',
      'Reticulating',
    ),
    kubernetesVersion: fc.constantFrom('1.34.2', '1.35.0', undefined),
  });
  /** Each pool there or not. */
  const anyPools = fc
    .tuple(
      ...names.map((name) =>
        fc.option(
          anyPool.map((pool) => aPool({ name, ...pool })),
          { freq: 6 },
        ),
      ),
    )
    .map((pools) => pools.filter((pool) => pool !== null));
  const anyCluster = fc.oneof(
    {
      weight: 12,
      arbitrary: fc
        .record({ nodePools: anyPools, resourceUid: fc.constantFrom('one', 'one', 'one', 'one', 'two', undefined) })
        .map((cluster) => aCluster(cluster)),
    },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
  const anyHint = fc.option(
    fc.record({
      kind: fc.constantFrom<Hint['kind']>('rollStarted', 'rollSucceeded', 'rollFailed'),
      nodePool: fc.constantFrom('apps', 'JOBS', 'unheard-of'),
      at: fc.integer({ min: -60, max: 40 }),
    }),
    { nil: undefined },
  );
  const steps = fc.array(fc.record({ cluster: anyCluster, minutes: fc.integer({ min: 0, max: 30 }), hint: anyHint }), {
    minLength: 1,
    maxLength: 25,
  });
  /** Reads one after the other; events date from around their read. */
  function readsOf(sequence: readonly Step[]): readonly Observation[] {
    let time = 0;
    let isRecreated = false;
    return sequence.map(({ cluster, minutes, hint }) => {
      time += minutes;
      isRecreated ||= cluster?.resourceUid === 'two';
      return anObservation({
        // A resourceUID never returns.
        cluster: cluster?.resourceUid && isRecreated ? { ...cluster, resourceUid: 'two' } : cluster,
        observedAt: after(time),
        hints: hint && [{ ...hint, at: after(time + hint.at) }],
      });
    });
  }

  it('chains verify, after every append', () => {
    fc.assert(
      fc.property(steps, (steps) => {
        const ledger = aLedger();
        for (const read of readsOf(steps)) {
          if (read.cluster || ledger.heads().chain) ledger.take(read);
          expect(firstBrokenEntry(ledger.entries(), ledger.heads().chain)).toBeUndefined();
        }
      }),
    );
  });

  it('a pool’s entries go from image to image without a gap, up to its head; none while it is busy', () => {
    fc.assert(
      fc.property(steps, (steps) => {
        const ledger = aLedger();
        for (const read of readsOf(steps)) {
          const entries = ledger.take(read);
          entries.forEach(expectConsistent);
          for (const pool of read.cluster?.nodePools ?? []) {
            const news = entries.filter((entry) => entry.nodePool === pool.name && entry.kind !== 'gone');
            expect(news.length).toBeLessThanOrEqual(1);
            const isIdle = isTerminal(pool.provisioningState) && pool.nodeImageVersion !== undefined;
            if (!isIdle) expect(news.filter(({ kind }) => kind !== 'firstSeen')).toEqual([]);
            const head = ledger.heads().pools.find(({ nodePool }) => nodePool === pool.name);
            // Nothing is lost: what stands still is what the ledger says.
            if (isIdle) expect(head).toMatchObject({ nodeImageVersion: pool.nodeImageVersion });
            if (isIdle) expect(head).not.toHaveProperty('rolling');
          }
          for (const { nodePool, nodeImageVersion } of ledger.heads().pools) {
            const [first, ...changes] = historyOf(ledger.entries(), nodePool);
            let image = first?.kind === 'firstSeen' ? first.nodeImageVersion : undefined;
            for (const change of changes) {
              if (change.kind === 'firstSeen') throw new Error('first seen twice');
              expect(change.from).toBe(image);
              image = change.to;
            }
            expect(image).toBe(nodeImageVersion);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('the same state read again, then or later, with whatever event, adds nothing', () => {
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.record({ minutes: fc.integer({ min: 0, max: 600 }), hint: anyHint }), {
          minLength: 1,
          maxLength: 5,
        }),
        (steps, again) => {
          const ledger = aLedger();
          const reads = readsOf(steps);
          for (const read of reads) ledger.take(read);
          const cluster = reads.at(-1)?.cluster;
          let time = steps.reduce((sum, { minutes }) => sum + minutes, 0);
          for (const { minutes, hint } of again) {
            time += minutes;
            const entries = ledger.take(
              anObservation({
                cluster,
                observedAt: after(time),
                hints: hint && [{ ...hint, at: after(time + hint.at) }],
              }),
            );
            expect(entries).toEqual([]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('an attempt in flight is recorded once at most, whatever becomes of its pool and of its row', () => {
    const anyAttempt = fc
      .constantFrom(anAttempt(), anUnansweredAttempt(), anUnansweredAttempt({ state: 'unclear' }))
      .map((attempt) => ({
        ...attempt,
        resourceUid: 'one',
        intendedAt: after(-2),
        ...(attempt.acceptedAt ? { acceptedAt: after(-1) } : {}),
      }));
    const anyOperation = fc.constantFrom<OperationStatus | undefined>(
      undefined,
      'inProgress',
      'succeeded',
      'failed',
      'unknown',
    );
    fc.assert(
      fc.property(
        steps,
        anyAttempt,
        fc.array(anyOperation, { minLength: 25, maxLength: 25 }),
        (steps, attempt, said) => {
          const ledger = aLedger();
          ledger.take(anObservation({ cluster: aCluster({ resourceUid: 'one' }), observedAt: after(-5) }));
          for (const [index, read] of readsOf(steps).entries()) {
            ledger.take({ ...read, attempt, operation: said[index] }).forEach(expectConsistent);
            const recorded = ledger.entries().filter((entry) => 'attempt' in entry);
            expect(recorded.length).toBeLessThanOrEqual(1);
            const head = ledger.heads().pools.find(({ nodePool }) => nodePool === 'apps');
            if (head?.lastAttempt) expect(head.lastAttempt.id).toBe(attempt.id);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a pool with a true history, read now and then, its events lost, late, doubled and in any order', () => {
  type Roll = { readonly kind: 'upgrade' | 'update' | 'scale'; readonly start: number; readonly end: number };
  const states = { upgrade: 'UpgradingNodeImageVersion', update: 'Updating', scale: 'Scaling' };
  const imageOf = (upgrades: number) => `AKSUbuntu-2204gen2containerd-202601.07.${upgrades}`;

  const anyHistory = fc
    .array(
      fc.record({
        idle: fc.integer({ min: 1, max: 60 }),
        kind: fc.constantFrom<Roll['kind']>('upgrade', 'upgrade', 'update', 'scale'),
        busy: fc.integer({ min: 1, max: 40 }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => {
      let time = 0;
      return parts.map(({ idle, kind, busy }): Roll => {
        const start = time + idle;
        time = start + busy;
        return { kind, start, end: time };
      });
    });
  /** `event`: which of those that were sent by then, if any. */
  const anyReads = fc.array(
    fc.record({ wait: fc.integer({ min: 1, max: 50 }), event: fc.option(fc.nat({ max: 30 }), { nil: undefined }) }),
    { minLength: 1, maxLength: 40 },
  );

  function read(history: readonly Roll[], time: number, event: number | undefined): Observation {
    const rolling = history.find(({ start, end }) => start <= time && time < end);
    const upgrades = history.filter(({ kind, end }) => kind === 'upgrade' && end <= time).length;
    // AKS raises them for an upgrade or an update; for a scaling it raises none.
    const events = history
      .filter(({ kind }) => kind !== 'scale')
      .flatMap(({ start, end }) => [
        { kind: 'rollStarted' as const, at: start },
        { kind: 'rollSucceeded' as const, at: end },
      ])
      .filter(({ at }) => at <= time)
      .toReversed();
    const hint = event === undefined ? undefined : events[event];
    const pool = aPool({
      nodeImageVersion: imageOf(upgrades),
      provisioningState: rolling ? states[rolling.kind] : 'Succeeded',
    });
    return anObservation({
      cluster: aCluster({ nodePools: [pool] }),
      observedAt: after(time),
      hints: hint && [{ ...hint, nodePool: 'apps', at: after(hint.at) }],
    });
  }

  /** 01:00 to 05:00 every day; minute 0 is 01:30. */
  const isInWindow = (minute: number) => (minute + 30) % (24 * 60) < 4 * 60;

  it('every entry is about a roll that was, with its times, or an interval that holds them; true and false are right', () => {
    fc.assert(
      fc.property(anyHistory, anyReads, (history, reads) => {
        const ledger = aLedger();
        let time = 0;
        let idleAt = -1;
        for (const { wait, event } of reads) {
          time += wait;
          const observation = read(history, time, event);
          const entries = ledger.take(observation);
          entries.forEach(expectConsistent);
          const rolls = history.filter(({ kind, end }) => kind !== 'scale' && end > idleAt && end <= time);
          for (const entry of entries) {
            if (entry.kind !== 'transition' && entry.kind !== 'rolled') continue;
            const [from, to] = entry.startedBetween.map((bound) => (bound === null ? -1 : minutesOf(bound))) as [
              number,
              number,
            ];
            const started = entry.startedAt === undefined ? undefined : minutesOf(entry.startedAt);
            // One roll, or several that nobody saw the pool idle between: then the entry dates one of them.
            expect(
              rolls.filter(({ start }) => from < start && start <= to && start === (started ?? start)),
            ).not.toEqual([]);
            expect([...rolls.map(({ end }) => end), time]).toContain(minutesOf(entry.completedAt));
            if (entry.inWindow !== 'unknown')
              expect(rolls.map(({ start }) => isInWindow(start))).toContain(entry.inWindow);
          }
          if (!history.some(({ start, end }) => start <= time && time < end)) {
            idleAt = time;
            // All that changed since the pool was last seen idle is in the ledger.
            const images = ledger
              .entries()
              .map((entry) => ('to' in entry ? entry.to : 'nodeImageVersion' in entry ? entry.nodeImageVersion : ''));
            expect(images.at(-1)).toBe(
              imageOf(history.filter(({ kind, end }) => kind === 'upgrade' && end <= time).length),
            );
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
