// GET /api/approvals: the approvals that stand, oldest first; with revoked=true those that were revoked, newest first.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { ApprovalPage } from '../shared/http/answers/hold.ts';
import { toList } from '../shared/http/httpSchemas.ts';
import { ApprovalsQuery } from '../shared/http/policySchemas.ts';
import { json } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { listApprovals, listRevokedApprovals } from '../shared/stores/approvalsStore.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, ApprovalsQuery);
  if (!query.ok) return query.response;
  const { tables } = dependencies(context);
  const { revoked, limit, cursor } = query.value;
  const list = revoked ? listRevokedApprovals : listApprovals;
  return json<ApprovalPage>(toList(request.url, await list(tables, { limit, from: cursor })));
}

app.http('getApprovals', { methods: ['GET'], route: 'approvals', authLevel: 'function', handler });
