import { describe, expect, it } from 'vitest';
import type { HistoryRow } from '../../../shared/domain/ledger/ledger.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import { poolStanding } from '../../../shared/domain/report/poolStatus.ts';
import type { ReportFacts, ReportPool } from '../../../shared/domain/report/reportFacts.ts';
import { buildWeekReport } from '../../../shared/domain/report/weekReport.ts';
import { at, aWindow, clusterId, images } from '../../builders.ts';
import { aDecision, aReportPool, aRow, behind, reportFacts } from './facts.ts';

const build = (facts: Partial<ReportFacts>) => buildWeekReport(reportFacts(facts), true);
const day = (date: number, time = '00:00') => `2026-01-${String(date).padStart(2, '0')}T${time}:00Z`;
const chained = { sequence: 1, recordedAt: day(1), previousHash: 'a', hash: 'b' };
const unread = 'AKSUbuntu-nobody-reads';

describe('where a pool stands', () => {
  // 19 January: images.old is of 18 December, a month old; images.new of 7 January.
  const { now } = reportFacts();
  const ancient = 'AKSUbuntu-2204gen2containerd-202509.18.0';
  it.each<[string, ReportPool, Policy['stale'], object]>([
    ['on the latest image', aReportPool(), undefined, { status: 'latest', ageDays: 12 }],
    [
      'behind for as long as is allowed',
      aReportPool({ decision: behind({ decidedAt: day(8) }) }),
      { days: 11 },
      { status: 'withinPolicy', staleDays: 11, behindSince: day(8) },
    ],
    [
      'behind for a day longer',
      aReportPool({ decision: behind({ decidedAt: day(8) }) }),
      { days: 10 },
      { status: 'stale' },
    ],
    [
      'behind since an earlier image was offered',
      aReportPool({
        decision: behind({ decidedAt: day(15) }),
        decisions: [
          behind({ decidedAt: day(15) }),
          behind({ latest: 'AKSUbuntu-2204gen2containerd-202601.01.0', decidedAt: day(2) }),
        ],
      }),
      { days: 10 },
      { status: 'stale', staleDays: 17, behindSince: day(2) },
    ],
    [
      'behind since it got its image, whatever it was behind before',
      aReportPool({
        decision: behind({ decidedAt: day(15) }),
        decisions: [
          behind({ decidedAt: day(15) }),
          aDecision({ current: images.old, latest: images.old, decidedAt: day(3) }),
          behind({ decidedAt: day(1) }),
        ],
      }),
      { days: 10 },
      { status: 'withinPolicy', staleDays: 4 },
    ],
    [
      'behind through a time in which nothing could be read',
      aReportPool({
        decision: behind({ decidedAt: day(15) }),
        decisions: [
          behind({ decidedAt: day(15) }),
          (({ latest: _latest, ...rest }) => rest)(behind({ reason: 'readFailed', decidedAt: day(9) })),
          behind({ decidedAt: day(1) }),
        ],
      }),
      undefined,
      { behindSince: day(1) },
    ],
    [
      'on an image older than 90 days',
      aReportPool({ decision: behind({ current: ancient }) }),
      undefined,
      { status: 'outOfSupport' },
    ],
    [
      'on one that the policy supports longer',
      aReportPool({ decision: behind({ current: ancient }) }),
      { supportDays: 200 },
      { status: 'withinPolicy' },
    ],
    [
      'on an old image that is the latest',
      aReportPool({ decision: aDecision({ current: ancient, latest: ancient }) }),
      undefined,
      { status: 'outOfSupport' },
    ],
    [
      'on the latest, which nobody can read',
      aReportPool({ decision: aDecision({ current: unread, latest: unread }) }),
      undefined,
      { status: 'latest' },
    ],
    [
      'on an image that nobody can read',
      aReportPool({ decision: behind({ current: unread }) }),
      undefined,
      { status: 'unknown' },
    ],
    ['without an image', aReportPool({ nodePool: { nodeImageVersion: undefined } }), undefined, { status: 'unknown' }],
    [
      'with a latest image that could not be read',
      aReportPool({ decision: (({ latest: _latest, ...rest }) => rest)(behind({ reason: 'readFailed' })) }),
      undefined,
      { status: 'unknown' },
    ],
    [
      'ahead of the latest: frozen lines offer older ones',
      aReportPool({ decision: aDecision({ latest: images.old }) }),
      undefined,
      { status: 'latest' },
    ],
    ['not selected', aReportPool({ decision: behind({ reason: 'notSelected' }) }), undefined, { status: 'notKept' }],
    ['managed by AKS', aReportPool({ nodePool: { mode: 'Machines' } }), undefined, { status: 'notKept' }],
  ])('%s', (_what, pool, stale, expected) => {
    expect(poolStanding(pool, { mode: 'enforce', ...(stale && { stale }) }, now)).toMatchObject(expected);
  });
});

describe('compliance', () => {
  const other = clusterId.replace('3b7a1c9e', '99999999');
  const pools = [
    aReportPool({ cluster: { tags: { Team: 'shop' } }, decision: aDecision({ ring: 'dev' }) }),
    aReportPool({ cluster: { tags: { team: 'shop' } }, decision: behind({ ring: 'prod', decidedAt: day(1) }) }),
    aReportPool({ cluster: { id: other }, decision: behind({ ring: 'prod', current: unread }) }),
    aReportPool({ decision: aDecision({ reason: 'notSelected' }) }),
  ];

  it('counts by ring, subscription and team, and leaves out what is not kept', () => {
    const { compliance } = build({
      pools,
      policy: { mode: 'enforce', stale: { days: 7 }, report: { teamTag: 'team' } },
    });
    expect(compliance.all).toEqual({
      name: 'all',
      pools: 3,
      latest: 1,
      withinPolicy: 0,
      stale: 1,
      outOfSupport: 0,
      unknown: 1,
      share: 0.333,
    });
    expect(compliance.rings.map(({ name, pools: n, share }) => [name, n, share])).toEqual([
      ['dev', 1, 1],
      ['prod', 2, 0],
    ]);
    expect(compliance.subscriptions.map(({ name, pools: n }) => [name.slice(0, 8), n])).toEqual([
      ['3b7a1c9e', 2],
      ['99999999', 1],
    ]);
    expect(compliance.teams?.map(({ name, pools: n }) => [name, n])).toEqual([
      ['(no team)', 1],
      ['shop', 2],
    ]);
  });

  it('counts no teams where the policy names no tag, and no share of nothing', () => {
    const { compliance } = build({ pools: [] });
    expect(compliance.teams).toBeUndefined();
    expect(compliance.all.share).toBeUndefined();
  });
});

it('lists pools out of policy with reason, age, hold and next window', () => {
  const held = { reason: 'held', sentence: 'The cluster is held by ada: Release of the shop.' } as const;
  const report = build({
    pools: [
      aReportPool(),
      aReportPool({
        cluster: { tags: { team: 'shop' } },
        decision: behind({ decidedAt: day(1), ring: 'prod', also: [held] }),
      }),
    ],
    policy: { mode: 'enforce', stale: { days: 7 }, report: { teamTag: 'team' } },
  });
  expect(report.outOfPolicy).toEqual([
    {
      cluster: clusterId,
      nodePool: 'apps',
      status: 'stale',
      ageDays: 32,
      behindSince: day(1),
      staleDays: 18,
      current: images.old,
      latest: images.new,
      team: 'shop',
      ring: 'prod',
      reason: 'outsideWindow',
      sentence: 'The window is closed.',
      nextWindow: day(20, '01:00'),
      hold: held.sentence,
    },
  ]);
});

describe('what happened in the week', () => {
  const rows: readonly HistoryRow[] = [
    aRow({ id: '1', completedAt: '2026-01-11T23:59:59.999Z' }),
    aRow({ id: '2', completedAt: '2026-01-12T00:00:00Z', actor: { kind: 'person', name: 'ada' } }),
    aRow({
      id: '3',
      completedAt: '2026-01-18T23:59:59Z',
      outcome: 'failed',
      error: { code: 'PodDrainFailure', message: 'x' },
    }),
    aRow({ id: '4', completedAt: '2026-01-19T00:00:00Z' }),
    aRow({ id: '5', kind: 'rolled', completedAt: day(14), outcome: 'canceled' }),
    aRow({ id: '6', kind: 'rolled', completedAt: day(14), outcome: 'notStarted' }),
    {
      ...chained,
      id: '7',
      kind: 'firstSeen',
      cluster: clusterId,
      nodePool: 'more',
      nodeImageVersion: images.new,
      observedAt: day(13),
    },
    {
      ...chained,
      id: '8',
      kind: 'gone',
      cluster: clusterId,
      nodePool: 'less',
      reason: 'ARM answers 404.',
      observedAt: day(15),
    },
    { ...chained, id: '9', kind: 'gone', cluster: clusterId, reason: 'ARM answers 404.', observedAt: day(20) },
  ];

  it('is what ended in it, in its order', () => {
    const report = build({ rows });
    expect(report.transitions).toMatchObject([
      { from: images.old, to: images.new, completedAt: '2026-01-12T00:00:00Z', actor: { name: 'ada' } },
      { completedAt: '2026-01-18T23:59:59Z', outcome: 'failed' },
    ]);
    expect(report.failures.map(({ kind, outcome, error }) => [kind, outcome, error?.code])).toEqual([
      ['rolled', 'canceled', undefined],
      ['transition', 'failed', 'PodDrainFailure'],
    ]);
    expect(report.newPools).toEqual([
      { cluster: clusterId, nodePool: 'more', at: day(13), nodeImageVersion: images.new },
    ]);
    expect(report.gone).toEqual([{ cluster: clusterId, nodePool: 'less', at: day(15), reason: 'ARM answers 404.' }]);
  });

  it('goes into the trend, after the weeks before', () => {
    const before = {
      week: '2026-W02',
      transitions: 1,
      pools: 1,
      latest: 0,
      withinPolicy: 1,
      stale: 0,
      outOfSupport: 0,
      unknown: 0,
    };
    expect(build({ rows, trend: [before] }).trend).toEqual([
      before,
      { week: '2026-W03', transitions: 2, pools: 1, latest: 1, withinPolicy: 0, stale: 0, outOfSupport: 0, unknown: 0 },
    ]);
  });
});

describe('missed windows', () => {
  // Windows from 01:00 to 05:00; ARM offered images.new on the 14th at noon, and since then the pool waits.
  const offered = behind({ decidedAt: day(14, '12:00') });
  const blocked = (date: number, time: string) =>
    behind({ reason: 'poolFailed', verdict: 'blocked', sentence: 'No quota.', decidedAt: day(date, time) });
  const missedOf = (decisions: readonly ReturnType<typeof aDecision>[], facts: Partial<ReportFacts> = {}) =>
    build({ pools: [aReportPool({ decision: decisions[0] ?? offered, decisions })], ...facts }).missedWindows.map(
      ({ windows, reason }) => `${windows.map(({ opensAt }) => opensAt.slice(8, 10)).join(' ')} ${reason}`,
    );

  it('are those in which it was due and not started, with what was decided then', () => {
    expect(missedOf([blocked(16, '01:05'), offered])).toEqual(['15 outsideWindow', '16 17 18 poolFailed']);
    expect(build({ pools: [aReportPool({ decision: offered })] }).missedWindows[0]).toEqual({
      cluster: clusterId,
      nodePool: 'apps',
      windows: [15, 16, 17, 18].map((date) => ({ opensAt: day(date, '01:00'), closesAt: day(date, '05:00') })),
      current: images.old,
      latest: images.new,
      reason: 'outsideWindow',
      sentence: 'The window is closed.',
    });
  });

  it.each([
    ['upToDate', aDecision({ decidedAt: day(10) })],
    ['ringWaiting', behind({ reason: 'ringWaiting', decidedAt: day(10) })],
    [
      'ringWaiting, behind an approval that is asked for',
      behind({
        reason: 'approvalNeeded',
        also: [{ reason: 'ringWaiting', sentence: 'Ring dev goes first.' }],
        decidedAt: day(10),
      }),
    ],
    ['imageTooYoung', behind({ reason: 'imageTooYoung', decidedAt: day(10) })],
    ['notSelected', behind({ reason: 'notSelected', decidedAt: day(10) })],
    ['attemptInFlight', behind({ reason: 'attemptInFlight', decidedAt: day(10) })],
  ] as const)('are none while it was not due: %s', (_reason, decision) => {
    expect(missedOf([decision])).toEqual([]);
  });

  it('are none in which it was started, or may have been', () => {
    const started = aRow({ startedAt: day(15, '01:02'), completedAt: day(15, '01:40') });
    const perhaps = aRow({ startedBetween: [day(16, '00:30'), day(16, '02:00')], completedAt: day(16, '02:00') });
    const others = aRow({ nodePool: 'system', startedAt: day(17, '02:00'), completedAt: day(17, '02:40') });
    expect(missedOf([offered], { rows: [started, perhaps, others] })).toEqual(['17 18 outsideWindow']);
  });

  it('are none that are not over, or of which nothing is known', () => {
    const now = reportFacts().week.from.add({ hours: 4 * 24 + 3 });
    expect(missedOf([offered], { now })).toEqual(['15 outsideWindow']);
    expect(missedOf([])).toEqual([]);
  });

  it('need a window that can be read', () => {
    const pool = (window: ReportPool['window']) => aReportPool({ decision: offered, window });
    const weekly = { schedule: { weekly: { intervalWeeks: 0 } } };
    const report = build({
      pools: [
        pool({ problem: '503' }),
        { ...pool({ value: { readAt: at(day(1)) } }), cluster: { ...pool({}).cluster, id: `${clusterId}2` } },
        {
          ...pool({ value: { readAt: at(day(1)), maintenanceWindow: aWindow(weekly) } }),
          cluster: { ...pool({}).cluster, id: `${clusterId}3` },
        },
        { ...aReportPool(), cluster: { ...pool({}).cluster, id: `${clusterId}4` } },
      ],
    });
    expect(report.missedWindows).toEqual([]);
    expect(report.withoutWindow.map(({ cluster, why }) => [cluster.at(-1), why.slice(0, 24)])).toEqual([
      ['e', 'It could not be read: 50'],
      ['2', 'It has no aksManagedNode'],
      ['3', 'schedule.weekly.interval'],
    ]);
  });
});

describe('time to patch', () => {
  const offered = behind({ decidedAt: day(8) });
  const patched = (nodePool: string) =>
    aReportPool({
      nodePool: { name: nodePool },
      decision: aDecision({ decidedAt: day(16) }),
      decisions: [aDecision({ decidedAt: day(16) }), offered],
    });
  const roll = (nodePool: string, completedAt: string) => aRow({ id: nodePool, nodePool, completedAt });

  it('is from the first offer to the last pool', () => {
    const late = aReportPool({
      nodePool: { name: 'late' },
      decisions: [aDecision({ decidedAt: day(17) }), behind({ decidedAt: day(10) })],
    });
    const report = build({
      pools: [patched('a'), late],
      rows: [roll('a', day(9)), roll('late', day(16, '12:00')), roll('late', day(18))],
    });
    expect(report.timeToPatch).toEqual([
      {
        nodeImageVersion: images.new,
        availableAt: day(8),
        pools: 2,
        patched: 2,
        completedAt: day(16, '12:00'),
        hours: 204,
      },
    ]);
  });

  it('is open while a pool is behind, and counts those that went beyond', () => {
    const beyond = 'AKSUbuntu-2204gen2containerd-202601.12.0';
    const report = build({
      pools: [
        aReportPool({ decision: offered }),
        aReportPool({
          nodePool: { name: 'b' },
          decision: aDecision({ current: beyond, latest: beyond }),
          decisions: [offered],
        }),
      ],
      rows: [aRow({ nodePool: 'b', to: beyond, completedAt: day(13) })],
    });
    expect(report.timeToPatch).toEqual([{ nodeImageVersion: images.new, availableAt: day(8), pools: 2, patched: 1 }]);
  });

  it('does not end with a roll that failed, though the pool names the image then', () => {
    const failed = aRow({ id: 'f', nodePool: 'a', completedAt: day(9), outcome: 'failed' });
    const pools = [patched('a')];
    expect(build({ pools, rows: [failed] }).timeToPatch).toMatchObject([{ pools: 1, patched: 0 }]);
    const mended = aRow({ id: 'm', nodePool: 'a', kind: 'rolled', from: images.new, completedAt: day(11) });
    expect(build({ pools, rows: [failed, mended] }).timeToPatch).toMatchObject([{ patched: 1, completedAt: day(11) }]);
  });

  it('says nothing of what was offered long ago, or to nobody who is kept', () => {
    const old = behind({ decidedAt: '2025-11-01T00:00:00Z' });
    expect(build({ pools: [aReportPool({ decision: old })] }).timeToPatch).toEqual([]);
    expect(build({ pools: [aReportPool({ decision: behind({ reason: 'notSelected' }) })] }).timeToPatch).toEqual([]);
  });
});
