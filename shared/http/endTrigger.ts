// Ends a hold or an approval and keeps who did. Called by deleteHold and deleteApproval.
import { show } from '../domain/text/anyValue.ts';
import { approvals, holds } from '../stores/standingStore.ts';
import { authorOf, noAuthor } from './author.ts';
import { badRequest, problem } from './problemDocument.ts';
import { queryTrigger } from './trigger.ts';

/** `stands`: the rest of the sentence "No hold of the id x …". */
const kinds = {
  deleteHold: {
    end: holds.end,
    what: 'hold',
    does: 'lifts the hold',
    title: 'Hold',
    ended: 'lifted',
    stands: 'is set; GET /api/holds lists those that are, and GET /api/holds?lifted=true those that were',
  },
  deleteApproval: {
    end: approvals.end,
    what: 'approval',
    does: 'revokes the approval',
    title: 'Approval',
    ended: 'revoked',
    stands:
      'stands; GET /api/approvals lists those that do, and GET /api/approvals?revoked=true those that were revoked',
  },
};

export const endTrigger = (name: keyof typeof kinds) =>
  queryTrigger(name, async ({ author }, { request, path, parts, json }) => {
    const { end, what, does, title, ended, stands } = kinds[name];
    const by = authorOf(request, parts.signInHeader, author);
    if (by === undefined) return badRequest('query', [noAuthor(does)]);
    const { id } = path;
    const found = /^[\w-]{1,100}$/.test(id) ? await end(parts.tables, id, { at: parts.clock.now(), by }) : undefined;
    const detail = `No ${what} of the id ${show(id)} ${stands}.`;
    if (!found) return problem(404, `No such ${what}`, detail);
    if (found.isNew) parts.log.info(`${title} ${id} ${ended} by ${by}.`);
    return json(found.kept);
  });
