// The query of GET /api/report. Called by getReport.
import { z } from 'zod';
import { parseIsoWeek } from '../../domain/report/isoWeek.ts';

const expected = 'give an ISO week, for example 2026-W47, or leave it out for the last one that is over';

export const ReportQuery = z.strictObject({
  week: z
    .string()
    .transform((text, context) => {
      const week = parseIsoWeek(text);
      if (week) return week;
      context.addIssue({ code: 'custom', message: `is "${text}"; ${expected}` });
      return z.NEVER;
    })
    .optional(),
  format: z
    .enum(['json', 'csv', 'html'], { error: (issue) => `is "${String(issue.input)}"; give json, csv or html` })
    .default('json'),
});
