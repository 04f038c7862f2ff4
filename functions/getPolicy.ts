// GET /api/policy: the policy in force, with its ETag, or an earlier version; who set it, when and why.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { PolicyVersion } from '../shared/http/answers/policy.ts';
import { PolicyQuery } from '../shared/http/policySchemas.ts';
import { json, problem } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { getPolicyVersion, readCurrentPolicy } from '../shared/stores/policyStore.ts';
import { tagOf } from '../shared/usecases/policy/putPolicy.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, PolicyQuery);
  if (!query.ok) return query.response;
  const { tables } = dependencies(context);
  const { version } = query.value;
  if (version !== undefined) {
    const stored = await getPolicyVersion(tables, version);
    const detail = `There is no version ${version}; GET /api/policy/versions lists them.`;
    return stored ? json<PolicyVersion>(stored) : problem(404, 'No such version', detail);
  }
  const current = await readCurrentPolicy(tables);
  if (!current) {
    const detail = 'No policy is set, so the keeper records and starts nothing. PUT one with If-None-Match: *.';
    return problem(404, 'No policy', detail);
  }
  return json<PolicyVersion>(current.stored, 200, { etag: tagOf(current) });
}

app.http('getPolicy', { methods: ['GET'], route: 'policy', authLevel: 'function', handler });
