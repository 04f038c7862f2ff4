import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buckets, close, fullBudget, shareOf, spend, tokensAt } from '../../../shared/domain/attempt/requestBudget.ts';
import { after, at, now } from '../../builders.ts';

const bucket = buckets.upgrades;

const empty = spend(fullBudget(now, bucket), 60, now, bucket);

describe('the request budget of a subscription', () => {
  it.each([
    ['full at first', fullBudget(now, bucket), now, 60],
    ['never more than the bucket holds', fullBudget(now, bucket), after(600), 60],
    ['empty when spent', empty, now, 0],
    ['one more a second', empty, now.add({ seconds: 7 }), 7],
    ['one and a half', empty, now.add({ milliseconds: 1500 }), 1.5],
    ['in debt, paid first', spend(fullBudget(now, bucket), 70, now, bucket), now.add({ seconds: 12 }), 2],
    ['closed by a 429', close(fullBudget(now, bucket), 30, now), now.add({ seconds: 29 }), 0],
    ['open again, and empty', close(fullBudget(now, bucket), 30, now), now.add({ seconds: 30 }), 0],
    ['and then refilled', close(fullBudget(now, bucket), 30, now), now.add({ seconds: 33 }), 3],
    ['a clock that is behind refills nothing', empty, now.subtract({ seconds: 30 }), 0],
  ])('%s', (_what, budget, at, tokens) => {
    expect(tokensAt(budget, at, bucket)).toBe(tokens);
  });

  it('whose clock ran ahead by 40 days keeps nobody waiting for that date: the bucket may have filled', () => {
    const ahead = after(40 * 1440);
    for (const budget of [
      spend(fullBudget(ahead, bucket), 60, ahead, bucket),
      close(fullBudget(ahead, bucket), 300, ahead),
    ]) {
      expect(tokensAt(budget, now, bucket)).toBe(60);
      // And when the date comes, nothing of it is left.
      expect(spend(budget, 1, now, bucket)).toEqual({ tokens: 59, at: now.toString() });
    }
  });

  it('never waits longer than the bucket needs to fill, whenever it was last spent', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e7, max: 1e7 }), fc.nat(60), (secondsAhead, spent) => {
        const at = now.add({ seconds: secondsAhead });
        const budget = spend(fullBudget(at, bucket), spent, at, bucket);
        // At most a minute until its refill begins by our clock, and one to fill.
        expect(tokensAt(budget, now.add({ seconds: 120 }), bucket)).toBe(60);
      }),
    );
  });

  it.each([
    ['a Retry-After of 31 years', 1e9, now, 3600],
    ['one that no duration holds', 1e300, now, 3600],
    ['one without an end', Number.POSITIVE_INFINITY, now, 3600],
    ['a clock that is 40 days ahead of ARM', 1e9, after(-40 * 1440), 3601 - 40 * 86_400],
    ['a clock that is a little ahead of ARM', 300, now.subtract({ seconds: 20 }), 281],
    ['a Date that leaves out its fraction', 300, now.subtract({ milliseconds: 700 }), 300],
    ['a clock that is behind ARM', 300, after(10), 300],
    ['nothing that can be waited for', Number.NaN, now, 0],
    ['less than nothing', -5, now, 0],
  ])('a 429 with %s closes it from the earlier of both times, for an hour at most', (_what, wait, armDate, seconds) => {
    const { closedUntil } = close(fullBudget(now, bucket), wait, now, armDate);
    expect(closedUntil).toEqual(now.add({ seconds }));
  });

  it.each([
    [at('2058-07-01T00:00:00Z'), 60],
    [after(62), 60],
    [after(60), 0],
    [after(1), 0],
    [after(-1), 60],
  ])('closed until %s, as a row has it, leaves %i', (closedUntil, tokens) => {
    const budget = { tokens: 0, at: closedUntil, closedUntil };
    expect(tokensAt(budget, now, bucket)).toBe(tokens);
  });

  it('a second 429 never opens it earlier', () => {
    const closed = close(close(fullBudget(now, bucket), 300, now), 10, now.add({ seconds: 5 }));
    expect(tokensAt(closed, now.add({ seconds: 299 }), bucket)).toBe(0);
  });

  it('leaves people and their tools their share of it', () => {
    expect(shareOf(bucket, 10)).toEqual({ burst: 54, perSecond: 0.9 });
    expect(shareOf(bucket, 0)).toEqual(bucket);
  });

  it('spends no more than the bucket and its refill over any time', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(90), fc.nat(60)), { maxLength: 40 }), (steps) => {
        let [at, budget, spent] = [now, fullBudget(now, bucket), 0];
        for (const [seconds, wanted] of steps) {
          at = at.add({ seconds });
          const granted = Math.min(wanted, Math.max(Math.floor(tokensAt(budget, at, bucket)), 0));
          budget = spend(budget, granted, at, bucket);
          spent += granted;
        }
        expect(spent).toBeLessThanOrEqual(60 + now.until(at).total('seconds'));
      }),
    );
  });
});
