// The operations on holds and approvals. Part of the table of operations.
import { Approval, ApprovalPage, Hold, HoldPage, LiftedHold, RevokedApproval } from '../answers/hold.ts';
import { ApprovalBody, ApprovalsQuery, EndPath, EndQuery, HoldBody, HoldsQuery } from '../requests/hold.ts';
import { friday } from './examples.ts';
import { asJson, get, ok, post, remove } from './operation.ts';

const askedHold = { scope: 'release', release: '202601.07.0', owner: 'platform', reason: 'DNS breaks' } as const;
const askedApproval = { ring: 'production', release: '202601.07.0', reason: 'A week in staging' };
const lifted = { liftedAt: '2026-11-22T09:00:00Z', liftedBy: 'ada' };
const revoked = { revokedAt: '2026-11-22T09:00:00Z', revokedBy: 'ada' };

export const hold = { id: '2f1a09d0-7c5d-4e57-9b12-0d6f4c1e8a3b', ...askedHold, createdAt: friday, createdBy: 'ada' };
const approval = {
  id: '7c5d2f1a-09d0-4e57-9b12-0d6f4c1e8a3b',
  ...askedApproval,
  approvedAt: friday,
  approvedBy: 'ada',
};

export const onHolds = {
  getHolds: get('holds', {
    summary: 'What nobody may start, who says so and until when.',
    query: HoldsQuery,
    answers: ok('The holds.', HoldPage, { value: [hold] }),
  }),
  postHold: post('holds', {
    summary: 'Sets a hold on the fleet, a ring, a cluster, a pool or a release.',
    body: { schema: HoldBody, example: { ...askedHold, author: 'ada' } },
    answers: { 201: asJson('The hold.', Hold, hold) },
  }),
  deleteHold: remove('holds/{id}', {
    summary: 'Lifts a hold, and keeps who did.',
    path: EndPath,
    query: EndQuery,
    answers: ok('The hold that was lifted, now or before; who lifted it first.', LiftedHold, { ...hold, ...lifted }),
    problems: { 404: 'No hold of that id is or was set.' },
  }),
  getApprovals: get('approvals', {
    summary: 'Which releases are approved for which ring, by whom and why.',
    query: ApprovalsQuery,
    answers: ok('The approvals.', ApprovalPage, { value: [approval] }),
  }),
  postApproval: post('approvals', {
    summary: 'Approves a release for a ring.',
    body: { schema: ApprovalBody, example: { ...askedApproval, author: 'ada' } },
    answers: { 201: asJson('The approval.', Approval, approval) },
    problems: {
      409: 'The policy asks for an approver who is not its last author, and this one is, or nobody knows who that was.',
    },
  }),
  deleteApproval: remove('approvals/{id}', {
    summary: 'Revokes an approval, and keeps who did.',
    path: EndPath,
    query: EndQuery,
    answers: ok('The approval that was revoked, now or before; who revoked it first.', RevokedApproval, {
      ...approval,
      ...revoked,
    }),
    problems: { 404: 'No approval of that id stands or stood.' },
  }),
};
