// Times in which a cluster stood in no list: what the record can't speak of, as an entry of the ledger. ADR 0014. Called by
// recordGaps after each pass that could list a subscription.
import { Temporal } from 'temporal-polyfill';
import type { ChainHead } from './heads.ts';
import type { EntryBody } from './ledger.ts';

/** What a pass's list says of a cluster. */
export type Listing = {
  /** When the list was asked for. */
  readonly at: Temporal.Instant;
  readonly isListed: boolean;
  /** When the list before this one was asked for; undefined: there was none. */
  readonly before: Temporal.Instant | undefined;
  /** Why there was none in between, if that took long. */
  readonly reason: string;
};

/** ARM's words may be many. */
const longestReason = 500;

type Covered = { readonly chain: ChainHead; readonly gap?: EntryBody };
type CoveredByAll = { readonly chain: ChainHead; readonly gaps: readonly EntryBody[] };

/** What listings say one after the other, oldest first; undefined where all of them together say nothing new. */
export function coverageAfterAll(
  chain: ChainHead,
  listings: readonly Listing[],
  gapMinutes: number,
  now: Temporal.Instant,
): CoveredByAll | undefined {
  const gaps: EntryBody[] = [];
  let after = chain;
  for (const listing of listings) {
    const covered = coverageAfter(after, listing, gapMinutes, now);
    if (covered?.gap) gaps.push(covered.gap);
    after = covered?.chain ?? after;
  }
  return gaps.length > 0 || after.unlistedSince !== chain.unlistedSince ? { chain: after, gaps } : undefined;
}

/**
 * The head with what the listing says, and the gap that it ends, if that was longer than `gapMinutes`; undefined where it
 * says nothing new. Saying it twice adds nothing: the head remembers up to when gaps are in the ledger.
 * @param now hours after the listing, where that could not be told before
 */
export function coverageAfter(
  chain: ChainHead,
  listing: Listing,
  gapMinutes: number,
  now: Temporal.Instant,
): Covered | undefined {
  if (chain.gone) return undefined;
  const { at, isListed, before, reason } = listing;
  const { unlistedSince, ...rest } = chain;
  if (!isListed) {
    return unlistedSince === undefined ? { chain: { ...rest, unlistedSince: before ?? at } } : undefined;
  }
  const latest = Temporal.Instant.compare(at, now) > 0 ? at : now;
  const from = notSeenFrom(unlistedSince ?? before, chain.gapsTo, latest.add({ minutes: gapMinutes }));
  if (from !== undefined && Temporal.Instant.compare(from.add({ minutes: gapMinutes }), at) < 0) {
    const gap: EntryBody = {
      kind: 'gap',
      cluster: chain.cluster,
      observedAt: at.toString(),
      unseenFrom: from.toString(),
      unseenTo: at.toString(),
      reason: unlistedSince === undefined ? recordable(reason) : 'The lists of its subscription left the cluster out.',
    };
    return { chain: { ...rest, gapsTo: at }, gap };
  }
  return unlistedSince === undefined ? undefined : { chain: rest };
}

// Half a surrogate pair has no canonical JSON, and an entry that can't be hashed would stop the cluster's ledger.
function recordable(text: string): string {
  return text.slice(0, longestReason).toWellFormed();
}

/**
 * The later of the times. What was told up to a time that is far to come, by a clock that ran ahead, hides no gap. Far to come
 * is after `farAhead`, by the clock: after the listing alone may be what a newer one told.
 */
function notSeenFrom(
  last: Temporal.Instant | undefined,
  told: Temporal.Instant | undefined,
  farAhead: Temporal.Instant,
): Temporal.Instant | undefined {
  if (!told || Temporal.Instant.compare(told, farAhead) > 0) return last;
  return last && Temporal.Instant.compare(last, told) > 0 ? last : told;
}
