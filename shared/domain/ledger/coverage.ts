// Times in which a cluster stood in no list, as entries of the ledger (ADR 0014). Called by recordGaps after each pass.
import type { Temporal } from 'temporal-polyfill';
import { shortened } from '../text/shortened.ts';
import { isBefore } from '../text/stored.ts';
import type { ChainHead } from './heads.ts';
import type { EntryBody } from './ledger.ts';

export type Listing = {
  readonly at: Temporal.Instant;
  readonly isListed: boolean;
  readonly before: Temporal.Instant | undefined;
  readonly reason: string;
};

const maxReason = 500;

export function coverageAfterAll(
  chain: ChainHead,
  listings: readonly Listing[],
  gapMinutes: number,
  now: Temporal.Instant,
) {
  const gaps: EntryBody[] = [];
  let after = chain;
  for (const listing of listings) {
    const covered = coverageAfter(after, listing, gapMinutes, now);
    if (covered?.gap) gaps.push(covered.gap);
    after = covered?.chain ?? after;
  }
  return gaps.length > 0 || after.unlistedSince !== chain.unlistedSince ? { chain: after, gaps } : undefined;
}

/** Undefined where the listing says nothing new: the head remembers up to when gaps are in the ledger. */
export function coverageAfter(chain: ChainHead, listing: Listing, gapMinutes: number, now: Temporal.Instant) {
  if (chain.gone) return undefined;
  const { at, isListed, before, reason } = listing;
  const { unlistedSince, ...rest } = chain;
  if (!isListed) {
    return unlistedSince === undefined ? { chain: { ...rest, unlistedSince: before ?? at } } : undefined;
  }
  const latest = isBefore(now, at) ? at : now;
  const from = notSeenFrom(latest.add({ minutes: gapMinutes }), unlistedSince ?? before, chain.gapsTo);
  if (from && isBefore(from.add({ minutes: gapMinutes }), at)) {
    // Half a surrogate pair has no canonical JSON, and an entry that can't be hashed would stop the cluster's ledger.
    const said = shortened(reason.toWellFormed(), maxReason);
    const gap: EntryBody = {
      kind: 'gap',
      cluster: chain.cluster,
      observedAt: at.toString(),
      unseenFrom: from.toString(),
      unseenTo: at.toString(),
      reason: unlistedSince ? 'The lists of its subscription left the cluster out.' : said,
    };
    return { chain: { ...rest, gapsTo: at }, gap };
  }
  return unlistedSince === undefined ? undefined : { chain: rest };
}

/** The later of the times. What a clock that ran far ahead recorded, after `farAhead`, hides no gap. */
function notSeenFrom(farAhead: Temporal.Instant, last?: Temporal.Instant, recorded?: Temporal.Instant) {
  if (!recorded || isBefore(farAhead, recorded)) return last;
  return last && isBefore(recorded, last) ? last : recorded;
}
