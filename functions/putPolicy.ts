// PUT /api/policy: puts a policy in force, if the caller knows what it replaces; with dryRun, says what would change.
import type { HttpResponseInit } from '@azure/functions';
import { parsePolicy } from '../shared/domain/policy/policy.ts';
import type { Problem } from '../shared/domain/text/fieldProblems.ts';
import { authorOf, noAuthor } from '../shared/http/author.ts';
import { badDocument, problem } from '../shared/http/problemDocument.ts';
import { readJsonBody } from '../shared/http/readRequest.ts';
import { PreviewPolicyBody, PutPolicyBody, preconditionOf } from '../shared/http/requests/policy.ts';
import { type Asked, queryTrigger } from '../shared/http/trigger.ts';
import { longestPolicy } from '../shared/stores/policyStore.ts';
import { changePolicy } from '../shared/usecases/policy/changePolicy.ts';
import { previewPolicy } from '../shared/usecases/policy/previewPolicy.ts';

export const handler = queryTrigger('putPolicy', async ({ dryRun }, asked) => (dryRun ? preview(asked) : put(asked)));

async function put(asked: Asked<'putPolicy'>): Promise<HttpResponseInit> {
  const precondition = preconditionOf(asked.request);
  if (!precondition) {
    const detail =
      'Say what the policy replaces: If-Match with the ETag of GET /api/policy, or If-None-Match: * where none is set.';
    return problem(428, 'A precondition is required', detail);
  }
  const body = await readJsonBody(asked.request, PutPolicyBody);
  if (!body.ok) return body.response;
  const { parts, request, json } = asked;
  const author = authorOf(request, parts.signInHeader, body.value.author);
  if (author === undefined) return noAuthor('body', 'changes the policy');
  const result = await changePolicy(parts, { ...body.value, author }, precondition);
  switch (result.kind) {
    case 'invalid':
      return badPolicy(result.problems);
    case 'tooLarge':
      return tooLarge(result.characters);
    case 'stale': {
      const found = result.version === undefined ? 'no policy is set' : `version ${result.version} is in force`;
      const detail = `Another policy is in force than the request expects: ${found}. Read GET /api/policy, bring your change into that, and send its ETag as If-Match.`;
      return problem(412, 'The policy has changed', detail);
    }
    case 'written': {
      const { stored, created, tag } = result;
      return json(stored, created ? 201 : 200, tag === undefined ? {} : { etag: tag });
    }
  }
}

async function preview(asked: Asked<'putPolicy'>): Promise<HttpResponseInit> {
  const body = await readJsonBody(asked.request, PreviewPolicyBody);
  if (!body.ok) return body.response;
  const parsed = parsePolicy(body.value.policy);
  if (!parsed.ok) return badPolicy(parsed.problems);
  const { length } = JSON.stringify({ ...body.value, policy: parsed.policy });
  if (length > longestPolicy) return tooLarge(length);
  const { parts, request, json } = asked;
  const author = authorOf(request, parts.signInHeader, body.value.author);
  return json({ value: await previewPolicy(parts, parsed.policy, author) });
}

function tooLarge(characters: number): HttpResponseInit {
  const detail = `With author, reason and commit the policy takes ${characters} characters of JSON; at most ${longestPolicy} are stored. Let patterns stand for lists of names.`;
  return problem(413, 'The policy is too large', detail);
}

function badPolicy(problems: readonly Problem[]): HttpResponseInit {
  return badDocument('policy', problems, ' The policy in force stays.');
}
