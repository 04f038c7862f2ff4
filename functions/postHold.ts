// POST /api/holds: sets a hold on the fleet, a ring, a cluster, a pool or a release.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { describeProblems } from '../shared/domain/text/fieldProblems.ts';
import type { Hold } from '../shared/http/answers/hold.ts';
import { readJsonBody } from '../shared/http/jsonBody.ts';
import { authorOf, HoldBody } from '../shared/http/policySchemas.ts';
import { json, noAuthor, problem } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { NoQuery } from '../shared/http/windowSchemas.ts';
import { setHold } from '../shared/usecases/policy/setHold.ts';

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
