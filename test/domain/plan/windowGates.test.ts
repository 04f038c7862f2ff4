import { describe, expect, it } from 'vitest';
import type { PoolHead } from '../../../shared/domain/ledger/heads.ts';
import type { Decision } from '../../../shared/domain/plan/decision.ts';
import { aPool, aPoolHead, at, aWindow, aWindowReading, images } from '../../builders.ts';
import { aClusterFacts, decide, enforce, refusals } from '../rings/aClusterFacts.ts';

/** A pool that rolls a node in ten minutes, one after the other; the window is daily from 01:00 to 05:00 UTC. */
function decideAt(
  time: string,
  {
    window = {},
    nodes = 3,
    lastAttempt,
  }: {
    window?: object;
    nodes?: number;
    lastAttempt?: PoolHead['lastAttempt'];
  } = {},
): Decision {
  const heads = [aPoolHead(lastAttempt ? { lastAttempt } : {})];
  return decide(
    aClusterFacts({ window, nodePools: [aPool({ count: nodes, maxSurge: '1' })], heads }),
    enforce,
    at(time),
  );
}

const windowJson = aWindow();
const every = (intervalDays: number) => ({ daily: { intervalDays } });
const decideOn = (maintenanceWindow: unknown) =>
  decide({ ...aClusterFacts(), window: { value: aWindowReading({ maintenanceWindow }) } });

describe('the configuration', () => {
  it.each<[string, unknown, string, readonly string[]]>([
    ['none', undefined, 'noWindow', ['aksManagedNodeOSUpgradeSchedule', 'Add one']],
    ['null', null, 'windowUnreadable', ['missing', 'Correct it']],
    ['an unknown kind of schedule', { ...windowJson, schedule: { hourly: {} } }, 'windowUnreadable', ['hourly']],
    ['too short', { ...windowJson, durationHours: 3 }, 'windowUnreadable', ['durationHours is 3; allowed is']],
    [
      'more wrong than is worth telling',
      { schedule: {}, utcOffset: 1 },
      'windowUnreadable',
      ['schedule is empty', 'And 1 more'],
    ],
    [
      'wrong besides lacking its startDate',
      { ...windowJson, schedule: every(2), durationHours: 3 },
      'windowUnreadable',
      ['durationHours', 'startDate'],
    ],
    [
      'an interval without startDate',
      { ...windowJson, schedule: every(2) },
      'windowNotAnchored',
      ['startDate is missing', 'interval of 1'],
    ],
    [
      'an interval with startDate',
      { ...windowJson, schedule: every(2), startDate: '2026-01-12' },
      'windowNotAnchored',
      ['every 2 days, 01:00 to 05:00, UTC', 'interval of 1'],
    ],
  ])('%s: blocked', (_what, maintenanceWindow, reason, says) => {
    const decision = decideOn(maintenanceWindow);
    expect(decision).toMatchObject({ verdict: 'blocked', reason, also: [] });
    for (const fact of says) expect(decision.sentence).toContain(fact);
    expect(decision.sentence).toMatch(/[^.]\.$/);
  });
});

describe('edges: nothing in the first and the last 60 s', () => {
  const tomorrow = '2026-01-15T01:00:00Z';

  it.each<[string, string, readonly string[], string | undefined]>([
    ['before it opens', '2026-01-14T00:59:59.999Z', ['outsideWindow'], '2026-01-14T01:00:00Z'],
    ['at its opening', '2026-01-14T01:00:00Z', ['outsideWindow'], '2026-01-14T01:01:00Z'],
    ['1 ms before the first edge', '2026-01-14T01:00:59.999Z', ['outsideWindow'], '2026-01-14T01:01:00Z'],
    ['at the first edge', '2026-01-14T01:01:00Z', [], undefined],
    ['1 ms after the first edge', '2026-01-14T01:01:00.001Z', [], undefined],
    ['1 ms before the last edge', '2026-01-14T04:58:59.999Z', ['windowClosing'], tomorrow],
    ['at the last edge', '2026-01-14T04:59:00Z', ['outsideWindow', 'windowClosing'], tomorrow],
    ['1 ms after the last edge', '2026-01-14T04:59:00.001Z', ['outsideWindow', 'windowClosing'], tomorrow],
    ['1 ms before it closes', '2026-01-14T04:59:59.999Z', ['outsideWindow', 'windowClosing'], tomorrow],
    ['when it closes', '2026-01-14T05:00:00Z', ['outsideWindow'], tomorrow],
  ])('%s', (_what, time, reasons, nextEligibleAt) => {
    const decision = decideAt(time);
    expect(refusals(decision)).toEqual(reasons);
    expect(decision).toMatchObject(reasons.length > 0 ? { verdict: 'wait', nextEligibleAt } : { verdict: 'start' });
  });

  it.each<[string, string, string]>([
    [
      'closed',
      '2026-01-14T00:30:00Z',
      'The window (every day, 01:00 to 05:00, UTC) is closed; it next opens at 2026-01-14T01:00:00Z.',
    ],
    [
      'just open',
      '2026-01-14T01:00:10Z',
      'The window opened at 2026-01-14T01:00:00Z; nothing is started in its first 60 s.',
    ],
    [
      'almost closed',
      '2026-01-14T04:59:10Z',
      'The window closes at 2026-01-14T05:00:00Z; nothing is started in its last 60 s.',
    ],
  ])('says so: %s', (_what, time, sentence) => {
    expect(decideAt(time).sentence).toBe(sentence);
  });

  it('says when a window never opens again', () => {
    const decision = decideAt('2026-01-14T01:30:00Z', {
      window: { notAllowedDates: [{ start: '2020-01-01', end: '9999-12-31' }] },
    });
    expect(decision).toMatchObject({ reason: 'notAllowedDate' });
    expect(decision.sentence).toContain('never opens again');
    expect(decision.nextEligibleAt).toBeUndefined();
  });
});

describe('notAllowedDates', () => {
  const freeze = { notAllowedDates: [{ start: '2026-01-14', end: '2026-01-15' }] };
  // 22:00 to 02:00: its second half, or its first, is all that is left at the ends of the freeze.
  const overnight = { ...freeze, startTime: '22:00' };

  it.each<[string, string, object, string, string | undefined]>([
    ['a blocked occurrence', '2026-01-14T01:30:00Z', freeze, 'notAllowedDate', '2026-01-16T01:00:00Z'],
    ['the day before', '2026-01-13T01:30:00Z', freeze, 'start', undefined],
    [
      '1 ms before the freeze, in an occurrence',
      '2026-01-13T23:59:59.999Z',
      overnight,
      'outsideWindow',
      '2026-01-16T00:00:00Z',
    ],
    [
      'at the start of the freeze, in an occurrence',
      '2026-01-14T00:00:00Z',
      overnight,
      'notAllowedDate',
      '2026-01-16T00:00:00Z',
    ],
    [
      'the last ms of the freeze, in an occurrence',
      '2026-01-15T23:59:59.999Z',
      overnight,
      'notAllowedDate',
      '2026-01-16T00:00:00Z',
    ],
    [
      '1 ms before the edge after the freeze',
      '2026-01-16T00:00:59.999Z',
      overnight,
      'outsideWindow',
      '2026-01-16T00:01:00Z',
    ],
    ['at the edge after the freeze', '2026-01-16T00:01:00Z', overnight, 'start', undefined],
    ['between occurrences', '2026-01-14T12:00:00Z', freeze, 'outsideWindow', '2026-01-16T01:00:00Z'],
  ])('%s', (_what, time, window, reason, nextEligibleAt) => {
    const decision = decideAt(time, { window });
    expect([decision.reason, decision.nextEligibleAt]).toEqual([reason, nextEligibleAt]);
  });

  it('waits, naming the occurrence and the next opening', () => {
    const decision = decideAt('2026-01-14T01:30:00Z', { window: freeze });
    expect(decision).toMatchObject({ verdict: 'wait', also: [] });
    for (const fact of [
      'from 2026-01-14T01:00:00Z to 2026-01-14T05:00:00Z',
      'notAllowedDates',
      'opens at 2026-01-16T01:00:00Z',
    ]) {
      expect(decision.sentence).toContain(fact);
    }
  });
});

describe('windowClosing', () => {
  // The day after the 14th is blocked from 00:00 on: two hours are left of the occurrence that opens at 22:00.
  const cutAtItsEnd = { startTime: '22:00', notAllowedDates: [{ start: '2026-01-15', end: '2026-01-15' }] };
  const cutAtItsBeginning = { startTime: '22:00', notAllowedDates: [{ start: '2026-01-14', end: '2026-01-14' }] };

  // What is expected: start, overrun (a start that will overrun), or else when the next start is possible.
  it.each<[string, string, number, object, string]>([
    ['just enough time', '2026-01-14T04:30:00Z', 3, {}, 'start'],
    ['1 ms too little', '2026-01-14T04:30:00.001Z', 3, {}, '2026-01-15T01:00:00Z'],
    ['a roll of 220 min, in time', '2026-01-14T01:20:00Z', 22, {}, 'start'],
    [
      'a roll of 220 min, late: it fits the next occurrence',
      '2026-01-14T01:20:00.001Z',
      22,
      {},
      '2026-01-15T01:00:00Z',
    ],
    ['a roll of 230 min that fits now', '2026-01-14T01:10:00Z', 23, {}, 'start'],
    ['a roll of 230 min, which a pass might never meet in time', '2026-01-14T01:10:00.001Z', 23, {}, 'overrun'],
    ['a roll as long as the window', '2026-01-14T01:01:00Z', 24, {}, 'overrun'],
    ['a roll longer than the window, early', '2026-01-14T01:29:59.999Z', 60, {}, 'overrun'],
    ['a roll longer than the window, after half an hour', '2026-01-14T01:30:00Z', 60, {}, '2026-01-15T01:00:00Z'],
    ['what is left before a freeze is enough', '2026-01-14T22:30:00Z', 9, cutAtItsEnd, 'start'],
    ['what is left before a freeze is too little', '2026-01-14T22:30:00.001Z', 9, cutAtItsEnd, '2026-01-16T00:00:00Z'],
    [
      'what is left after a freeze is too little as well',
      '2026-01-14T22:30:00.001Z',
      12,
      cutAtItsEnd,
      '2026-01-16T22:00:00Z',
    ],
    [
      'a roll that fits no occurrence never runs into a freeze',
      '2026-01-14T22:05:00Z',
      60,
      cutAtItsEnd,
      '2026-01-16T00:00:00Z',
    ],
    ['a roll that fits no occurrence, after a freeze', '2026-01-15T00:29:59.999Z', 60, cutAtItsBeginning, 'overrun'],
    [
      'a roll that fits no occurrence, half an hour after a freeze',
      '2026-01-15T00:30:00Z',
      60,
      cutAtItsBeginning,
      '2026-01-15T22:00:00Z',
    ],
    [
      'a roll that fits an occurrence, but not what a freeze left',
      '2026-01-15T00:05:00Z',
      13,
      cutAtItsBeginning,
      '2026-01-15T22:00:00Z',
    ],
  ])('%s', (_what, time, nodes, window, expected) => {
    const decision = decideAt(time, { window, nodes });
    if (expected === 'start') expect(decision.willOverrun).toBeUndefined();
    if (expected === 'overrun')
      expect(decision).toMatchObject({ willOverrun: true, sentence: expect.stringContaining('overrun') });
    if (expected === 'start' || expected === 'overrun') expect(decision.reason).toBe('start');
    else
      expect(decision).toMatchObject({ verdict: 'wait', reason: 'windowClosing', also: [], nextEligibleAt: expected });
  });

  it.each<[string, string, number, object, readonly string[]]>([
    [
      'too late',
      '2026-01-14T04:45:00Z',
      3,
      {},
      ['closes at 2026-01-14T05:00:00Z, in 15 minutes; the roll takes about 30.'],
    ],
    [
      'too long',
      '2026-01-14T02:00:00Z',
      60,
      {},
      ['takes about 600. It fits no occurrence', 'first 30 minutes', 'opened at 2026-01-14T01:00:00Z'],
    ],
    ['cut short', '2026-01-14T23:00:00Z', 9, cutAtItsEnd, ['2026-01-15T00:00:00Z', 'cut short by its notAllowedDates']],
  ])('says so: %s', (_what, time, nodes, window, says) => {
    for (const fact of says) expect(decideAt(time, { window, nodes }).sentence).toContain(fact);
  });
});

describe('alreadyStartedThisWindow', () => {
  const attempt = (
    opensAt: string,
    closesAt: string,
    outcome: 'failed' | 'unknown' | 'succeeded' | 'notStarted' = 'failed',
  ) => ({
    id: 'a-1',
    opensAt: at(`2026-01-${opensAt}:00Z`),
    closesAt: at(`2026-01-${closesAt}:00Z`),
    outcome,
    to: images.new,
    failures: 1,
  });

  it.each<[string, NonNullable<PoolHead['lastAttempt']>, string]>([
    ['this occurrence', attempt('14T01:00', '14T05:00'), 'alreadyStartedThisWindow'],
    ['this occurrence, outcome unknown', attempt('14T01:00', '14T05:00', 'unknown'), 'alreadyStartedThisWindow'],
    ['this occurrence, with success', attempt('14T01:00', '14T05:00', 'succeeded'), 'alreadyStartedThisWindow'],
    ['this occurrence, but no request reached ARM', attempt('14T01:00', '14T05:00', 'notStarted'), 'start'],
    ['the day before', attempt('13T01:00', '13T05:00'), 'start'],
    ['an occurrence that ended when this one opened', attempt('13T21:00', '14T01:00'), 'start'],
    [
      'an occurrence that overlaps this one by a minute: the window was moved',
      attempt('13T21:01', '14T01:01'),
      'alreadyStartedThisWindow',
    ],
    [
      'an occurrence that opened a minute before this one closes',
      attempt('14T04:59', '14T08:59'),
      'alreadyStartedThisWindow',
    ],
    ['an occurrence that opens when this one closes', attempt('14T05:00', '14T09:00'), 'start'],
  ])('%s', (_what, lastAttempt, reason) => {
    const decision = decideAt('2026-01-14T03:00:00Z', { lastAttempt });
    expect(decision.reason).toBe(reason);
    if (reason === 'start') return;
    expect(decision).toMatchObject({ verdict: 'wait', also: [], nextEligibleAt: '2026-01-15T01:00:00Z' });
    for (const fact of ['a-1', lastAttempt.opensAt.toString(), lastAttempt.outcome])
      expect(decision.sentence).toContain(fact);
  });

  it('takes the occurrence, not the part of it that notAllowedDates leave', () => {
    const window = { startTime: '22:00', notAllowedDates: [{ start: '2026-01-14', end: '2026-01-14' }] };
    const lastAttempt = attempt('14T20:00', '14T23:00');
    expect(decideAt('2026-01-15T00:05:00Z', { window, lastAttempt }).reason).toBe('alreadyStartedThisWindow');
  });
});

const freezes = { notAllowedDates: [{ start: '2026-01-14', end: '2026-01-16' }] };

it.each<[string, object]>([
  ['two hours are left at its ends', { startTime: '22:00', ...freezes }],
  ['a minute is left at its end', { startTime: '20:01', ...freezes }],
  ['a minute is left at its beginning', { startTime: '23:59', ...freezes }],
])(
  'promises in nextEligibleAt an opening whose first minute alone keeps the same facts from starting, though of a freeze %s',
  (_what, window) => {
    for (const nodes of [3, 11, 13, 22, 23, 24, 60]) {
      for (let hours = 0; hours < 5 * 24; hours++) {
        const time = at('2026-01-13T00:00:00Z').add({ hours }).toString();
        const decision = decideAt(time, { window, nodes });
        if (decision.reason === 'start') continue;
        const then = decideAt(decision.nextEligibleAt ?? '', { window, nodes });
        if (then.reason === 'start') continue;
        expect(then.sentence, `${nodes} nodes at ${time}`).toContain('nothing is started in its first 60 s');
        expect(decideAt(then.nextEligibleAt ?? '', { window, nodes }).reason).toBe('start');
      }
    }
  },
);
