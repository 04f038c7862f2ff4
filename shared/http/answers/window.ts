// What POST /api/windows/evaluate and GET /api/windows answer.
import { z } from 'zod';
import { windowWarningCodes } from '../../domain/lint/windowWarning.ts';
import type { Evaluation as Evaluated } from '../../usecases/ask/explainWindow.ts';
import type { ListedWindow as Listed } from '../../usecases/ask/listWindows.ts';
import { ClusterId, Instant, list, OffsetInstant, record, Sentence, shape } from './component.ts';

const path = z.string().describe("The field in ARM's JSON, such as schedule.weekly.dayOfWeek; empty for the whole.");

const WindowProblem = shape('WindowProblem', 'Why a window is not valid.', {
  path,
  message: Sentence.describe('What was found, and what is allowed.'),
});

const WindowWarning = shape('WindowWarning', 'What is not wrong, but perhaps not meant.', {
  code: z.enum(windowWarningCodes),
  path,
  message: Sentence.describe('What was found, what it leads to, and where it helps what to do.'),
});

const Occurrence = shape('Occurrence', 'One opening of a window: opensAt is in it, closesAt is not.', {
  opensAt: Instant,
  closesAt: Instant,
  opensAtLocal: OffsetInstant.describe("In the time zone asked for, or in the window's own offset."),
  closesAtLocal: OffsetInstant,
  blocked: z.array(z.strictObject({ from: Instant, to: Instant })).describe('The parts that notAllowedDates block.'),
});

const evaluated = {
  window: Sentence.optional().describe('In words; absent when it is not valid.'),
  problems: z.array(WindowProblem),
  warnings: z.array(WindowWarning),
  open: z.boolean(),
  nextOpening: Instant.optional(),
  occurrences: z.array(Occurrence).describe('From the one that holds the moment on, if there is one.'),
};

export const Evaluation = record<Evaluated>()(
  'Evaluation',
  'What a maintenance window means at a moment. One that is not valid is closed.',
  { valid: z.boolean(), ...evaluated },
);

const ListedWindow = record<Listed>()('ListedWindow', "A cluster's maintenance window as it was last read.", {
  cluster: ClusterId,
  state: z
    .enum(['window', 'none', 'unreadable', 'readFailed', 'notRead'])
    .describe(
      'none: it has no aksManagedNodeOSUpgradeSchedule. unreadable: it has problems. readFailed: error says why. notRead: the planner has not come to it yet.',
    ),
  readAt: Instant.optional(),
  maintenanceWindow: z.unknown().optional().describe('As ARM has it.'),
  error: Sentence.optional(),
  ...evaluated,
});

export const WindowList = list(ListedWindow).meta({
  id: 'WindowList',
  description: 'In the order of subscription, resource group and cluster.',
});
