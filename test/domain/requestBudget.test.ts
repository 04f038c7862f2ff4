import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availableAt, close, fullBudget, spend, tokensAt } from '../../shared/domain/requestBudget.ts';
import { after, now } from '../builders.ts';

const empty = spend(fullBudget(now), 60, now);

describe('the request budget of a subscription', () => {
  it.each([
    ['full at first', fullBudget(now), now, 60],
    ['never more than the bucket holds', fullBudget(now), after(600), 60],
    ['empty when spent', empty, now, 0],
    ['one more a second', empty, now.add({ seconds: 7 }), 7],
    ['not half of one', empty, now.add({ milliseconds: 1500 }), 1],
    ['in debt, paid first', spend(fullBudget(now), 70, now), now.add({ seconds: 12 }), 2],
    ['closed by a 429', close(fullBudget(now), 30, now), now.add({ seconds: 29 }), 0],
    ['open again, and empty', close(fullBudget(now), 30, now), now.add({ seconds: 30 }), 0],
    ['and then refilled', close(fullBudget(now), 30, now), now.add({ seconds: 33 }), 3],
    ['a clock that is behind refills nothing', empty, now.subtract({ seconds: 30 }), 0],
  ])('%s', (_what, budget, at, tokens) => {
    expect(tokensAt(budget, at)).toBe(tokens);
  });

  it('a second 429 never opens it earlier', () => {
    const closed = close(close(fullBudget(now), 300, now), 10, now.add({ seconds: 5 }));
    expect(tokensAt(closed, now.add({ seconds: 299 }))).toBe(0);
  });

  it.each([
    ['at once when there are enough', fullBudget(now), undefined],
    ['when the missing ones are there', spend(fullBudget(now), 59, now), now.add({ seconds: 2 })],
    ['after a 429, when it has refilled', close(fullBudget(now), 30, now), now.add({ seconds: 33 })],
  ])('a start may go %s', (_what, budget, expected) => {
    expect(availableAt(budget, 3, now)?.toString()).toBe(expected?.toString());
  });

  it('spends no more than the bucket and its refill over any time', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(90), fc.nat(60)), { maxLength: 40 }), (steps) => {
        let [at, budget, spent] = [now, fullBudget(now), 0];
        for (const [seconds, wanted] of steps) {
          at = at.add({ seconds });
          const granted = Math.min(wanted, Math.max(tokensAt(budget, at), 0));
          budget = spend(budget, granted, at);
          spent += granted;
        }
        expect(spent).toBeLessThanOrEqual(60 + now.until(at).total('seconds'));
      }),
    );
  });
});
