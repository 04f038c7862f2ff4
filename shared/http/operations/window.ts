// The operations on maintenance windows. Part of the table of operations.
import { Evaluation, WindowList } from '../answers/window.ts';
import { EvaluateRequest, WindowsQuery } from '../requests/window.ts';
import { maintenanceWindow, opening, pool } from './examples.ts';
import { type Operations, ok } from './operation.ts';

const { opensAt, closesAt } = opening;
const evaluated = {
  window: 'every week on Saturday, 01:00 to 05:00, UTC',
  problems: [],
  warnings: [],
  open: false,
  nextOpening: opensAt,
  occurrences: [{ ...opening, opensAtLocal: opensAt, closesAtLocal: closesAt, blocked: [] }],
};

const listed = { state: 'window', readAt: '2026-11-20T07:40:00Z', maintenanceWindow, ...evaluated } as const;

export const onWindows = {
  getWindows: {
    summary: "Every cluster's maintenance window in words, its next occurrences, and what is odd about it.",
    query: WindowsQuery,
    answers: ok('The windows.', WindowList, { value: [{ cluster: pool.cluster, ...listed }] }),
  },
  evaluateWindow: {
    summary: 'What any maintenance window means: valid or not, open or not, its next occurrences.',
    body: { schema: EvaluateRequest, example: { maintenanceWindow, count: 2 } },
    answers: ok('What it means; a window that is not valid has problems.', Evaluation, { valid: true, ...evaluated }),
  },
} satisfies Operations;
