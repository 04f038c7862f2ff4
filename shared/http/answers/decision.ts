// Decisions, as GET /api/plan, GET /api/nodepools and others answer them.
import { z } from 'zod';
import { type Decision as Decided, gateOrder } from '../../domain/plan/decision.ts';
import type { Pass as LastPass } from '../../stores/passStore.ts';
import type { ChangedDecision as Changed } from '../../usecases/policy/previewPolicy.ts';
import {
  ClusterId,
  Count,
  CountedApproval,
  Instant,
  list,
  named,
  page,
  poolFields,
  record,
  Sentence,
  shape,
} from './component.ts';

const Verdict = named(
  'Verdict',
  'wait: time lifts it, or a stop, hold or approval that is somebody’s to decide. skip: nothing to do. blocked: somebody must repair something.',
  z.enum(['start', 'wait', 'skip', 'blocked']),
);

const Refusal = named(
  'Refusal',
  'A gate that refuses, in the order of the gates. docs/operations.md explains each.',
  z.enum(gateOrder),
);

export const Reason = named('Reason', 'start, or the first gate that refused.', z.union([z.literal('start'), Refusal]));

export const Decision = record<Decided>()('Decision', 'What is to happen with a pool, and why.', {
  ...poolFields,
  verdict: Verdict,
  reason: Reason,
  sentence: Sentence.describe('The reason in plain words, with its facts.'),
  also: z
    .array(z.strictObject({ reason: Refusal, sentence: Sentence }))
    .describe('The other gates that refuse, in their order.'),
  current: z.string().optional(),
  latest: z.string().optional().describe('What ARM would install.'),
  ring: z.string().optional(),
  nextEligibleAt: Instant.optional().describe(
    'When the reason lifts by itself, where that is known. Of a window that is closed it is the next opening in which a start fits; starts begin 60 s after an opening.',
  ),
  window: z
    .strictObject({ opensAt: Instant, closesAt: Instant })
    .optional()
    .describe('The occurrence that a start belongs to, or would but for observeOnly.'),
  estimateMinutes: z.number().min(0).optional(),
  startBy: Instant.optional().describe('Of a start: the last moment to begin it, to end in the window.'),
  willOverrun: z
    .literal(true)
    .optional()
    .describe('The pool fits no occurrence, so it starts early in one and runs past its end.'),
  approval: CountedApproval.optional().describe('The one that lets it start, where it needs one.'),
  decidedAt: Instant,
});

export const DecisionPage = named(
  'DecisionPage',
  'Newest first; a decision stands until the next one.',
  page(Decision),
);

const Pass = record<LastPass>()('Pass', 'The last pass over a subscription.', {
  subscription: z.string(),
  at: Instant,
  clusters: Count,
  listedAt: Instant.optional().describe('When the last list that ARM answered was asked for.'),
  problem: Sentence.optional().describe(
    'Why the subscription could not be listed, or what it lists that can be no cluster.',
  ),
  withoutPools: z.array(ClusterId).optional().describe('Its clusters that the list showed without pools.'),
});

const heard = z.union([Instant, z.literal('never heard')]);

export const EventSources = shape('EventSources', 'When each source of events was last heard.', {
  clusterEvents: heard,
  resourceEvents: heard,
  scheduledEvents: heard,
});

export const Plan = list(Decision)
  .extend({ passes: z.array(Pass).optional(), sources: EventSources.optional() })
  .meta({ id: 'Plan', description: 'A decision on every pool; passes and sources only without at.' });

const Side = shape('DecisionSide', 'A decision under one of two policies.', {
  verdict: Verdict,
  reason: Reason,
  sentence: Sentence,
  nextEligibleAt: Instant.optional(),
  also: z.array(Refusal),
});

export const ChangedDecision = record<Changed>()(
  'ChangedDecision',
  'A pool on which another policy decides something else.',
  { ...poolFields, before: Side, after: Side },
);
