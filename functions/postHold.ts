// POST /api/holds: sets a hold on the fleet, a ring, a cluster, a pool or a release.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import type { Hold } from '../shared/answers/hold.ts';
import { dependencies } from '../shared/composition.ts';
import { describeProblems } from '../shared/domain/problems.ts';
import { readJsonBody } from '../shared/jsonBody.ts';
import { authorOf, HoldBody } from '../shared/policySchemas.ts';
import { json, noAuthor, problem } from '../shared/problem.ts';
import { readQuery } from '../shared/readQuery.ts';
import { setHold } from '../shared/usecases/setHold.ts';
import { NoQuery } from '../shared/windowSchemas.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, NoQuery);
  if (!query.ok) return query.response;
  const body = await readJsonBody(request, HoldBody);
  if (!body.ok) return body.response;
  const { author: given, ...hold } = body.value;
  const parts = dependencies(context);
  const author = authorOf(request, parts.signInHeader, given);
  if (author === undefined) return noAuthor('body', 'sets the hold');
  const result = await setHold(parts, hold, author);
  if (result.ok) return json<Hold>(result.hold, 201);
  return problem(400, 'The hold is not valid', `${describeProblems(result.problems, 'The hold')}.`, result.problems);
}

app.http('postHold', { methods: ['POST'], route: 'holds', authLevel: 'function', handler });
