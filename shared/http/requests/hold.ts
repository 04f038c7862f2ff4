// What the operations on holds and approvals take. Called by the table of operations.
import { z } from 'zod';
import { author, flag, giveBody, pageQuery } from './values.ts';

/** A body of `author` and a document that its own parser reads, and of which it refuses what it does not know. */
const signed = (who: string, document: string) => z.looseObject({ author: author(who) }, giveBody(document));

export const HoldBody = signed('who sets the hold', 'a hold: an object of scope, owner, reason and author');

export const ApprovalBody = signed('who approves', 'an approval: an object of ring, release, reason and author');

export const MatchQuery = z.strictObject({
  allowNoMatch: flag('to have it stand though no pool matches it now, as it precedes what it is for'),
});

const standingKeys = /^([a-z]+\|)?\d{15}\|[\w-]+$/;

export const HoldsQuery = pageQuery(standingKeys).extend({ lifted: flag('for the holds that were lifted') });

export const ApprovalsQuery = pageQuery(standingKeys).extend({ revoked: flag('for the approvals that were revoked') });

/** An odd id is one that nothing has. */
export const EndPath = z.object({ id: z.string().describe('As the list has it.') });

export const EndQuery = z.strictObject({ author: author('who asks for it') });
