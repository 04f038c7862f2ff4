import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  type Attempt,
  evolve,
  isLookDue,
  type OperationStatus,
  settle,
} from '../../../shared/domain/attempt/attempt.ts';
import { isTerminal } from '../../../shared/domain/cluster/cluster.ts';
import type { Outcome } from '../../../shared/domain/ledger/ledger.ts';
import { after, anAttempt, anUnansweredAttempt, aPool, images, now } from '../../builders.ts';

const pools = {
  busy: { provisioningState: 'UpgradingNodeImageVersion' },
  'busy, image ahead': { provisioningState: 'Updating', nodeImageVersion: images.new },
  'succeeded, old': { provisioningState: 'Succeeded' },
  'succeeded, new': { provisioningState: 'succeeded', nodeImageVersion: images.new },
  'failed, old': { provisioningState: 'Failed' },
  'failed, new': { provisioningState: 'Failed', nodeImageVersion: images.new },
  'canceled, old': { provisioningState: 'Canceled' },
  'canceled, new': { provisioningState: 'Canceled', nodeImageVersion: images.new },
  'no image': { nodeImageVersion: undefined },
} as const;

/** `row`: what is expected for each of `pools`, in their order; `-`: it can't be told yet. */
function expectRow(row: string, settled: (pool: (typeof pools)[keyof typeof pools]) => Outcome | undefined): void {
  const expected = row.split(' ').filter(Boolean);
  expect(expected).toHaveLength(Object.keys(pools).length);
  const actual = Object.entries(pools).map(([name, pool]) => `${name}: ${settled(pool) ?? '-'}`);
  expect(actual).toEqual(Object.keys(pools).map((name, index) => `${name}: ${expected[index]}`));
}

const O: Record<string, OperationStatus | undefined> = {
  none: undefined,
  unknown: 'unknown',
  inProgress: 'inProgress',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
};

describe('settle, for an attempt that ARM accepted', () => {
  //                           busy          succeeded           failed          canceled            no
  //                           old new       old       new       old    new      old      new        image
  it.each([
    ['at once', 0, 'none', '-  -  -         succeeded -      failed   -        canceled -'],
    ['at once', 0, 'unknown', '-  -  -         succeeded -      failed   -        canceled -'],
    ['at once', 0, 'inProgress', '-  -  -         -         -      -        -        -        -'],
    ['at once', 0, 'succeeded', '-  -  succeeded succeeded failed failed   canceled canceled -'],
    ['at once', 0, 'failed', '-  -  failed    failed    failed failed   failed   failed   -'],
    ['at once', 0, 'canceled', '-  -  canceled  canceled  canceled canceled canceled canceled -'],
    ['after a quiet', 5, 'none', '-  -  unknown   succeeded failed failed   canceled canceled -'],
    ['after a quiet', 5, 'unknown', '-  -  unknown   succeeded failed failed   canceled canceled -'],
    ['after a quiet', 5, 'inProgress', '-  -  -         -         -      -        -        -        -'],
    ['after a quiet', 5, 'succeeded', '-  -  succeeded succeeded failed failed   canceled canceled -'],
    ['after a quiet', 5, 'failed', '-  -  failed    failed    failed failed   failed   failed   -'],
    ['after a quiet', 5, 'canceled', '-  -  canceled  canceled  canceled canceled canceled canceled -'],
  ])('%s (%i min), operation %s', (_when, minutes, operation, row) => {
    const attempt = anAttempt({ acceptedAt: now });
    expectRow(row, (pool) => settle(attempt, { pool: aPool(pool), operation: O[operation] }, after(minutes)));
  });
});

const eTags = {
  unchanged: ['etag-1', 'etag-1'],
  changed: ['etag-1', 'etag-2'],
  'no longer given': ['etag-1', undefined],
  'given since': [undefined, 'etag-2'],
  'never given': [undefined, undefined],
} as const;

describe('settle, for an attempt whose answer is not known', () => {
  //                                busy          succeeded           failed          canceled            no
  //                                old new       old        new       old       new    old       new       image
  it.each([
    ['unclear', 4, 'unchanged', '-  -  -          succeeded -         failed -         canceled -'],
    ['unclear', 4, 'changed', '-  -  -          succeeded -         failed -         canceled -'],
    ['unclear', 4, 'never given', '-  -  -          succeeded -         failed -         canceled -'],
    ['unclear', 5, 'unchanged', '-  -  notStarted succeeded notStarted failed notStarted canceled -'],
    ['unclear', 5, 'changed', '-  -  unknown    succeeded unknown   failed unknown   canceled -'],
    ['unclear', 5, 'no longer given', '-  -  unknown    succeeded unknown   failed unknown   canceled -'],
    ['unclear', 5, 'given since', '-  -  unknown    succeeded unknown   failed unknown   canceled -'],
    ['unclear', 5, 'never given', '-  -  unknown    succeeded unknown   failed unknown   canceled -'],
    // Its starter may be alive, between the intent and the request: nothing is taken from under it.
    ['intended', 4, 'unchanged', '-  -  -          -         -         -      -         -        -'],
    ['intended', 4, 'changed', '-  -  -          -         -         -      -         -        -'],
    ['intended', 5, 'unchanged', '-  -  notStarted succeeded notStarted failed notStarted canceled -'],
    ['intended', 5, 'changed', '-  -  unknown    succeeded unknown   failed unknown   canceled -'],
    ['intended', 5, 'no longer given', '-  -  unknown    succeeded unknown   failed unknown   canceled -'],
    ['intended', 5, 'given since', '-  -  unknown    succeeded unknown   failed unknown   canceled -'],
    ['intended', 5, 'never given', '-  -  unknown    succeeded unknown   failed unknown   canceled -'],
  ] as const)('%s for %i min, eTag %s', (state, minutes, eTag, row) => {
    const [before, since] = eTags[eTag];
    const { eTag: _eTag, ...rest } = anUnansweredAttempt({ state });
    const attempt: Attempt = { ...rest, ...(before ? { eTag: before } : {}) };
    expectRow(row, (pool) => settle(attempt, { pool: aPool({ ...pool, eTag: since }) }, after(minutes)));
  });
});

describe('settle', () => {
  it('says unknown when the pool is gone', () => {
    expect(settle(anAttempt(), { pool: undefined }, after(10))).toBe('unknown');
  });

  // A read that was under way when the request was sent still shows the idle pool.
  it.each(['intended', 'unclear', 'running'] as const)(
    'says nothing of a read from before the request: %s',
    (state) => {
      const attempt = anAttempt({ state, acceptedAt: after(1), intendedAt: after(1) });
      const pool = aPool({ nodeImageVersion: images.new });
      expect(settle(attempt, { pool, operation: 'succeeded' }, now)).toBeUndefined();
    },
  );

  it('takes the image that ARM installed, though it is newer than the one that was latest before', () => {
    const pool = aPool({ nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202601.13.0' });
    expect(settle(anAttempt(), { pool }, after(2))).toBe('succeeded');
  });

  const anyPool = fc
    .record({
      provisioningState: fc.constantFrom(
        'Succeeded',
        'Failed',
        'Canceled',
        'UpgradingNodeImageVersion',
        'Scaling',
        'Canceling',
        'Unheard-of',
      ),
      nodeImageVersion: fc.constantFrom(images.older, images.old, images.new, undefined),
      eTag: fc.constantFrom('etag-1', 'etag-2', undefined),
    })
    .map((pool) => aPool(pool));
  const anyAttempt = fc
    .record({
      state: fc.constantFrom('intended' as const, 'unclear' as const, 'running' as const),
      eTag: fc.constantFrom('etag-1', undefined),
    })
    .map(({ state, eTag }): Attempt => {
      const { eTag: _eTag, ...attempt }: Attempt = state === 'running' ? anAttempt() : anUnansweredAttempt({ state });
      return eTag ? { ...attempt, eTag } : attempt;
    });
  const anyOperation = fc.constantFrom(...Object.values(O));
  const anyMinutes = fc.integer({ min: -10, max: 600 });

  it('never says notStarted unless the eTag is there and unchanged, and the request was not accepted', () => {
    fc.assert(
      fc.property(anyAttempt, anyPool, anyOperation, anyMinutes, (attempt, pool, operation, minutes) => {
        if (settle(attempt, { pool, operation }, after(minutes)) !== 'notStarted') return;
        expect(attempt.eTag).toBeDefined();
        expect(pool.eTag).toBe(attempt.eTag);
        expect(pool.nodeImageVersion).toBe(attempt.from);
        expect(attempt.state).not.toBe('running');
      }),
      { numRuns: 2000 },
    );
  });

  it('never settles while the pool or the operation is busy, or on a read from before the request', () => {
    fc.assert(
      fc.property(anyAttempt, anyPool, anyOperation, anyMinutes, (attempt, pool, operation, minutes) => {
        if (settle(attempt, { pool, operation }, after(minutes)) === undefined) return;
        expect(isTerminal(pool.provisioningState)).toBe(true);
        expect(operation).not.toBe('inProgress');
        const requested = Temporal.Instant.from(attempt.acceptedAt ?? attempt.intendedAt);
        expect(Temporal.Instant.compare(requested, after(minutes))).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('always ends: ten minutes of a pool that stands still, with its image known, settle every attempt', () => {
    fc.assert(
      fc.property(anyAttempt, anyPool, anyOperation, (attempt, pool, operation) => {
        fc.pre(isTerminal(pool.provisioningState) && pool.nodeImageVersion !== undefined && operation !== 'inProgress');
        expect(settle(attempt, { pool, operation }, after(10))).toBeDefined();
      }),
    );
  });
});

describe('evolve', () => {
  it('accepted: running, with the URL to follow', () => {
    const attempt = anUnansweredAttempt();
    const operationUrl = 'https://management.azure.com/operations/2';
    expect(evolve(attempt, { kind: 'accepted', at: after(1), operationUrl })).toEqual({
      ...attempt,
      state: 'running',
      acceptedAt: after(1).toString(),
      operationUrl,
    });
  });

  it('accepted with 200, which has no operation', () => {
    const evolved = evolve(anUnansweredAttempt(), { kind: 'accepted', at: after(1) });
    expect(evolved.state).toBe('running');
    expect(evolved.operationUrl).toBeUndefined();
  });

  it('no answer: unclear, and all else as it was', () => {
    expect(evolve(anUnansweredAttempt(), { kind: 'unclear' })).toEqual(anUnansweredAttempt({ state: 'unclear' }));
  });
});

it('a young roll among many is looked at once in five minutes, an old one or one without a date at every minute', () => {
  const attempt = { ...anAttempt(), acceptedAt: now, estimateMinutes: 30 };
  const due = (minutes: number) => isLookDue(attempt, after(minutes));
  expect([0, 1, 3, 4, 5, 9, 14, 15, 16, 31, -3].filter(due)).toEqual([4, 9, 14, 15, 16, 31, -3]);
  expect(isLookDue({ ...attempt, acceptedAt: undefined }, now)).toBe(true);
});
