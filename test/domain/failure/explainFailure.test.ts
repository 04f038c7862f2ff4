import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainFailure } from '../../../shared/domain/failure/explainFailure.ts';
import { failureClasses } from '../../../shared/domain/failure/failure.ts';
import type { FailedWork } from '../../../shared/domain/failure/nextStep.ts';
import { clusterId, images } from '../../builders.ts';
import { realFailures } from './realFailures.ts';

const pool = { cluster: clusterId, nodePool: 'apps' };
const ours: FailedWork = { kind: 'attempt', outcome: 'failed', to: images.new, isMoved: false };
const others: FailedWork = { kind: 'others' };
const refused: FailedWork = { kind: 'refused', reason: 'retryLater', retryAt: '2026-01-14T02:00:00Z' };

describe('a failure as Azure words it', () => {
  it.each(realFailures)('%s', (_what, failure, expected, facts) => {
    const { class: found, remedy, raw } = explainFailure(failure, others, pool);
    expect(found).toBe(expected);
    for (const fact of facts) expect(remedy).toContain(fact);
    // One sentence.
    expect(remedy).toMatch(/^[A-Z].*[^.]\.$/);
    expect(remedy).not.toMatch(/\. [A-Z]/);
    expect(raw).toEqual({ code: failure.code, message: failure.message });
  });

  it('is of every class that an error of ARM can be of', () => {
    const covered = new Set(realFailures.map(([, , expected]) => expected));
    expect(failureClasses.filter((one) => !covered.has(one))).toEqual(['nodesBehind']);
  });
});

describe('whatever the error says', () => {
  const fragment = fc.oneof(
    fc.string({ unit: 'binary' }),
    // Halves of surrogate pairs too.
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    fc.constantFrom(...realFailures.flatMap(([, { code, message }]) => [code, message, JSON.stringify(message)])),
    fc.constantFrom(' blocked by pdb ', 'Code="', '\\"code\\":\\"', '/', 'subnet ', 'drain node ', "'", '{"name":'),
  );
  const text = fc.array(fragment, { maxLength: 6 }).map((parts) => parts.join(''));

  it('it is explained, and neither code nor message is lost', () => {
    fc.assert(
      fc.property(
        text,
        text,
        fc.option(fc.integer(), { nil: undefined }),
        fc.constantFrom(ours, others, refused),
        (code, message, status, work) => {
          const { class: found, remedy, next, raw } = explainFailure({ code, message, status }, work, pool);
          expect(failureClasses).toContain(found);
          expect(raw).toEqual({ code, message });
          expect(remedy.isWellFormed() && remedy.endsWith('.')).toBe(true);
          expect(next.endsWith('.')).toBe(true);
        },
      ),
    );
  });

  it.each([
    '\\',
    ' ',
    'subnet ',
    'subnet a ',
    '/',
    ' blocked by pdb ',
    '(A',
    'code: ',
    '"policyAssignment": {',
    "image '",
  ])('a hundred thousand of %j take no time', (part) => {
    const message = part.repeat(100_000);
    const started = performance.now();
    expect(explainFailure({ code: part, message }, ours, pool).raw.message).toBe(message);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('what the keeper does next', () => {
  const drain = { code: 'PodDrainFailure', message: '' };
  const busy = { status: 409, code: 'OperationNotAllowed', message: 'Another operation is in progress.' };
  const from = '2026-01-14T02:00:00Z';
  it.each<[string, typeof drain & { status?: number }, FailedWork, string]>([
    ['an attempt', drain, ours, 'up to 3 attempts at a release, each in a later occurrence'],
    ['the last attempt', drain, { ...ours, failures: 3 }, `3 attempts at ${images.new} without success, and awaits`],
    ['an attempt that moved the image', drain, { ...ours, isMoved: true }, `already names ${images.new}`],
    ['an attempt that was canceled', drain, { ...ours, outcome: 'canceled' }, 'nothing is started until its state'],
    ['a roll of others', drain, others, 'Repair the pool'],
    ['throttling', { status: 429, code: 'Throttled', message: '' }, refused, `from ${from}, when ARM takes requests`],
    ['a refusal', { status: 403, code: 'X', message: '' }, refused, `may try again from ${from}.`],
    ['another operation', busy, { ...refused, reason: 'clusterBusy' }, `from ${from}, and waits longer`],
    ['a pool refused for ever', busy, { ...refused, reason: 'unsupportedPool' }, `once a week, next from ${from}`],
    ['nodes that lag', { code: 'NodesBehind', message: '1 of 3.' }, ours, 'until its nodes run the image'],
  ])('%s', (_what, failure, work, next) => {
    expect(explainFailure(failure, work, pool).next).toContain(next);
  });

  it('an endless conflict is a pool that AKS does not upgrade, a lock stays a lock', () => {
    const endless = { ...refused, reason: 'unsupportedPool' } as const;
    expect(explainFailure(busy, endless, pool).class).toBe('unsupportedPool');
    expect(explainFailure({ ...busy, code: 'ScopeLocked' }, endless, pool).class).toBe('scopeLocked');
  });
});
