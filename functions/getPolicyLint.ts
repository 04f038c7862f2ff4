// GET /api/policy/lint: what is odd about the policy in force, the holds and the fleet together.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { parametersOf } from '../shared/httpSchemas.ts';
import { badQuery, json } from '../shared/problem.ts';
import { lintFleet } from '../shared/usecases/lintFleet.ts';
import { NoQuery } from '../shared/windowSchemas.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = NoQuery.safeParse(parametersOf(request.query));
  if (!query.success) return badQuery(query.error);
  return json({ value: await lintFleet(dependencies(context)) });
}

app.http('getPolicyLint', { methods: ['GET'], route: 'policy/lint', authLevel: 'function', handler });
