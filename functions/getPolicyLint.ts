// GET /api/policy/lint: what is odd about the policy in force, the holds and the fleet together.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { PolicyLint } from '../shared/http/answers/policy.ts';
import { json } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { NoQuery } from '../shared/http/windowSchemas.ts';
import { lintFleet } from '../shared/usecases/policy/lintFleet.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, NoQuery);
  if (!query.ok) return query.response;
  return json<PolicyLint>({ value: await lintFleet(dependencies(context)) });
}

app.http('getPolicyLint', { methods: ['GET'], route: 'policy/lint', authLevel: 'function', handler });
