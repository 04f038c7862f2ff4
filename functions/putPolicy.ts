// PUT /api/policy: puts a policy in force, if the caller knows what it replaces; with dryRun, says what would change.
import type { HttpResponseInit } from '@azure/functions';
import { parsePolicy } from '../shared/domain/policy/policy.ts';
import { readSigned } from '../shared/http/author.ts';
import { badDocument, problem } from '../shared/http/problemDocument.ts';
import { hasPrecondition, PreviewPolicyBody, PutPolicyBody, preconditionOf } from '../shared/http/requests/policy.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { longestPolicy } from '../shared/stores/policyStore.ts';
import { changePolicy, checkChange } from '../shared/usecases/policy/changePolicy.ts';
import { previewPolicy } from '../shared/usecases/policy/previewPolicy.ts';

/** A dry run refuses what the same request without it would; what it may leave out: reason, author and precondition. */
export const handler = queryTrigger('putPolicy', async ({ dryRun = false }, { request, parts, json }) => {
  const precondition = preconditionOf(request);
  if (!precondition && (!dryRun || hasPrecondition(request))) return noPrecondition();
  const schema = dryRun ? PreviewPolicyBody : PutPolicyBody;
  const body = await readSigned(request, parts.signInHeader, schema, dryRun ? undefined : 'changes the policy');
  if (!body.ok) return body.response;
  const { value, author, errors, fields } = body;
  if (!value || errors.length > 0) {
    const parsed = fields['policy'] === undefined ? undefined : parsePolicy(fields['policy']);
    return badDocument('policy', errors, parsed?.ok === false ? parsed.problems : [], stays);
  }
  const change = { ...value, author };
  if (!precondition || dryRun) {
    const checked = await checkChange(parts, change, precondition);
    if (checked.kind !== 'fits') return refusal(checked);
    return json({ value: await previewPolicy(parts, checked.policy, author) });
  }
  const result = await changePolicy(parts, change, precondition);
  if (result.kind !== 'written') return refusal(result);
  const { stored, created, tag } = result;
  return json(stored, created ? 201 : 200, tag === undefined ? {} : { etag: tag });
});

const stays = ' The policy in force stays.';

function noPrecondition(): HttpResponseInit {
  const detail =
    'Say what the policy replaces: If-Match with the ETag of GET /api/policy, or If-None-Match: * where none is set.';
  return problem(428, 'A precondition is required', detail);
}

type Refused = Exclude<Awaited<ReturnType<typeof checkChange>>, { readonly kind: 'fits' }>;

function refusal(refused: Refused): HttpResponseInit {
  switch (refused.kind) {
    case 'invalid':
      return badDocument('policy', [], refused.problems, stays);
    case 'tooLarge': {
      const detail = `With author, reason and commit the policy takes ${refused.characters} characters of JSON; at most ${longestPolicy} are stored. Let patterns stand for lists of names.`;
      return problem(413, 'The policy is too large', detail);
    }
    case 'stale': {
      const found = refused.version === undefined ? 'no policy is set' : `version ${refused.version} is in force`;
      const detail = `Another policy is in force than the request expects: ${found}. Read GET /api/policy, bring your change into that, and send its ETag as If-Match.`;
      return problem(412, 'The policy has changed', detail);
    }
  }
}
