// The operation on reports. Part of the table of operations.
import { WeekReport } from '../answers/report.ts';
import { ReportQuery } from '../requests/nodePool.ts';
import { images, sources } from './examples.ts';
import { asText, type Operations, ok } from './operation.ts';

const counts = { pools: 12, latest: 9, withinPolicy: 2, stale: 1, outOfSupport: 0, unknown: 0 };
const report = {
  week: '2026-W47',
  from: '2026-11-16T00:00:00Z',
  to: '2026-11-23T00:00:00Z',
  generatedAt: '2026-11-23T06:00:04Z',
  final: true,
  thresholds: { staleDays: 30, supportDays: 90 },
  compliance: { all: { name: 'all', ...counts, share: 0.917 }, rings: [], subscriptions: [] },
  outOfPolicy: [],
  transitions: [],
  failures: [],
  missedWindows: [],
  timeToPatch: [{ nodeImageVersion: images.to, availableAt: '2026-11-19T08:00:00Z', pools: 12, patched: 11 }],
  trend: [{ week: '2026-W47', transitions: 6, ...counts }],
  newPools: [],
  gone: [],
  withoutWindow: [],
  sources,
};

export const onReports = {
  getReport: {
    summary: 'How the fleet stands and what happened in a week, as the weekly check kept it.',
    query: ReportQuery,
    answers: ok('The report, as data, as a table or as a page.', WeekReport, report, {
      'text/csv': asText('RFC 4180, a record for everything in it.', 'section,name,…\r\nreport,2026-W47,…\r\n'),
      'text/html': asText('A page that loads and runs nothing, and prints well.', '<!doctype html>…'),
    }),
    problems: { 404: 'The week has no report.' },
  },
} satisfies Operations;
