// The operations on holds and approvals. Part of the table of operations.
import type { Approval as Approved } from '../../domain/policy/approval.ts';
import type { Hold as Held } from '../../domain/policy/hold.ts';
import { Approval, ApprovalPage, Hold, HoldPage, LiftedHold, RevokedApproval } from '../answers/hold.ts';
import { ApprovalBody, ApprovalsQuery, EndQuery, HoldBody, HoldsQuery } from '../requests/hold.ts';
import { friday } from './examples.ts';
import { asJson, type OperationTexts, ok } from './operation.ts';

export const hold: Held = {
  id: '2f1a09d0-7c5d-4e57-9b12-0d6f4c1e8a3b',
  scope: 'release',
  release: '202601.07.0',
  owner: 'platform',
  reason: 'DNS breaks',
  createdAt: friday,
  createdBy: 'ada',
};

const approval: Approved = {
  id: '7c5d2f1a-09d0-4e57-9b12-0d6f4c1e8a3b',
  ring: 'production',
  release: '202601.07.0',
  reason: 'A week in staging',
  approvedAt: friday,
  approvedBy: 'ada',
};

const sunday = '2026-11-22T09:00:00Z';
const lifted = { ...hold, liftedAt: sunday, liftedBy: 'ada' };
const revoked = { ...approval, revokedAt: sunday, revokedBy: 'ada' };

export const onHolds = {
  getHolds: {
    summary: 'What nobody may start, who says so and until when.',
    query: HoldsQuery,
    answers: ok('The holds.', HoldPage, { value: [hold] }),
  },
  postHold: {
    summary: 'Sets a hold on the fleet, a ring, a cluster, a pool or a release.',
    body: {
      schema: HoldBody,
      example: { scope: 'release', release: '202601.07.0', owner: 'platform', reason: 'DNS breaks', author: 'ada' },
    },
    answers: { 201: asJson('The hold.', Hold, hold) },
  },
  deleteHold: {
    summary: 'Lifts a hold, and keeps who did.',
    query: EndQuery,
    answers: ok('The hold that was lifted.', LiftedHold, lifted),
    problems: { 404: 'No hold of that id is set.' },
  },
  getApprovals: {
    summary: 'Which releases are approved for which ring, by whom and why.',
    query: ApprovalsQuery,
    answers: ok('The approvals.', ApprovalPage, { value: [approval] }),
  },
  postApproval: {
    summary: 'Approves a release for a ring.',
    body: {
      schema: ApprovalBody,
      example: { ring: 'production', release: '202601.07.0', reason: 'A week in staging', author: 'ada' },
    },
    answers: { 201: asJson('The approval.', Approval, approval) },
    problems: {
      409: 'The policy asks for an approver who is not its last author, and this one is, or nobody knows who that was.',
    },
  },
  deleteApproval: {
    summary: 'Revokes an approval, and keeps who did.',
    query: EndQuery,
    answers: ok('The approval that was revoked.', RevokedApproval, revoked),
    problems: { 404: 'No approval of that id stands.' },
  },
} satisfies Readonly<Record<string, OperationTexts>>;
