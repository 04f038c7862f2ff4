// GET /api/policy/versions: who changed the policy, when and why, the newest first.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { DecisionsQuery, parametersOf, toList } from '../shared/httpSchemas.ts';
import { badQuery, json } from '../shared/problem.ts';
import { listPolicyVersions } from '../shared/stores/policyStore.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = DecisionsQuery.safeParse(parametersOf(request.query));
  if (!query.success) return badQuery(query.error);
  const { limit, cursor } = query.data;
  const { values, ...page } = await listPolicyVersions(dependencies(context).tables, { limit, from: cursor });
  return json(toList(request.url, { ...page, values: values.map(({ policy: _policy, ...version }) => version) }));
}

app.http('getPolicyVersions', { methods: ['GET'], route: 'policy/versions', authLevel: 'function', handler });
