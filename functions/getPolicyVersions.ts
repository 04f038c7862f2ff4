// GET /api/policy/versions: who changed the policy, when and why, the newest first.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { parametersOf } from '../shared/httpSchemas.ts';
import { VersionsQuery } from '../shared/policySchemas.ts';
import { badQuery, json } from '../shared/problem.ts';
import { listPolicyVersions } from '../shared/stores/policyStore.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = VersionsQuery.safeParse(parametersOf(request.query));
  if (!query.success) return badQuery(query.error);
  const versions = await listPolicyVersions(dependencies(context).tables, query.data.limit);
  return json({ value: versions.map(({ policy: _policy, ...version }) => version) });
}

app.http('getPolicyVersions', { methods: ['GET'], route: 'policy/versions', authLevel: 'function', handler });
