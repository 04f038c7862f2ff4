// What reports are built from, with plausible values: the week of 12 January 2026, seen on the Monday after it. Used by the
// report's tests.
import { Temporal } from 'temporal-polyfill';
import type { HistoryRow } from '../../../shared/domain/ledger/ledger.ts';
import type { Decision } from '../../../shared/domain/plan/decision.ts';
import { parseIsoWeek } from '../../../shared/domain/report/isoWeek.ts';
import type { ReportFacts, ReportPool } from '../../../shared/domain/report/reportFacts.ts';
import { aCluster, aPool, aRollEntry, at, aWindow, clusterId, images } from '../../builders.ts';

const week = parseIsoWeek('2026-W03');
if (!week) throw new Error('2026 has a week 3.');
const reportWeek = week;

/** A decision on the pool: up to date, unless told otherwise. */
export function aDecision(overrides: Partial<Decision> = {}): Decision {
  return {
    cluster: clusterId,
    nodePool: 'apps',
    verdict: 'skip',
    reason: 'upToDate',
    sentence: 'The pool runs the latest image.',
    also: [],
    current: images.new,
    latest: images.new,
    decidedAt: '2026-01-10T00:00:00Z',
    ...overrides,
  };
}

/** The same, while a newer image is there. */
export const behind = (overrides: Partial<Decision> = {}): Decision =>
  aDecision({
    verdict: 'wait',
    reason: 'outsideWindow',
    sentence: 'The window is closed.',
    current: images.old,
    latest: images.new,
    ...overrides,
  });

type PoolOverrides = Partial<Omit<ReportPool, 'cluster' | 'nodePool'>> & {
  readonly cluster?: Partial<ReportPool['cluster']>;
  readonly nodePool?: Partial<ReportPool['nodePool']>;
};

/** A pool on the image of its decision; its cluster's window opens daily from 01:00 to 05:00 UTC. */
export function aReportPool({ cluster, nodePool, ...overrides }: PoolOverrides = {}): ReportPool {
  const { nodePools: _pools, ...rest } = aCluster();
  const decision = overrides.decision ?? aDecision();
  const image = decision.current === undefined ? {} : { nodeImageVersion: decision.current };
  return {
    cluster: { ...rest, ...cluster },
    nodePool: { ...aPool(), ...image, ...nodePool },
    decision,
    window: { value: { readAt: at('2026-01-18T00:00:00Z'), maintenanceWindow: aWindow() } },
    decisions: [decision],
    ...overrides,
  };
}

export function aRow(overrides: Partial<Extract<HistoryRow, { kind: 'transition' | 'rolled' }>> = {}): HistoryRow {
  return { id: 'row', ...aRollEntry(), ...overrides };
}

export function reportFacts(overrides: Partial<ReportFacts> = {}): ReportFacts {
  return {
    week: reportWeek,
    now: Temporal.Instant.from('2026-01-19T06:00:00Z'),
    policy: { mode: 'enforce' },
    pools: [aReportPool()],
    rows: [],
    trend: [],
    sources: { clusterEvents: '2026-01-19T05:00:00Z', resourceEvents: 'never heard', scheduledEvents: 'never heard' },
    ...overrides,
  };
}
