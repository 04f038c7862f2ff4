import { describe, expect, it } from 'vitest';
import { poolStale, reportReady, ringsWaiting, windowsMissed } from '../../../shared/domain/notification/conditions.ts';
import { notificationSchemas } from '../../../shared/domain/notification/notification.ts';
import { startAhead, upgradeAhead } from '../../../shared/domain/notification/upgradeAhead.ts';
import type { Decision } from '../../../shared/domain/plan/decision.ts';
import { lastCompleteWeek } from '../../../shared/domain/report/isoWeek.ts';
import { after, at, clusterId, images, now } from '../../builders.ts';
import { aDecision, aReportPool, behind } from '../report/facts.ts';

const valid = (one: { readonly type: keyof typeof notificationSchemas; readonly data: unknown }) =>
  notificationSchemas[one.type].safeParse(one.data).success;

describe('a pool out of policy', () => {
  const stale = (since: string, overrides: Partial<Decision> = {}) => {
    const decision = behind({ decidedAt: since, ...overrides });
    return poolStale(aReportPool({ decision }), since, { mode: 'enforce', stale: { days: 10 } }, now);
  };

  it.each([
    ['behind for longer', '2026-01-01T00:00:00Z', 'stale'],
    ['behind for as long', '2026-01-04T00:00:00Z', undefined],
    ['just behind', '2026-01-14T00:00:00Z', undefined],
  ])('%s than the policy allows', (_what, since, status) => {
    expect(stale(since)?.data.status).toBe(status);
  });

  it('is told once for its image, its status and the day since when it is behind', () => {
    const [one, other] = [stale('2026-01-01T01:00:00Z'), stale('2026-01-01T00:00:00Z', { reason: 'held' })];
    expect(one && valid(one)).toBe(true);
    expect(one?.id).toBe(other?.id);
    expect(one?.id).toMatch(/^stale\|.*\|apps\|AKSUbuntu/);
    // Rolled back, and stale again.
    expect(stale('2026-01-02T00:00:00Z')?.id).not.toBe(one?.id);
  });
});

it('a ring waits for each release once, whatever the family', () => {
  const waiting = (overrides: Partial<Decision>) =>
    aDecision({ reason: 'approvalNeeded', verdict: 'wait', ring: 'Prod', latest: images.new, ...overrides });
  const told = ringsWaiting([
    waiting({}),
    waiting({ nodePool: 'more', latest: 'AKSAzureLinux-V3gen2-202601.07.0' }),
    waiting({ ring: 'prod', latest: images.old }),
    waiting({ reason: 'outsideWindow' }),
    waiting({ ring: 'early', also: [{ reason: 'ringWaiting', sentence: 'Ring dev goes first.' }] }),
    waiting({ ring: 'dev', latest: 'odd' }),
  ]);
  expect(told.map(({ id, data }) => [id, data.pools])).toEqual([
    ['approval|prod|202601.07.0', 2],
    ['approval|prod|202512.18.0', 1],
  ]);
  expect(told.every(valid)).toBe(true);
});

it('each occurrence that was missed for one reason is told by itself', () => {
  const windows = ['13', '14'].map((day) => ({
    opensAt: `2026-01-${day}T01:00:00Z`,
    closesAt: `2026-01-${day}T05:00:00Z`,
  }));
  const told = windowsMissed([
    {
      cluster: clusterId,
      nodePool: 'apps',
      windows,
      current: images.old,
      latest: images.new,
      reason: 'held',
      sentence: 'Held.',
    },
  ]);
  expect(told.map(({ id, time }) => [id.split('|').at(-1), time])).toEqual(
    windows.map(({ opensAt, closesAt }) => [opensAt, closesAt]),
  );
  expect(told.every(valid)).toBe(true);
});

it('a report is told in the name of its week', () => {
  const told = reportReady(lastCompleteWeek(now));
  expect([told.id, told.time, valid(told)]).toEqual(['report|2026-W02', '2026-01-12T00:00:00Z', true]);
});

describe('a start ahead', () => {
  const waits = (nextEligibleAt: string | undefined, overrides: Partial<Decision> = {}) =>
    behind({ decidedAt: now.toString(), ...(nextEligibleAt !== undefined && { nextEligibleAt }), ...overrides });
  const startsAt = (opensAt: string) => (moment: { toString: () => string }) =>
    behind({
      reason: 'start',
      verdict: 'start',
      decidedAt: moment.toString(),
      window: { opensAt, closesAt: at(opensAt).add({ hours: 4 }).toString() },
      estimateMinutes: 30,
    });
  const hours = (count: number) => now.add({ hours: count }).toString();

  it.each([
    [1, '24 hours'],
    [24, '24 hours'],
    [25, '7 days'],
    [7 * 24, '7 days'],
    [7 * 24 + 1, undefined],
    [-1, undefined],
  ])('of an occurrence that opens in %i hours is told %s before', (ahead, lead) => {
    const found = startAhead(waits(hours(ahead)), startsAt(hours(ahead)), now);
    expect(found?.lead).toBe(lead);
    if (!found) return;
    const told = upgradeAhead(found, { wouldStart: true, checks: [], off: [] }, now);
    expect([valid(told), told.id]).toEqual([true, found.id]);
  });

  it('is sought behind all that lifts by itself', () => {
    const [soaked, opens] = [hours(10), hours(30)];
    const found = startAhead(
      waits(soaked, { reason: 'ringWaiting' }),
      (moment) => (moment.toString() === soaked ? waits(opens, { decidedAt: soaked }) : startsAt(opens)(moment)),
      now,
    );
    expect(found?.window.opensAt).toBe(opens);
  });

  it.each<[what: string, decision: Decision, decide: () => Decision | undefined]>([
    ['nobody knows when the reason lifts', waits(undefined), () => undefined],
    ['it starts now', waits(hours(5), { reason: 'start' }), () => undefined],
    ['something else stands in the way then', waits(hours(5)), () => waits(undefined, { reason: 'observeOnly' })],
    ['the same moment is named again', waits(hours(5)), () => waits(hours(5), { decidedAt: hours(5) })],
    ['the pool is no longer there', waits(hours(5)), () => undefined],
  ])('is none where %s', (_what, decision, decide) => {
    expect(startAhead(decision, decide, now)).toBeUndefined();
  });

  it('has an id for each occurrence and each of the two notices', () => {
    const ids = [1, 23, 25, 49].map((ahead) => startAhead(waits(hours(ahead)), startsAt(hours(ahead)), now)?.id);
    expect(new Set(ids).size).toBe(4);
    expect(after(60).toString()).toBe(hours(1));
  });
});
