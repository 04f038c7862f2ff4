// The policy: what the keeper may do, and to which clusters. Read by the planner.
import { z } from 'zod';
import type { Cluster } from '../cluster/cluster.ts';
import { imagePattern } from '../image/imagePattern.ts';
import { isObject } from '../text/anyValue.ts';
import { fields, toProblems } from '../text/fieldProblems.ts';
import type { Approval } from './approval.ts';
import { FailureLimit } from './failureLimit.ts';
import { flag, oneOf, someText, wholeNumber } from './fieldKinds.ts';
import { Freeze } from './freeze.ts';
import type { Hold } from './hold.ts';
import { type NotificationType, notificationTypes } from './notificationTypes.ts';
import { PreflightPolicy } from './preflightPolicy.ts';
import { Rings } from './ring.ts';
import { Selector, selectorMatches } from './selector.ts';

const Images = fields({
  minimumAgeDays: wholeNumber('days', 0, 90)
    .optional()
    .describe('A release is started this many days after its release date, not before.'),
  block: z
    .array(imagePattern, { error: 'a list of node image versions or releases, with * and ?' })
    .optional()
    .describe('Node image versions, or releases alone, that are not started; with * and ?.'),
});

const Estimate = fields({
  minutesPerBatch: wholeNumber('minutes', 1, 1440)
    .optional()
    .describe('Minutes that a batch of nodes takes without its node soak, until three rolls of a pool are known.'),
});

const Approvals = fields({
  byOthers: flag.describe(
    'true: an approval counts only when somebody else than the last author of the policy gave it.',
  ),
});

const Stale = fields({
  days: wholeNumber('days', 1, 365)
    .optional()
    .describe('Days that a newer image may be there for a pool before the report calls it stale; 30 without.'),
  supportDays: wholeNumber('days', 1, 365)
    .optional()
    .describe("Days after an image's release until the report calls it out of support; 90 without, as AKS does."),
});

const Report = fields({
  teamTag: someText('the name of a tag of your clusters, up to 512 characters', 512).describe(
    'The tag of clusters that names their team: the report counts by it.',
  ),
});

const types = `a list of types of notifications: ${notificationTypes.join(', ')}`;

const Notifications = fields({
  types: z
    .array(z.enum(notificationTypes, { error: types }), { error: types })
    .optional()
    .describe('The types of notifications that are sent; without: all. An empty list: none.'),
});

const Kubernetes = fields({
  enabled: flag.describe(
    'true: nodes, pods and PodDisruptionBudgets are read from the Kubernetes API, for which the identity needs a role. false, the default: nothing asks it.',
  ),
});

export const Policy = fields({
  $schema: z
    .string({ error: 'the address of the JSON Schema, as text' })
    .optional()
    .describe('For your editor: where docs/policy.schema.json is, or GET /api/policy/schema.'),
  mode: oneOf('observe', 'enforce').describe(
    'observe: decide, explain and record, but start nothing. enforce: start upgrades as well.',
  ),
  selectors: z
    .array(Selector, { error: 'a list of selectors' })
    .optional()
    .describe('The clusters that the keeper keeps: those that one selector matches. Without selectors: all.'),
  rings: Rings.optional().describe(
    'Rings in their order: a release goes from one to the next. With rings, a pool in none is not started.',
  ),
  approvals: Approvals.optional().describe('Who may approve a release for a ring.'),
  failureLimit: FailureLimit.optional().describe('When failures hold further starts.'),
  images: Images.optional().describe('Which of the images that ARM offers are started.'),
  stale: Stale.optional().describe('From when on the report calls a pool out of policy.'),
  report: Report.optional().describe('What the weekly report counts by.'),
  notifications: Notifications.optional().describe('What the topic is told, where the app has one.'),
  freezes: z.array(Freeze, { error: 'a list of freezes' }).optional().describe('Days without starts.'),
  estimate: Estimate.optional().describe('How long rolls take.'),
  overrun: oneOf('start', 'block')
    .optional()
    .describe(
      'Pools whose roll fits no occurrence of their window. start, the default: early in one, running past its end. block: never.',
    ),
  kubernetes: Kubernetes.optional().describe("Reads of the clusters' own Kubernetes APIs."),
  preflight: PreflightPolicy.optional(),
  trustIntervals: flag
    .optional()
    .describe(
      'true: accepts that windows of every 2nd, 3rd, … day, week or month are counted from their startDate, which AKS does not document.',
    ),
}).refine(({ rings, failureLimit }) => rings !== undefined || failureLimit?.hold !== 'ring', {
  path: ['failureLimit', 'hold'],
  error: '"release"; "ring" needs a policy with rings',
  // Also where another field is wrong: name every problem at once.
  when: ({ value }) => isObject(value),
});
export type Policy = z.infer<typeof Policy>;

export type PolicyInForce = {
  readonly policy: Policy;
  readonly problem?: string | undefined;
  readonly author?: string | undefined;
  readonly version?: number | undefined;
  readonly holds?: readonly Hold[];
  /** Attempts whose failures made a hold before, lifted or not. */
  readonly countedFailures?: readonly string[];
  readonly approvals?: readonly Approval[];
};

export const noPolicy: PolicyInForce = {
  policy: { mode: 'observe' },
  problem: 'No policy is set, so the keeper records and starts nothing.',
};

export function parsePolicy(document: unknown) {
  const parsed = Policy.safeParse(document);
  if (!parsed.success) return { ok: false, problems: toProblems(document, parsed.error) } as const;
  return { ok: true, policy: parsed.data } as const;
}

export function isWanted({ notifications }: Policy, type: NotificationType): boolean {
  return notifications?.types?.includes(type) ?? true;
}

export function selects(policy: Policy, cluster: Cluster): boolean {
  return policy.selectors?.some((selector) => selectorMatches(selector, cluster)) ?? true;
}
