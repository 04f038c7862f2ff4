// The operations on holds and approvals. Part of the table of operations.
import { ApprovalPage, HoldPage, LiftedHold, NewApproval, NewHold, RevokedApproval } from '../answers/hold.ts';
import { ApprovalBody, ApprovalsQuery, EndPath, EndQuery, HoldBody, HoldsQuery, MatchQuery } from '../requests/hold.ts';
import { friday, pool } from './examples.ts';
import { asJson, type Operations, ok } from './operation.ts';

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

const matches = { count: 1, first: [pool] };
const unless =
  'That is taken with allowNoMatch=true, and with a warning where a list of the fleet failed, is older than an hour or never was.';

export const onHolds = {
  getHolds: {
    summary: 'What nobody may start, who says so and until when.',
    query: HoldsQuery,
    answers: ok('The holds.', HoldPage, { value: [hold] }),
  },
  postHold: {
    summary: 'Sets a hold on the fleet, a ring, a cluster, a pool or a release.',
    query: MatchQuery,
    body: { schema: HoldBody, example: { ...askedHold, author: 'ada' } },
    answers: { 201: asJson('The hold, and the pools that it matches.', NewHold, { ...hold, matches }) },
    problems: { 409: `It matches no pool. ${unless}` },
  },
  deleteHold: {
    summary: 'Lifts a hold, and keeps who did.',
    path: EndPath,
    query: EndQuery,
    answers: ok('The hold that was lifted, now or before; who lifted it first.', LiftedHold, { ...hold, ...lifted }),
    problems: { 404: 'No hold of that id is or was set.' },
  },
  getApprovals: {
    summary: 'Which releases are approved for which ring, by whom and why.',
    query: ApprovalsQuery,
    answers: ok('The approvals.', ApprovalPage, { value: [approval] }),
  },
  postApproval: {
    summary: 'Approves a release for a ring.',
    query: MatchQuery,
    body: { schema: ApprovalBody, example: { ...askedApproval, author: 'ada' } },
    answers: { 201: asJson('The approval, and the pools that it matches.', NewApproval, { ...approval, matches }) },
    problems: {
      409: `The policy asks for an approver who is not its last author, and this one is, or nobody knows who that was. Or ARM offers no pool of the ring the release. ${unless}`,
    },
  },
  deleteApproval: {
    summary: 'Revokes an approval, and keeps who did.',
    path: EndPath,
    query: EndQuery,
    answers: ok('The approval that was revoked, now or before; who revoked it first.', RevokedApproval, {
      ...approval,
      ...revoked,
    }),
    problems: { 404: 'No approval of that id stands or stood.' },
  },
} satisfies Operations;
