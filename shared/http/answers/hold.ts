// What the operations on holds and approvals answer.
import { z } from 'zod';
import type { Approval as Approved } from '../../domain/policy/approval.ts';
import type { Hold as Held } from '../../domain/policy/hold.ts';
import type { LiftedHold as Lifted, RevokedApproval as Revoked } from '../../stores/standingStore.ts';
import type { Judged } from '../../usecases/policy/judgeReach.ts';
import {
  Author,
  Count,
  component,
  Instant,
  OffsetInstant,
  page,
  poolFields,
  record,
  Sentence,
  shape,
} from './component.ts';

const holdFields = {
  id: z.string(),
  owner: z.string().describe('Who to ask about it.'),
  reason: Sentence,
  from: OffsetInstant.optional().describe('Absent: from its making.'),
  until: OffsetInstant.optional().describe('Absent: until it is lifted.'),
  createdAt: Instant,
  createdBy: Author,
  failures: z.array(z.string()).optional().describe('The ids of the failed attempts that made the keeper set it.'),
};

const cluster = z.string().describe('An ARM id, or a name with * and ?.');

const scoped = <Fields extends z.ZodRawShape>(more: Fields) =>
  z.discriminatedUnion('scope', [
    z.strictObject({ scope: z.literal('fleet'), ...holdFields, ...more }),
    z.strictObject({ scope: z.literal('ring'), ring: z.string(), ...holdFields, ...more }),
    z.strictObject({ scope: z.literal('cluster'), cluster, ...holdFields, ...more }),
    z.strictObject({ scope: z.literal('nodePool'), cluster, nodePool: z.string(), ...holdFields, ...more }),
    z.strictObject({ scope: z.literal('release'), release: z.string(), ...holdFields, ...more }),
  ]);

const Hold = component<Held>()('Hold', 'Nothing starts in its scope while it stands.', scoped({}));

const taken = {
  matches: shape(
    'Matches',
    'The pools that it keeps from being started, or lets start, as the lists showed them last.',
    {
      count: Count,
      first: z.array(z.strictObject(poolFields)).describe('The first 50.'),
    },
  ),
  warning: Sentence.optional().describe('Why it may match other pools than these, or what it means without any.'),
};

type Taken = Pick<Judged, 'matches' | 'warning'>;

export const NewHold = component<Held & Taken>()('NewHold', 'A hold that was set just now.', scoped(taken));

export const LiftedHold = component<Lifted>()(
  'LiftedHold',
  'A hold that was lifted, and who did it.',
  scoped({ liftedAt: Instant, liftedBy: Author }),
);

export const HoldPage = z.union([page(Hold), page(LiftedHold)]).meta({
  id: 'HoldPage',
  description: 'Those that are not lifted, oldest first; with lifted=true those that were, newest first.',
});

const approvalFields = {
  id: z.string(),
  ring: z.string(),
  release: z.string().describe('Such as 202512.18.0, or a whole node image version.'),
  reason: Sentence,
  approvedAt: Instant,
  approvedBy: Author,
};

const Approval = record<Approved>()('Approval', 'A release that may be started in a ring.', approvalFields);

export const NewApproval = record<Approved & Taken>()('NewApproval', 'An approval that was given just now.', {
  ...approvalFields,
  ...taken,
});

export const RevokedApproval = record<Revoked>()('RevokedApproval', 'An approval that was revoked, and who did it.', {
  ...approvalFields,
  revokedAt: Instant,
  revokedBy: Author,
});

export const ApprovalPage = z.union([page(Approval), page(RevokedApproval)]).meta({
  id: 'ApprovalPage',
  description: 'Those that stand, oldest first; with revoked=true those that were revoked, newest first.',
});
