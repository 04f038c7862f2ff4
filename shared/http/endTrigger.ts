// Ends a hold or an approval and keeps who did. Called by deleteHold and deleteApproval.
import type { Temporal } from 'temporal-polyfill';
import type { Tables } from '../ports/tables.ts';
import { authorOf, noAuthor } from './author.ts';
import { problem } from './problemDocument.ts';
import { type Handler, type JsonOf, queryTrigger } from './trigger.ts';

type End<Ended> = (
  tables: Tables,
  id: string,
  ending: { readonly at: Temporal.Instant; readonly by: string },
) => Promise<Ended | undefined>;

type Words = {
  readonly what: 'hold' | 'approval';
  readonly does: 'lifts the hold' | 'revokes the approval';
  readonly ended: 'lifted' | 'revoked';
  /** The rest of the 404's sentence "No hold of the id x …". */
  readonly stands: string;
};

export function endTrigger<Name extends 'deleteHold' | 'deleteApproval'>(
  name: Name,
  end: End<JsonOf<Name>>,
  { what, does, ended, stands }: Words,
): Handler {
  return queryTrigger<'deleteHold' | 'deleteApproval'>(name, async ({ author }, { request, parts, json }) => {
    const by = authorOf(request, parts.signInHeader, author);
    if (by === undefined) return noAuthor('query', does);
    const id = request.params['id'] ?? '';
    const kept = /^[\w-]+$/.test(id) ? await end(parts.tables, id, { at: parts.clock.now(), by }) : undefined;
    if (!kept)
      return problem(404, `No such ${what}`, `No ${what} of the id ${JSON.stringify(id.slice(0, 100))} ${stands}.`);
    parts.log.info(`${what === 'hold' ? 'Hold' : 'Approval'} ${id} ${ended} by ${by}.`);
    return json(kept);
  });
}
