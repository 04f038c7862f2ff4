// GET /api/policy/versions: who changed the policy, when and why, the newest first.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { PolicyVersionPage } from '../shared/http/answers/policy.ts';
import { DecisionsQuery, toList } from '../shared/http/httpSchemas.ts';
import { json } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { listPolicyVersions } from '../shared/stores/policyStore.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, DecisionsQuery);
  if (!query.ok) return query.response;
  const { limit, cursor } = query.value;
  const { values, ...page } = await listPolicyVersions(dependencies(context).tables, { limit, from: cursor });
  return json<PolicyVersionPage>(
    toList(request.url, { ...page, values: values.map(({ policy: _policy, ...version }) => version) }),
  );
}

app.http('getPolicyVersions', { methods: ['GET'], route: 'policy/versions', authLevel: 'function', handler });
