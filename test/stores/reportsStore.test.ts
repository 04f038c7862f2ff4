import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryTables } from '../../shared/adapters/storage/memoryTables.ts';
import { buildWeekReport } from '../../shared/domain/report/weekReport.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { insertReport, readReport, readTrend } from '../../shared/stores/reportsStore.ts';
import { aReportPool, behind, reportFacts } from '../domain/report/facts.ts';

let tables: Tables;
beforeEach(() => {
  tables = createMemoryTables();
});

/** So many pools out of policy, whose reasons hold characters of every kind. */
function aReport(pools: number, sentence = 'Wartet: "Größe" 🙂 <b>\u0001') {
  const pool = aReportPool({ decision: behind({ sentence, decidedAt: '2025-12-19T00:00:00Z' }) });
  const facts = reportFacts({ pools: Array.from({ length: pools }, () => pool) });
  return buildWeekReport({ ...facts, policy: { mode: 'enforce', stale: { days: 1 } } }, true);
}

describe('a kept report', () => {
  it.each([
    ['of an empty fleet', 0],
    ['of some pools', 3],
    ['over several rows', 300],
    ['over several transactions', 6000],
  ])('%s comes back to the letter', async (_what, pools) => {
    const report = aReport(pools);
    expect(await insertReport(tables, report, 'id')).toBe('written');
    expect(JSON.stringify(await readReport(tables, report.week))).toBe(JSON.stringify(report));
  });

  it('stays as it is when another is built for its week', async () => {
    const report = aReport(40);
    await insertReport(tables, report, 'a');
    expect(await insertReport(tables, aReport(80), 'b')).toBe('exists');
    expect(await readReport(tables, report.week)).toEqual(report);
  });

  it('is the first one’s when two are written at once', async () => {
    const [one, other] = [aReport(40), aReport(80)];
    const slow: Tables = {
      ...tables,
      write: async (table, partition, changes) => {
        if (partition === 'weeks') await insertReport(tables, other, 'b');
        return tables.write(table, partition, changes);
      },
    };
    expect(await insertReport(slow, one, 'a')).toBe('exists');
    expect(await readReport(tables, one.week)).toEqual(other);
  });

  it('is said to be broken when a row of it is gone', async () => {
    const report = aReport(300);
    await insertReport(tables, report, 'id');
    const row = await tables.get('Reports', report.week, 'id|00001');
    await tables.write('Reports', report.week, [{ kind: 'delete', rowKey: 'id|00001', etag: row?.etag ?? '' }]);
    await expect(readReport(tables, report.week)).rejects.toThrow('2026-W03 should have');
  });
});

it('a week without a report has none, and the trend lists those that have', async () => {
  expect(await readReport(tables, '2026-W03')).toBeUndefined();
  expect(await readTrend(tables)).toEqual([]);
  const report = aReport(2);
  await insertReport(tables, { ...report, week: '2026-W04' }, 'b');
  await insertReport(tables, report, 'a');
  expect(await readTrend(tables)).toEqual([report.trend[0], report.trend[0]]);
});
