// Ends a hold or an approval and keeps who did. Called by deleteHold and deleteApproval.
import type { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import { dependencies } from '../composition.ts';
import type { Tables } from '../ports/tables.ts';
import type { Answered } from './answers/component.ts';
import { authorOf, noAuthor } from './author.ts';
import { json } from './jsonAnswer.ts';
import { problem } from './problemDocument.ts';
import { EndQuery } from './requests/hold.ts';
import { type Handler, queryTrigger } from './trigger.ts';

type Ending<Ended> = {
  readonly what: 'hold' | 'approval';
  /** What the author does. */
  readonly does: 'lifts the hold' | 'revokes the approval';
  readonly ended: 'lifted' | 'revoked';
  /** The rest of the 404's sentence "No hold of the id x …". */
  readonly stands: string;
  /** Returns undefined when none of this id is in force. */
  readonly end: (
    tables: Tables,
    id: string,
    ending: { readonly at: Temporal.Instant; readonly by: string },
  ) => Promise<Ended | undefined>;
};

/** Registers `DELETE /api/…/{id}`. */
export function endTrigger<Schema extends z.ZodType>(
  name: 'deleteHold' | 'deleteApproval',
  { what, does, ended, stands, end }: Ending<Answered<Schema>>,
): Handler {
  return queryTrigger(name, EndQuery, async ({ author }, { request, context }) => {
    const { tables, clock, log, signInHeader } = dependencies(context);
    const by = authorOf(request, signInHeader, author);
    if (by === undefined) return noAuthor('query', does);
    const id = request.params['id'] ?? '';
    const kept = /^[\w-]+$/.test(id) ? await end(tables, id, { at: clock.now(), by }) : undefined;
    if (!kept)
      return problem(404, `No such ${what}`, `No ${what} of the id ${JSON.stringify(id.slice(0, 100))} ${stands}.`);
    log.info(`${what === 'hold' ? 'Hold' : 'Approval'} ${id} ${ended} by ${by}.`);
    return json<Schema>(kept);
  });
}
