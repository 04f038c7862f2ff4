// POST /api/holds: sets a hold on the fleet, a ring, a cluster, a pool or a release.
import { dependencies } from '../shared/composition.ts';
import type { Hold } from '../shared/http/answers/hold.ts';
import { authorOf, noAuthor } from '../shared/http/author.ts';
import { json } from '../shared/http/jsonAnswer.ts';
import { badDocument } from '../shared/http/problemDocument.ts';
import { HoldBody } from '../shared/http/requests/hold.ts';
import { bodyTrigger } from '../shared/http/trigger.ts';
import { setHold } from '../shared/usecases/policy/setHold.ts';

export const handler = bodyTrigger('postHold', HoldBody, async ({ author: given, ...hold }, { request, context }) => {
  const parts = dependencies(context);
  const author = authorOf(request, parts.signInHeader, given);
  if (author === undefined) return noAuthor('body', 'sets the hold');
  const result = await setHold(parts, hold, author);
  return result.ok ? json<typeof Hold>(result.hold, 201) : badDocument('hold', result.problems);
});
