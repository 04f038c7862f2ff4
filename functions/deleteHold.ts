// DELETE /api/holds/{id}: lifts a hold, and keeps who did.
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import type { LiftedHold } from '../shared/http/answers/hold.ts';
import { authorOf, EndQuery } from '../shared/http/policySchemas.ts';
import { json, noAuthor, problem } from '../shared/http/problem.ts';
import { readQuery } from '../shared/http/readQuery.ts';
import { liftHold } from '../shared/stores/holdsStore.ts';

export async function handler(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const query = readQuery(request, EndQuery);
  if (!query.ok) return query.response;
  const { tables, clock, log, signInHeader } = dependencies(context);
  const by = authorOf(request, signInHeader, query.value.author);
  if (by === undefined) return noAuthor('query', 'lifts the hold');
  const id = request.params['id'] ?? '';
  const lifted = /^[\w-]+$/.test(id) ? await liftHold(tables, id, { at: clock.now(), by }) : undefined;
  if (!lifted) {
    const detail = `No hold of the id ${JSON.stringify(id.slice(0, 100))} is set; GET /api/holds lists those that are, and GET /api/holds?lifted=true those that were.`;
    return problem(404, 'No such hold', detail);
  }
  log.info(`Hold ${id} lifted by ${by}.`);
  return json<LiftedHold>(lifted);
}

app.http('deleteHold', { methods: ['DELETE'], route: 'holds/{id}', authLevel: 'function', handler });
