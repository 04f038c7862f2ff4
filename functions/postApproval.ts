// POST /api/approvals: approves a release for a ring.
import { authorOf, noAuthor } from '../shared/http/author.ts';
import { badDocument, problem } from '../shared/http/problemDocument.ts';
import { bodyTrigger } from '../shared/http/trigger.ts';
import { approveRelease } from '../shared/usecases/policy/approveRelease.ts';

const wants = "The policy asks for an approver who is not the policy's last author (approvals.byOthers)";

export const handler = bodyTrigger('postApproval', async ({ author: given, ...approval }, { request, parts, json }) => {
  const approver = authorOf(request, parts.signInHeader, given);
  if (approver === undefined) return noAuthor('body', 'approves');
  const result = await approveRelease(parts, approval, approver);
  switch (result.kind) {
    case 'approved':
      return json(result.approval, 201);
    case 'invalid':
      return badDocument('approval', result.problems);
    case 'ownPolicy':
      return problem(409, 'Somebody else must approve', `${wants}, and ${approver} is. Let somebody else approve.`);
    case 'authorUnknown': {
      const detail = `${wants}, and nobody knows who that is: it was not put in force by PUT /api/policy. Do that first.`;
      return problem(409, "The policy's author is not known", detail);
    }
  }
});
