// GET /api/policy/versions: who changed the policy, when and why, the newest first.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { VersionsQuery } from '../shared/policySchemas.ts';
import { json } from '../shared/problem.ts';
import { readQuery } from '../shared/readQuery.ts';
import { listPolicyVersions } from '../shared/stores/policyStore.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, VersionsQuery);
  if (!query.ok) return query.response;
  const versions = await listPolicyVersions(dependencies(context).tables, query.value.limit);
  return json({ value: versions.map(({ policy: _policy, ...version }) => version) });
}

app.http('getPolicyVersions', { methods: ['GET'], route: 'policy/versions', authLevel: 'function', handler });
