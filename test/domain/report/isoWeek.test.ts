import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { lastCompleteWeek, parseIsoWeek, weekAt } from '../../../shared/domain/report/isoWeek.ts';
import { at } from '../../builders.ts';

describe('an ISO week', () => {
  it.each([
    ['2026-W01', '2025-12-29', '2026-01-05'],
    ['2026-W47', '2026-11-16', '2026-11-23'],
    ['2026-W53', '2026-12-28', '2027-01-04'],
    ['2024-W01', '2024-01-01', '2024-01-08'],
    ['2020-W53', '2020-12-28', '2021-01-04'],
  ])('%s is from %s to %s', (name, from, to) => {
    const week = parseIsoWeek(name);
    expect([String(week?.from), String(week?.to)]).toEqual([`${from}T00:00:00Z`, `${to}T00:00:00Z`]);
  });

  it.each(['2025-W53', '2026-W00', '2026-W54', '2026-W1', '2026-47', '2026-w47', '2026-W47 ', '', 'now', '0000-W01'])(
    '"%s" is none',
    (name) => {
      expect(parseIsoWeek(name)).toBeUndefined();
    },
  );

  it.each([
    ['2026-11-23T00:00:00Z', '2026-W48', '2026-W47'],
    ['2026-11-22T23:59:59.999Z', '2026-W47', '2026-W46'],
    ['2027-01-04T06:00:00Z', '2027-W01', '2026-W53'],
  ])('at %s it is %s, and %s is over', (now, current, last) => {
    expect([weekAt(at(now)).name, lastCompleteWeek(at(now)).name]).toEqual([current, last]);
  });

  it('holds every instant in exactly one week, whose name leads back to it', () => {
    const anInstant = fc
      .integer({ min: Date.UTC(1971), max: Date.UTC(2200) })
      .map((ms) => Temporal.Instant.fromEpochMilliseconds(ms));
    fc.assert(
      fc.property(anInstant, (instant) => {
        const week = weekAt(instant);
        expect(Temporal.Instant.compare(week.from, instant)).toBeLessThanOrEqual(0);
        expect(Temporal.Instant.compare(instant, week.to)).toBeLessThan(0);
        expect(String(parseIsoWeek(week.name)?.from)).toBe(String(week.from));
        expect(weekAt(week.to).name > week.name).toBe(true);
      }),
      { seed: 47 },
    );
  });
});
