// What the operations on holds and approvals take. Called by the table of operations.
import { z } from 'zod';
import { author, flag, giveBody, PageQuery } from './values.ts';

/** A body of `author` and a document that its own parser reads. */
const signed = (who: string, document: string) => z.looseObject({ author: author(who) }, giveBody(document));

export const HoldBody = signed('who sets the hold', 'a hold: an object of scope, owner, reason and author');

export const ApprovalBody = signed('who approves', 'an approval: an object of ring, release, reason and author');

export const HoldsQuery = PageQuery.extend({ lifted: flag('for the holds that were lifted') });

export const ApprovalsQuery = PageQuery.extend({ revoked: flag('for the approvals that were revoked') });

export const EndQuery = z.strictObject({ author: author('who asks for it') });
