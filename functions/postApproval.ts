// POST /api/approvals: approves a release for a ring.
import { readSigned } from '../shared/http/author.ts';
import { badDocument, matchesNothing, problem } from '../shared/http/problemDocument.ts';
import { ApprovalBody } from '../shared/http/requests/hold.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { approveRelease } from '../shared/usecases/policy/approveRelease.ts';

const wants = "The policy asks for an approver who is not the policy's last author (approvals.byOthers)";

export const handler = queryTrigger('postApproval', async ({ allowNoMatch }, { request, parts, json }) => {
  const body = await readSigned(request, parts.signInHeader, ApprovalBody, 'approves');
  if (!body.ok) return body.response;
  const { errors, author: approver } = body;
  const { author: _author, ...approval } = body.fields;
  const result = await approveRelease(parts, approval, errors.length === 0 ? approver : undefined, allowNoMatch);
  switch (result.kind) {
    case 'approved':
      return json({ ...result.approval, matches: result.matches, warning: result.warning }, 201);
    case 'noMatch':
      return matchesNothing('approval', result.unmatched);
    case 'invalid':
      return badDocument('approval', errors, result.problems);
    case 'ownPolicy':
      return problem(409, 'Somebody else must approve', `${wants}, and ${approver} is. Let somebody else approve.`);
    case 'authorUnknown': {
      const detail = `${wants}, and nobody knows who that is: it was not put in force by PUT /api/policy. Do that first.`;
      return problem(409, "The policy's author is not known", detail);
    }
  }
});
