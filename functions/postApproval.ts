// POST /api/approvals: approves a release for a ring.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { describeProblems } from '../shared/domain/text/fieldProblems.ts';
import type { Approval } from '../shared/http/answers/hold.ts';
import { readJsonBody } from '../shared/http/jsonBody.ts';
import { ApprovalBody, authorOf } from '../shared/http/policySchemas.ts';
import { json, noAuthor, problem } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { NoQuery } from '../shared/http/windowSchemas.ts';
import { approveRelease } from '../shared/usecases/policy/approveRelease.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, NoQuery);
  if (!query.ok) return query.response;
  const body = await readJsonBody(request, ApprovalBody);
  if (!body.ok) return body.response;
  const { author: given, ...approval } = body.value;
  const parts = dependencies(context);
  const approver = authorOf(request, parts.signInHeader, given);
  if (approver === undefined) return noAuthor('body', 'approves');
  const result = await approveRelease(parts, approval, approver);
  const wants = "The policy asks for an approver who is not the policy's last author (approvals.byOthers)";
  switch (result.kind) {
    case 'approved':
      return json<Approval>(result.approval, 201);
    case 'invalid': {
      const detail = `${describeProblems(result.problems, 'The approval')}.`;
      return problem(400, 'The approval is not valid', detail, result.problems);
    }
    case 'ownPolicy':
      return problem(409, 'Somebody else must approve', `${wants}, and ${approver} is. Let somebody else approve.`);
    case 'authorUnknown': {
      const detail = `${wants}, and nobody knows who that is: it was not put in force by PUT /api/policy. Do that first.`;
      return problem(409, "The policy's author is not known", detail);
    }
  }
}

app.http('postApproval', { methods: ['POST'], route: 'approvals', authLevel: 'function', handler });
