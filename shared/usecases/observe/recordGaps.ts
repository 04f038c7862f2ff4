// Tells ledgers for how long their clusters stood in no list. Called by a pass before it is noted: the next one makes good a crash.
import type { Temporal } from 'temporal-polyfill';
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import { toAppend } from '../../domain/ledger/append.ts';
import { coverageAfterAll, type Listing } from '../../domain/ledger/coverage.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { isBefore } from '../../domain/text/stored.ts';
import { isClockOff } from '../../ports/clock.ts';
import { RefusedWrite, UnreadableRow } from '../../ports/tables.ts';
import type { Pass } from '../../stores/passStore.ts';
import type { RowRead } from '../../stores/rows/readRow.ts';
import { dropUntold, keepUntold, readUntold, type UntoldListing } from '../../stores/untoldStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import type { Gathered, GatheredFleet } from '../plan/gatherFleet.ts';
import { appendToLedger } from './appendToLedger.ts';

/** @param before the subscription's last pass */
export async function recordGaps(
  parts: Dependencies,
  { subscription, askedAt, clusters, unlisted }: GatheredFleet,
  before: RowRead<Pass> | undefined,
): Promise<void> {
  const listing = { at: askedAt, before: listedAt(before), reason: reasonOf(before) };
  const untold = await readUntold(parts.tables, subscription);
  const listed = new Set(clusters);
  await inParallel([...clusters, ...unlisted], 16, async (one) => {
    const key = clusterKey(one.facts.cluster.id);
    const kept = untold.get(key);
    const isListed = listed.has(one);
    const told = await recordOrKeep(parts, subscription, one, { ...listing, isListed }, kept ?? []);
    if (kept && told) await dropUntold(parts.tables, subscription, key);
  });
}

/** False where the rows of the cluster keep its ledger from being told: what the list says is kept then, beside `kept`. */
async function recordOrKeep(
  parts: Dependencies,
  subscription: string,
  one: Gathered,
  listing: Listing,
  kept: readonly UntoldListing[],
): Promise<boolean> {
  const { tables, log, gapMinutes } = parts;
  const { id } = one.facts.cluster;
  const listings = [...kept.map((other) => ({ ...other, before: other.before })), listing];
  const problem = one.heads.problem ?? (await problemOfTelling(parts, one, listings));
  if (problem === undefined) return true;
  // Of lists that say the same the first says it all: it may end a gap that the ledger knows of, unless one lies before it.
  const isNews = kept.at(-1)?.isListed !== listing.isListed || (listing.isListed && isLong(listing, gapMinutes));
  if (isNews) {
    log.warn(`What the list says of ${id} is told to its ledger when that can be: ${problem}`);
    await keepUntold(tables, subscription, clusterKey(id), [...kept, listing]);
  }
  return false;
}

/** Why the ledger could not be told. All listings by one write: a pass that is lost, or runs beside another, leaves none half told. */
async function problemOfTelling(
  parts: Dependencies,
  { heads: { chain: seen } }: Gathered,
  listings: readonly Listing[],
) {
  const { clock, gapMinutes } = parts;
  try {
    if (!seen || !coverageAfterAll(seen, listings, gapMinutes, clock.now())) return undefined;
    if (isClockOff(clock)) return "the keeper's clock is more than 30 s from ARM's";
    await appendToLedger(parts, seen.cluster, async ({ chain }) => {
      const now = clock.now();
      const covered = chain && coverageAfterAll(chain, listings, gapMinutes, now);
      return { appends: covered ? [toAppend(covered.chain, covered.gaps, now)] : [], outcome: undefined };
    });
    return undefined;
  } catch (error) {
    // Storage that does not answer is no cluster's doing: the pass fails, and the next one finds all that is left to tell.
    if (![UnreadableRow, RefusedWrite, TypeError, RangeError].some((kind) => error instanceof kind)) throw error;
    return messageOf(error);
  }
}

function isLong({ at, before }: Listing, gapMinutes: number): boolean {
  return before === undefined || isBefore(before.add({ minutes: gapMinutes }), at);
}

function reasonOf(before: RowRead<Pass> | undefined): string {
  if (before && 'problem' in before) return `When the subscription was last listed can't be read: ${before.problem}`;
  return before?.value.problem
    ? `The subscription could not be listed: ${before.value.problem}`
    : 'No pass listed the subscription.';
}

/** When the last list that ARM answered was asked for. */
export function listedAt(read: RowRead<Pass> | undefined): Temporal.Instant | undefined {
  const pass = read && 'value' in read ? read.value : undefined;
  // Rows of earlier versions tell only when they were written.
  return pass?.listedAt ?? (pass && pass.problem === undefined ? pass.at : undefined);
}
