// What GET /api/report answers as json.
import { z } from 'zod';
import { failureClasses } from '../../domain/failure/failure.ts';
import type { WeekReport as Report } from '../../domain/report/weekReport.ts';
import { ClusterId, Count, Instant, poolFields, record, Sentence, shape } from './component.ts';
import { EventSources, Reason } from './decision.ts';
import {
  Actor,
  Cause,
  Direction,
  EvidenceWord,
  InWindow,
  imageNoteField,
  Outcome,
  Proof,
  RollError,
  rollFields,
  rollReason,
} from './roll.ts';

const week = z
  .string()
  .regex(/^\d{4}-W\d{2}$/)
  .describe('An ISO week, in UTC.');

const counts = {
  pools: Count,
  latest: Count,
  withinPolicy: Count.describe('Behind, for no longer than the policy allows.'),
  stale: Count,
  outOfSupport: Count,
  unknown: Count,
};

const Group = shape(
  'ReportGroup',
  'How many of some pools stand how. stale, outOfSupport and unknown are out of policy.',
  {
    name: z.string(),
    share: z.number().min(0).max(1).optional().describe('Of its pools, those on latest or within policy.'),
    ...counts,
  },
);

const OutOfPolicy = shape('OutOfPolicy', 'A pool that is out of policy, and why.', {
  ...poolFields,
  status: z.enum(['stale', 'outOfSupport', 'unknown']),
  behindSince: Instant.optional().describe('When a newer image was first seen for it.'),
  staleDays: z.int().optional().describe('Days since then.'),
  ageDays: z.int().optional().describe('Days since the release date of its image.'),
  current: z.string().optional(),
  latest: z.string().optional(),
  team: z.string().optional(),
  ring: z.string().optional(),
  reason: Reason,
  sentence: Sentence,
  nextWindow: Instant.optional().describe('When its window opens next.'),
  hold: Sentence.optional().describe('What a hold says, where one stands in the way.'),
});

const ReportedRoll = shape('ReportedRoll', 'A roll of the week.', {
  kind: z.enum(['transition', 'rolled']),
  ...poolFields,
  from: rollFields.from,
  to: rollFields.to,
  target: rollFields.target,
  imageNote: imageNoteField,
  startedAt: Instant.optional(),
  completedAt: Instant,
  cause: Cause,
  inWindow: InWindow,
  outcome: Outcome,
  proof: Proof,
  ring: rollFields.ring,
  policyVersion: rollFields.policyVersion,
  approval: rollFields.approval,
  direction: Direction.optional(),
  error: RollError.optional(),
  actor: Actor.optional(),
  evidence: EvidenceWord.optional(),
  reason: rollReason,
  failure: z
    .strictObject({ class: z.enum(failureClasses), remedy: Sentence, nodesLeft: Sentence.optional() })
    .optional()
    .describe('What failed and what to do about it, where the error tells.'),
});

const MissedWindows = shape('MissedWindows', 'The windows that a pool missed for one reason.', {
  ...poolFields,
  windows: z.array(z.strictObject({ opensAt: Instant, closesAt: Instant })),
  current: z.string(),
  latest: z.string(),
  reason: Reason,
  sentence: Sentence,
});

const ReleasePatch = shape('ReleasePatch', 'How long a release took from being available to the last pool.', {
  nodeImageVersion: z.string(),
  availableAt: Instant.describe('When it was first seen offered to any pool.'),
  pools: Count.describe('Those that it was offered to.'),
  patched: Count.describe('Of them, those that are on it or beyond.'),
  completedAt: Instant.optional().describe('When the last pool came to it.'),
  hours: Count.optional(),
});

const TrendPoint = shape('TrendPoint', 'How pools stood at the end of a week.', {
  week,
  transitions: Count,
  ...counts,
});

export const WeekReport = record<Report>()('WeekReport', 'How the fleet stood and what happened in a week.', {
  week,
  from: Instant,
  to: Instant.describe('Not in the week any more.'),
  generatedAt: Instant.describe('Pools stand as they did then.'),
  final: z.boolean().describe('false: the week is not over, or nobody keeps this report.'),
  thresholds: z.strictObject({ staleDays: Count, supportDays: Count }),
  compliance: z.strictObject({
    all: Group,
    rings: z.array(Group),
    subscriptions: z.array(Group),
    teams: z.array(Group).optional().describe('Absent where the policy names no team tag.'),
  }),
  outOfPolicy: z.array(OutOfPolicy),
  transitions: z.array(ReportedRoll),
  failures: z.array(ReportedRoll).describe('Rolls that did not succeed, be the image as it was.'),
  missedWindows: z.array(MissedWindows),
  timeToPatch: z.array(ReleasePatch),
  trend: z.array(TrendPoint).describe('The weeks before and this one, oldest first.'),
  newPools: z.array(z.strictObject({ ...poolFields, at: Instant, nodeImageVersion: z.string() })),
  gone: z.array(z.strictObject({ cluster: ClusterId, nodePool: z.string().optional(), at: Instant, reason: Sentence })),
  withoutWindow: z.array(z.strictObject({ cluster: ClusterId, why: Sentence })),
  sources: EventSources,
});
