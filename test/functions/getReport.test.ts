import { describe, expect, it } from 'vitest';
import { handler } from '../../functions/getReport.ts';
import { buildWeekReport } from '../../shared/domain/report/weekReport.ts';
import { reportCsv } from '../../shared/http/render/reportCsv.ts';
import { reportHtml } from '../../shared/http/render/reportHtml.ts';
import { insertReport } from '../../shared/stores/reportsStore.ts';
import { clusterId } from '../builders.ts';
import { aReportPool, aRow, behind, reportFacts } from '../domain/report/facts.ts';
import { call, callText, composeAt } from './request.ts';

const evil = '=cmd|"<script>alert(1)</script>\'&';

/** Everything that a report can list, with names that somebody chose to do harm. */
const full = buildWeekReport(
  reportFacts({
    pools: [
      aReportPool({
        cluster: { tags: { team: evil } },
        decision: behind({ sentence: evil, decidedAt: '2026-01-01T00:00:00Z' }),
      }),
      aReportPool({ cluster: { id: `${clusterId}2` }, window: { problem: evil } }),
    ],
    rows: [
      aRow({
        completedAt: '2026-01-13T02:00:00Z',
        outcome: 'failed',
        error: { code: 'X', message: evil },
        actor: { kind: 'person', name: evil },
      }),
    ],
    policy: { mode: 'enforce', stale: { days: 7 }, report: { teamTag: 'team' } },
  }),
  true,
);

describe('GET /api/report', () => {
  it('answers the kept report of a week, and of the last one by default', async () => {
    const tables = composeAt('2026-01-20T00:00:00Z');
    await insertReport(tables, full, 'id');
    for (const path of ['/api/report?week=2026-W03', '/api/report', '/api/report?week=2026-W03&code=key']) {
      expect(await call(handler, path)).toMatchObject({ status: 200, body: JSON.parse(JSON.stringify(full)) });
    }
  });

  it.each([
    ['the last week, which nobody kept', '/api/report', '2026-W03'],
    ['this week so far', '/api/report?week=2026-W04', '2026-W04'],
  ])('builds %s, and keeps it not', async (_what, path, week) => {
    composeAt('2026-01-20T00:00:00Z');
    expect(await call(handler, path)).toMatchObject({ status: 200, body: { week, final: false, outOfPolicy: [] } });
  });

  it('says which weeks there are when one has none', async () => {
    const tables = composeAt('2026-06-20T00:00:00Z');
    expect(await call(handler, '/api/report?week=2026-W10')).toMatchObject({
      status: 404,
      body: { title: 'No such report', detail: expect.stringContaining('No report is kept yet') },
    });
    await insertReport(tables, full, 'id');
    expect(await call(handler, '/api/report?week=2026-W10')).toMatchObject({
      body: { detail: expect.stringContaining('Reports are kept of 2026-W03') },
    });
  });

  it.each([
    ['week=2025-W53', 'week is "2025-W53"; give an ISO week'],
    ['week=last', 'week is "last"; give an ISO week'],
    ['format=pdf', 'format is "pdf"; give json, csv or html'],
    ['weeks=2026-W03', 'weeks is no parameter'],
  ])('refuses %s', async (query, detail) => {
    composeAt('2026-01-20T00:00:00Z');
    expect(await call(handler, `/api/report?${query}`)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining(detail) },
    });
  });

  it('answers a page that runs and loads nothing', async () => {
    await insertReport(composeAt('2026-01-20T00:00:00Z'), full, 'id');
    const { status, headers, text } = await callText(handler, '/api/report?format=html');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).toBe(reportHtml(full));
  });

  it('answers a table to download', async () => {
    await insertReport(composeAt('2026-01-20T00:00:00Z'), full, 'id');
    const { headers, text } = await callText(handler, '/api/report?format=csv');
    expect(headers.get('content-type')).toMatch('text/csv');
    expect(headers.get('content-disposition')).toBe('attachment; filename="report-2026-W03.csv"');
    expect(text).toBe(reportCsv(full));
  });
});

describe('the page', () => {
  const page = reportHtml(full);

  it('escapes whatever it shows', () => {
    expect(page).not.toContain('<script');
    expect(page).toContain('=cmd|&quot;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;');
  });

  it('closes every element that it opens', () => {
    const open: string[] = [];
    for (const [tag, slash, name = '', self] of page.matchAll(/<(\/?)([a-z0-9]+)[^>]*?(\/?)>/g)) {
      if (['meta', 'br', 'wbr'].includes(name) || self) continue;
      if (!slash) open.push(name);
      else expect([tag, open.pop()]).toEqual([tag, name]);
    }
    expect(open).toEqual([]);
  });

  it('has a heading and words for every section, be it empty', () => {
    const empty = reportHtml(buildWeekReport(reportFacts({ pools: [] }), false));
    for (const title of [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([heading]) => heading))
      expect(empty).toContain(title);
    expect(empty).toContain('Preliminary');
    expect(page).not.toContain('Preliminary');
    for (const words of [
      'No pool is out of policy.',
      'Nothing failed.',
      'No window was missed.',
      'Every cluster has a window.',
    ]) {
      expect(empty).toContain(words);
      expect(page).not.toContain(words);
    }
    expect(empty).not.toMatch(/undefined|NaN|\[object/);
    expect(page).not.toMatch(/undefined|NaN|\[object/);
  });

  it('says the trend in words too', () => {
    expect(page).toContain('aria-label="Compliant pools by week: 2026-W03 1 of 2, 1 transitions"');
  });
});

it.each([
  ['table', reportCsv(full)],
  ['page', reportHtml(full)],
])('a failure says what to do, on the %s', (_which, text) => {
  expect(text).toContain('No remedy is known for X: read the message');
});

it('the table has a line for everything, and no formula', () => {
  const lines = reportCsv(full).trimEnd().split('\r\n');
  const sections = lines.slice(1).map((line) => line.split(',')[0]);
  expect(new Set(sections)).toEqual(
    new Set([
      'report',
      'all',
      'ring',
      'subscription',
      'team',
      'outOfPolicy',
      'transition',
      'failure',
      'missedWindow',
      'timeToPatch',
      'trend',
      'withoutWindow',
      'source',
    ]),
  );
  expect(reportCsv(full)).not.toMatch(/(^|,)"?=/m);
});
