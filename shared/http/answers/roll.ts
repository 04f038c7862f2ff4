// What the history, the ledger and the report say of a roll.
import { z } from 'zod';
import { evidenceWords, windowNames } from '../../domain/ledger/entryParts.ts';
import { causes, directions, outcomes, proofs } from '../../domain/ledger/ledger.ts';
import { Count, CountedApproval, Day, Instant, named, shape } from './component.ts';

export const Cause = named(
  'Cause',
  'Who changed the image; only what the evidence shows, else unknown.',
  z.enum(causes),
);

export const Outcome = named(
  'Outcome',
  'How a roll or an attempt ended. partial: the pool names the image, and nodes do not run it. notStarted: the request never reached ARM.',
  z.enum(outcomes),
);

export const Proof = named(
  'Proof',
  "What shows the outcome. pool: the pool's own field. instances: the images of its scale set's instances. nodes: the labels and conditions of its nodes.",
  z.enum(proofs),
);

export const Direction = named(
  'Direction',
  'Where the pool went, by its Kubernetes versions, its images and what it ran before. unknown: nothing tells, so nobody is to take it for either. Absent: the image stayed, or the row is older than this field.',
  z.enum(directions),
);

export const InWindow = named(
  'InWindow',
  'Whether the roll started inside the window, judged on the interval in which it can have started.',
  z.union([z.boolean(), z.literal('unknown')]),
);

export const NodeCounts = shape(
  'NodeCounts',
  "A pool's nodes, counted when the roll had ended; what was not counted is absent.",
  {
    total: Count.optional(),
    upToDate: Count.optional().describe(
      'On the image that the roll was to bring: to where it succeeded or is partial, else target.',
    ),
    ready: Count.optional(),
    cordoned: Count.optional(),
    quarantined: Count.optional().describe('Those that AKS could not drain and put aside.'),
    securityPatch: Day.optional().describe('Of the patch that every one of them has.'),
  },
);

export const Actor = shape('Actor', 'Who did it, as the source of the news names them.', {
  kind: z.enum(['person', 'application', 'aks']),
  name: z.string(),
  correlationId: z.string().optional(),
});

export const EvidenceWord = named(
  'EvidenceWord',
  'How far what names who did it can be trusted. reported: an event says so, and whoever has the key of the events can send one. confirmed: the Activity Log says it too. notInActivityLog: it does not, and what was attributed is taken back. Absent: nobody was named, or before this was told.',
  z.enum(evidenceWords),
);

export const RollError = shape('RollError', 'As ARM gave it.', { code: z.string(), message: z.string() });

export const JudgedWindow = shape('JudgedWindow', 'The window that a roll was judged on.', {
  name: z
    .enum([windowNames.nodeOs, windowNames.kubernetes])
    .optional()
    .describe(
      'The maintenance configuration: aksManagedAutoUpgradeSchedule for what AKS upgrades Kubernetes in. Absent in rows older than this field: aksManagedNodeOSUpgradeSchedule.',
    ),
  maintenanceWindow: z.unknown().describe("In ARM's JSON."),
  readAt: Instant.describe('When the configuration was read.'),
  opensAt: Instant.optional().describe('The occurrence, where there was one.'),
  closesAt: Instant.optional(),
});

export const rollFields = {
  nodePool: z.string(),
  from: z.string().describe("What ARM named as the pool's node image version before the roll."),
  to: z
    .string()
    .describe(
      'What ARM names after it, whatever the outcome. Only of a roll that succeeded do the nodes run it; of a failed one that left the pool as it was it equals from, and what it was to bring is target.',
    ),
  target: z
    .string()
    .optional()
    .describe(
      "The node image version that the keeper's attempt asked for. Absent: not known, as of what others did (ARM tells what came, not what was asked for), and of entries that were recorded before it was kept.",
    ),
  startedAt: Instant.optional().describe('Known from a request or an event only.'),
  startedBetween: z
    .tuple([z.union([Instant, z.null()]), Instant])
    .describe('It started after the first (null: before the record begins), and not after the second.'),
  completedAt: Instant,
  cause: Cause,
  inWindow: InWindow,
  window: JudgedWindow.optional(),
  kubernetesWindow: JudgedWindow.optional().describe(
    'The window in which AKS upgrades Kubernetes, where the roll began in it, outside of that of node images, and may have been such an upgrade: until somebody is named inWindow is unknown.',
  ),
  outcome: Outcome,
  direction: Direction.optional(),
  proof: Proof,
  proofProblem: z
    .string()
    .optional()
    .describe("Why nothing stronger than the pool's own field shows the outcome, where that was tried."),
  nodes: NodeCounts.optional(),
  attempt: z.string().optional().describe("The id of the keeper's attempt."),
  ring: z.string().optional().describe("The ring that the keeper's start was judged in. Absent: none, or not known."),
  policyVersion: z
    .int()
    .min(1)
    .optional()
    .describe('The version of the policy that it was judged on: GET /api/policy/versions/{version}.'),
  approval: CountedApproval.optional().describe('The approval that it counted on, where it needed one.'),
  drifted: z
    .literal(true)
    .optional()
    .describe('The pool runs another image than the one that was latest right before the request.'),
  error: RollError.optional(),
};

export const imageNoteField = z
  .string()
  .optional()
  .describe(
    'What from, to and target say of this roll, in a sentence. Absent where it succeeded and brought what it was to bring.',
  );

export const rollReason = z.string().optional().describe("Why, in the source's words.");
