import { describe, expect, it } from 'vitest';
import {
  preflightVerdict,
  type StarterVerdict,
  stillHolds,
  verdictOf,
} from '../../../shared/domain/attempt/starterVerdict.ts';
import { after, now } from '../../builders.ts';

const conflict = { status: 409, code: 'OperationNotAllowed', message: 'Another operation is in progress.' };

/** The verdicts of so many 409s, each met when the one before let the pool try again, or on the next day. */
function conflicts(count: number, minutesBetween?: number): StarterVerdict[] {
  const verdicts: StarterVerdict[] = [];
  let at = now;
  for (let met = 0; met < count; met += 1) {
    const verdict = verdictOf('apps', conflict, verdicts.at(-1), at);
    verdicts.push(verdict);
    at = minutesBetween === undefined ? at : at.add({ minutes: minutesBetween });
  }
  return verdicts;
}

describe('after a refusal', () => {
  it.each([
    ['429 with Retry-After', { status: 429, code: 'Throttled', message: '', retryAfterSeconds: 90 }, 1.5],
    ['429 with one of 31 years: an hour', { status: 429, code: 'Throttled', message: '', retryAfterSeconds: 1e9 }, 60],
    ['429 with one that is none', { status: 429, code: 'Throttled', message: '', retryAfterSeconds: Number.NaN }, 1],
    ['429 without', { status: 429, code: 'Throttled', message: '' }, 1],
    [
      '403 with a longer Retry-After',
      { status: 403, code: 'AuthorizationFailed', message: '', retryAfterSeconds: 2400 },
      40,
    ],
    [
      '409 for a lock with a longer Retry-After',
      { status: 409, code: 'ScopeLocked', message: '', retryAfterSeconds: 2400 },
      40,
    ],
    ['403 with a shorter', { status: 403, code: 'AuthorizationFailed', message: '', retryAfterSeconds: 9 }, 30],
    ['403', { status: 403, code: 'AuthorizationFailed', message: '' }, 30],
    ['404', { status: 404, code: 'NotFound', message: '' }, 30],
    ['409 of a lock', { status: 409, code: 'ScopeLocked', message: '' }, 30],
    ['409 of a policy', { status: 409, code: 'RequestDisallowedByPolicy', message: '' }, 30],
  ])('%s: retryLater', (_what, refused, minutes) => {
    expect(verdictOf('apps', refused, undefined, now)).toMatchObject({
      reason: 'retryLater',
      retryAt: now.add({ seconds: minutes * 60 }).toString(),
      refused: { status: refused.status, code: refused.code },
    });
  });

  it('409s in a row: longer and longer, an hour at most', () => {
    const waits = conflicts(6).map(({ retryAt }) => now.until(retryAt).total('minutes'));
    expect(waits).toEqual([5, 10, 20, 40, 60, 60]);
  });

  it('409 with Retry-After: as long as ARM says', () => {
    const verdict = verdictOf('apps', { ...conflict, retryAfterSeconds: 20 }, undefined, now);
    expect(verdict).toMatchObject({ reason: 'clusterBusy', retryAt: now.add({ seconds: 20 }).toString() });
  });

  it('409 with a Retry-After of 31 years: an hour', () => {
    const verdict = verdictOf('apps', { ...conflict, retryAfterSeconds: 1e9 }, undefined, now);
    expect(verdict).toMatchObject({ reason: 'clusterBusy', retryAt: after(60).toString() });
  });

  it.each([
    ['retryLater', 60, true],
    ['retryLater', 121, false],
    ['clusterBusy', 40 * 1440, false],
    ['preflightFailed', 40 * 1440, false],
    ['unsupportedPool', 7 * 1440, true],
    ['unsupportedPool', 40 * 1440, false],
    ['retryLater', 0, false],
  ] as const)('a verdict of %s that is to hold for %i minutes more holds: %s', (reason, minutes, expected) => {
    const verdict = { nodePool: 'apps', reason, message: '', retryAt: after(minutes) };
    expect(stillHolds(verdict, now)).toBe(expected);
  });

  it.each([
    ['many in one night are a long operation', 40, 60, 'clusterBusy'],
    ['few over many days are bad luck', 11, 24 * 60, 'clusterBusy'],
    ['many over days are a pool that AKS does not upgrade', 12, 7 * 60, 'unsupportedPool'],
  ])('%s', (_what, count, minutesBetween, reason) => {
    expect(conflicts(count, minutesBetween).at(-1)?.reason).toBe(reason);
  });

  it('an unsupported pool is tried again after a week, and another refusal keeps it', () => {
    const verdict = conflicts(12, 7 * 60).at(-1);
    const later = now.add({ hours: 24 * 14 });
    expect(verdictOf('apps', conflict, verdict, later)).toMatchObject({ reason: 'unsupportedPool' });
    expect(verdict && now.until(verdict.retryAt).total('hours')).toBeGreaterThan(24 * 7);
  });
});

describe('after preflight refused', () => {
  it.each([
    ['half an hour', 240, 30],
    ['or until the occurrence ends', 12, 12],
  ])('%s', (_what, closesIn, minutes) => {
    expect(preflightVerdict('apps', 'No quota.', undefined, now, after(closesIn))).toEqual({
      nodePool: 'apps',
      reason: 'preflightFailed',
      message: 'No quota.',
      retryAt: after(minutes).toString(),
    });
  });

  it('no request was sent: the 409s before are still in a row', () => {
    const before = conflicts(3, 60).at(-1);
    const verdict = preflightVerdict('apps', 'No quota.', before, after(180), after(240));
    expect(verdictOf('apps', conflict, verdict, after(240)).conflicts).toEqual({ count: 4, since: now.toString() });
  });
});
