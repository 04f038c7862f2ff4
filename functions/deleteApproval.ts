// DELETE /api/approvals/{id}: revokes an approval, and keeps who did. What has started by it goes on.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { RevokedApproval } from '../shared/http/answers/hold.ts';
import { authorOf, EndQuery } from '../shared/http/policySchemas.ts';
import { json, noAuthor, problem } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { revokeApproval } from '../shared/stores/approvalsStore.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, EndQuery);
  if (!query.ok) return query.response;
  const { tables, clock, log, signInHeader } = dependencies(context);
  const by = authorOf(request, signInHeader, query.value.author);
  if (by === undefined) return noAuthor('query', 'revokes the approval');
  const id = request.params['id'] ?? '';
  const revoked = /^[\w-]+$/.test(id) ? await revokeApproval(tables, id, { at: clock.now(), by }) : undefined;
  if (!revoked) {
    const detail = `No approval of the id ${JSON.stringify(id.slice(0, 100))} stands; GET /api/approvals lists those that do, and GET /api/approvals?revoked=true those that were revoked.`;
    return problem(404, 'No such approval', detail);
  }
  log.info(`Approval ${id} revoked by ${by}.`);
  return json<RevokedApproval>(revoked);
}

app.http('deleteApproval', { methods: ['DELETE'], route: 'approvals/{id}', authLevel: 'function', handler });
