// POST /api/holds: sets a hold on the fleet, a ring, a cluster, a pool or a release.
import { authorOf, noAuthor } from '../shared/http/author.ts';
import { badDocument } from '../shared/http/problemDocument.ts';
import { bodyTrigger } from '../shared/http/trigger.ts';
import { setHold } from '../shared/usecases/policy/setHold.ts';

export const handler = bodyTrigger('postHold', async ({ author: given, ...hold }, { request, parts, json }) => {
  const author = authorOf(request, parts.signInHeader, given);
  if (author === undefined) return noAuthor('body', 'sets the hold');
  const result = await setHold(parts, hold, author);
  return result.ok ? json(result.hold, 201) : badDocument('hold', result.problems);
});
