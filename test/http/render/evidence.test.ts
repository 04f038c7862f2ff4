// How the report shows who did it: nobody may read what only an event says as proven.
import { describe, expect, it } from 'vitest';
import type { WeekReport } from '../../../shared/domain/report/weekReport.ts';
import { reportCsv } from '../../../shared/http/render/reportCsv.ts';
import { rolls } from '../../../shared/http/render/reportTables.ts';
import { aRollEntry } from '../../builders.ts';

type Reported = WeekReport['transitions'][number];
const ada = { kind: 'person', name: 'ada@contoso.com' } as const;

const rollOf = (fields: Partial<Reported>): Reported => {
  const { kind, cluster, nodePool, from, to, completedAt, inWindow, outcome, proof } = aRollEntry();
  const about = { kind, cluster, nodePool, from, to, startedAt: undefined, completedAt, inWindow, outcome, proof };
  const rest = { error: undefined, actor: undefined, evidence: undefined, reason: undefined, failure: undefined };
  const basis = {
    target: undefined,
    imageNote: undefined,
    ring: undefined,
    policyVersion: undefined,
    approval: undefined,
    direction: undefined,
  };
  return { ...about, ...rest, ...basis, cause: 'manual', ...fields };
};

describe('who did it, in the weekly report', () => {
  it.each<[Partial<Reported>, string]>([
    [{ actor: ada, evidence: 'reported' }, 'manual, ada@contoso.com (reported, not confirmed)'],
    [{ actor: ada, evidence: 'confirmed' }, 'manual, ada@contoso.com (confirmed by the Activity Log)'],
    [{ actor: ada }, 'manual, ada@contoso.com (reported, not confirmed)'],
    [{ evidence: 'reported' }, 'manual (reported, not confirmed)'],
    [{ cause: 'unknown', evidence: 'notInActivityLog' }, 'unknown (who was named is not in the Activity Log)'],
    [{ cause: 'keeper' }, 'data-name="Cause"><div>keeper</div>'],
  ])('%j', (fields, expected) => {
    expect(rolls([rollOf(fields)], 'none').text).toContain(expected);
  });

  it('has a column of its own in csv', () => {
    const none = {
      name: 'all',
      pools: 0,
      latest: 0,
      withinPolicy: 0,
      stale: 0,
      outOfSupport: 0,
      unknown: 0,
      share: undefined,
    };
    const lists = {
      outOfPolicy: [],
      failures: [],
      missedWindows: [],
      timeToPatch: [],
      trend: [],
      newPools: [],
      gone: [],
      withoutWindow: [],
    };
    const at = '2026-11-03T00:00:00Z';
    const report = {
      week: '2026-W45',
      from: at,
      to: at,
      generatedAt: at,
      final: true,
      thresholds: { staleDays: 1, supportDays: 1 },
      compliance: { all: none, rings: [], subscriptions: [], teams: undefined },
      transitions: [rollOf({ actor: ada, evidence: 'reported' })],
      sources: { clusterEvents: at, resourceEvents: at, scheduledEvents: at },
      ...lists,
    };
    const lines = reportCsv(report).split('\r\n');
    const column = lines[0]?.split(',').indexOf('evidence') ?? -1;
    expect(lines.find((line) => line.startsWith('transition,'))?.split(',')[column]).toBe('reported');
  });
});
