// POST /api/holds: sets a hold on the fleet, a ring, a cluster, a pool or a release.
import { readSigned } from '../shared/http/author.ts';
import { badDocument, matchesNothing } from '../shared/http/problemDocument.ts';
import { HoldBody } from '../shared/http/requests/hold.ts';
import { queryTrigger } from '../shared/http/trigger.ts';
import { setHold } from '../shared/usecases/policy/setHold.ts';

export const handler = queryTrigger('postHold', async ({ allowNoMatch }, { request, parts, json }) => {
  const body = await readSigned(request, parts.signInHeader, HoldBody, 'sets the hold');
  if (!body.ok) return body.response;
  const { errors, author } = body;
  const { author: _author, ...hold } = body.fields;
  const result = await setHold(parts, hold, errors.length === 0 ? author : undefined, allowNoMatch);
  if (result.ok) return json({ ...result.hold, matches: result.matches, warning: result.warning }, 201);
  return result.unmatched ? matchesNothing('hold', result.unmatched) : badDocument('hold', errors, result.problems);
});
