// An action that is, or may be, the keeper's own. Called by attribute.
import type { Actor } from '../ledger/entryParts.ts';
import type { Cause, RollEntry } from '../ledger/ledger.ts';
import type { Action } from './action.ts';
import { isConfirmed } from './changeEvidence.ts';

/** `says` begins the reason. Without a cause it stays what it was: never somebody else's. */
export type ByKeeper = { readonly cause?: Cause; readonly says: string };

/**
 * The start request carries the attempt's id as its correlation id, so an operation of such an id that the Activity Log
 * confirms is the keeper's (DESIGN section 6). Undefined: it is somebody else's.
 * @param attempts the ids of those on the pool that are in the ledger
 */
export function byKeeper(
  { actor, evidence, what }: Action,
  row: RollEntry,
  attempts: readonly string[],
  ownIds: readonly string[],
): ByKeeper | undefined {
  if (actor?.kind === 'aks') return undefined;
  const id = attempts.find((attempt) => attempt.toLowerCase() === actor?.correlationId?.toLowerCase());
  const isLogged = isConfirmed(evidence);
  if (id !== undefined && isLogged && what === 'upgradeNodeImage') {
    return { cause: 'keeper', says: `By the keeper's attempt ${id}: ` };
  }
  if (actor && isOwn(actor, ownIds)) {
    return id === undefined
      ? { says: "By the keeper's identity, without its record: " }
      : { says: `By the keeper's identity, as its attempt ${id}, which the Activity Log has not confirmed: ` };
  }
  // A request of the keeper's whose answer was lost may be what an event reports here: an application's name does not tell.
  const isOthers = actor?.kind === 'person' || (isLogged && ownIds.length > 0);
  return row.attempt !== undefined && !isOthers ? { says: '' } : undefined;
}

function isOwn({ kind, name }: Actor, ownIds: readonly string[]): boolean {
  return kind === 'application' && ownIds.some((id) => name.toLowerCase().includes(id.toLowerCase()));
}
