// Short words for decisions, states and times.
import { describe, expect, it } from 'vitest';
import { decisionWords, stateWords, timeWords } from '../../../local/view/shortWords.ts';
import { now, pool } from './shownPool.ts';

describe('short words', () => {
  it.each([
    ['wait', 'outsideWindow', '2026-11-21T02:16:00Z', 'opens 02:16'],
    ['wait', 'retryLater', '2026-11-21T03:00:00Z', 'retry later, again 03:00'],
    ['blocked', 'noWindow', undefined, 'no window'],
    ['wait', 'aReasonToCome', undefined, 'a reason to come'],
  ])('%s %s until %s: %s', (verdict, reason, nextEligibleAt, expected) => {
    const decision = { verdict, reason, ...(nextEligibleAt !== undefined && { nextEligibleAt }) };
    expect(decisionWords(pool('c', 'p', verdict, reason, { decision }), now)).toBe(expected);
  });

  it.each([
    ['2026-11-22T02:15:29Z', '02:15'],
    ['2026-11-22T02:15:30Z', 'Sun 02:15'],
    ['2026-11-28T02:15:30Z', '28 Nov'],
    ['2027-01-05T00:00:00Z', '5 Jan'],
  ])('%s is %s', (time, expected) => {
    expect(timeWords(new Date(time), now)).toBe(expected);
  });

  it.each([
    ['Succeeded', 'Running', 'ready'],
    ['Succeeded', 'Stopped', 'stopped'],
    ['UpgradingNodeImageVersion', 'Running', 'upgrading'],
    ['Failed', undefined, 'failed'],
  ])('%s and %s is %s', (provisioningState, powerState, expected) => {
    const more = { provisioningState, ...(powerState !== undefined && { powerState }) };
    expect(stateWords(pool('c', 'p', 'wait', 'poolOrder', more))).toBe(expected);
  });
});
