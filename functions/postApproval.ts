// POST /api/approvals: approves a release for a ring.
import { dependencies } from '../shared/composition.ts';
import type { Approval } from '../shared/http/answers/hold.ts';
import { authorOf, noAuthor } from '../shared/http/author.ts';
import { json } from '../shared/http/jsonAnswer.ts';
import { badDocument, problem } from '../shared/http/problemDocument.ts';
import { ApprovalBody } from '../shared/http/requests/hold.ts';
import { bodyTrigger } from '../shared/http/trigger.ts';
import { approveRelease } from '../shared/usecases/policy/approveRelease.ts';

const wants = "The policy asks for an approver who is not the policy's last author (approvals.byOthers)";

export const handler = bodyTrigger(
  'postApproval',
  ApprovalBody,
  async ({ author: given, ...approval }, { request, context }) => {
    const parts = dependencies(context);
    const approver = authorOf(request, parts.signInHeader, given);
    if (approver === undefined) return noAuthor('body', 'approves');
    const result = await approveRelease(parts, approval, approver);
    switch (result.kind) {
      case 'approved':
        return json<typeof Approval>(result.approval, 201);
      case 'invalid':
        return badDocument('approval', result.problems);
      case 'ownPolicy':
        return problem(409, 'Somebody else must approve', `${wants}, and ${approver} is. Let somebody else approve.`);
      case 'authorUnknown': {
        const detail = `${wants}, and nobody knows who that is: it was not put in force by PUT /api/policy. Do that first.`;
        return problem(409, "The policy's author is not known", detail);
      }
    }
  },
);
