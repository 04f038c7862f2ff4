import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeStart } from '../../../shared/domain/ledger/judgeStart.ts';
import { at, aWindow, aWindowReading } from '../../builders.ts';

/** January 2026, UTC; the 14th is a Wednesday. */
const time = (text: string) => at(`2026-01-${text.slice(0, 2)}T${text.slice(3)}:00Z`);
const between = (after: string | null, notAfter: string) => ({
  startedBetween: [after === null ? null : time(after), time(notAfter)] as const,
});
const startedAt = (text: string) => ({
  startedAt: time(text),
  startedBetween: [time('13 00:00'), time('20 00:00')] as const,
});
const reading = (overrides: object = {}) => aWindowReading({ maintenanceWindow: aWindow(overrides) });

describe('judgeStart, window 01:00 to 05:00 every day', () => {
  it.each([
    ['known: at the opening', startedAt('14 01:00'), true],
    ['known: inside', startedAt('14 03:00'), true],
    ['known: in the last minute', startedAt('14 04:59'), true],
    ['known: at the close, which is outside', startedAt('14 05:00'), false],
    ['known: just before the opening', startedAt('14 00:59'), false],
    ['known: outside', startedAt('14 12:00'), false],
    ['inside', between('14 01:10', '14 01:20'), true],
    ['from the opening on', between('14 01:00', '14 04:59'), true],
    ['up to the close: that instant is outside', between('14 01:10', '14 05:00'), 'unknown'],
    ['outside', between('14 06:00', '14 07:00'), false],
    ['from the close on', between('14 05:00', '14 06:00'), false],
    ['across the opening', between('14 00:50', '14 01:10'), 'unknown'],
    ['up to the opening: that instant is inside', between('14 00:50', '14 01:00'), 'unknown'],
    ['up to just before the opening', between('14 00:50', '14 00:59'), false],
    ['across the close', between('14 04:50', '14 05:10'), 'unknown'],
    ['across a whole occurrence', between('14 00:30', '14 06:00'), 'unknown'],
    ['from one occurrence into the next', between('14 04:00', '15 02:00'), 'unknown'],
    ['an instant', between('14 03:00', '14 03:00'), true],
    ['an unknown lower bound, whatever the upper', between(null, '14 03:00'), 'unknown'],
    ['an unknown lower bound, upper outside', between(null, '14 12:00'), 'unknown'],
  ])('%s', (_what, start, expected) => {
    expect(judgeStart(start, reading()).inWindow).toBe(expected);
  });

  it('never says true or false when an instant of the interval would be judged otherwise', () => {
    const minute = fc.integer({ min: 0, max: 3 * 24 * 60 });
    const instant = (minutes: number) => at('2026-01-13T00:00:00Z').add({ minutes });
    fc.assert(
      fc.property(minute, minute, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, share) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const { inWindow } = judgeStart({ startedBetween: [instant(from), instant(to)] }, reading());
        if (inWindow === 'unknown') return;
        const some = instant(from + Math.round((to - from) * share));
        expect(judgeStart({ startedAt: some, startedBetween: [null, some] }, reading()).inWindow).toBe(inWindow);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('judgeStart, other windows', () => {
  const allDay = { durationHours: 24, startTime: '06:00' };
  const wednesdays = { schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Wednesday' } } };
  const everySecond = { schedule: { weekly: { intervalWeeks: 2, dayOfWeek: 'Wednesday' } }, startDate: '2026-01-01' };

  it.each([
    ['24 hours a day, across the seam of two occurrences', allDay, between('14 05:00', '14 07:00'), true],
    ['24 hours a day, for a week', allDay, between('13 12:00', '20 12:00'), true],
    [
      '24 hours a day, before it starts',
      { ...allDay, startDate: '2026-01-14' },
      between('13 12:00', '14 05:00'),
      false,
    ],
    [
      '24 hours a day, across its first opening',
      { ...allDay, startDate: '2026-01-14' },
      between('13 12:00', '14 07:00'),
      'unknown',
    ],
    ['24 hours on Wednesdays, into Thursday', { ...allDay, ...wednesdays }, between('14 12:00', '15 05:59'), true],
    ['24 hours on Wednesdays, beyond', { ...allDay, ...wednesdays }, between('14 12:00', '15 06:00'), 'unknown'],
    ['over midnight', { startTime: '22:00' }, between('14 23:30', '15 00:30'), true],
    ['in its own offset', { utcOffset: '+05:30' }, between('13 19:30', '13 20:00'), true],
    ['in its own offset, not in UTC', { utcOffset: '+05:30' }, between('14 01:30', '14 02:00'), false],
    [
      'on a date that is not allowed',
      { notAllowedDates: [{ start: '2026-01-14', end: '2026-01-14' }] },
      startedAt('14 03:00'),
      false,
    ],
    [
      '24 hours a day, across a date that is not allowed',
      { ...allDay, notAllowedDates: [{ start: '2026-01-15', end: '2026-01-15' }] },
      between('14 12:00', '16 12:00'),
      'unknown',
    ],
    [
      'cut short by a date that is not allowed',
      { startTime: '22:00', notAllowedDates: [{ start: '2026-01-15', end: '2026-01-15' }] },
      startedAt('15 00:30'),
      false,
    ],
    // AKS documents nowhere from which week it counts.
    ['every second week, on its day', everySecond, startedAt('14 03:00'), 'unknown'],
    ['every second week, on its day of the other week', everySecond, startedAt('07 03:00'), 'unknown'],
    ['every second week, on another day', everySecond, startedAt('15 03:00'), false],
    ['every second week, at another time', everySecond, startedAt('14 05:00'), false],
    [
      'every second week, without a start date',
      { ...everySecond, startDate: undefined },
      startedAt('15 03:00'),
      'unknown',
    ],
    ['unreadable', { durationHours: 2 }, startedAt('14 12:00'), 'unknown'],
  ])('%s', (_what, window, start, expected) => {
    expect(judgeStart(start, reading(window)).inWindow).toBe(expected);
  });
});

describe('judgeStart shows what it judged on', () => {
  const name = 'aksManagedNodeOSUpgradeSchedule';
  const { readAt } = aWindowReading();
  const maintenanceWindow = aWindow();

  it('the occurrence', () => {
    expect(judgeStart(startedAt('14 03:00'), reading()).window).toEqual({
      name,
      maintenanceWindow,
      readAt,
      opensAt: time('14 01:00'),
      closesAt: time('14 05:00'),
    });
  });

  it('no occurrence, when the start was in none', () => {
    expect(judgeStart(startedAt('14 12:00'), reading()).window).toEqual({ name, maintenanceWindow, readAt });
  });

  it('the configuration, though nobody can read it', () => {
    expect(judgeStart(startedAt('14 03:00'), aWindowReading({ maintenanceWindow: 'daily' }))).toEqual({
      inWindow: 'unknown',
      window: { name, maintenanceWindow: 'daily', readAt },
    });
  });

  it('a cluster that has no window: outside of one', () => {
    expect(judgeStart(startedAt('14 03:00'), { readAt })).toEqual({ inWindow: false });
  });

  it('a window that was never read: unknown, not outside', () => {
    expect(judgeStart(startedAt('14 03:00'), undefined)).toEqual({ inWindow: 'unknown' });
  });
});
