// What events said of a cluster since it was last looked at, and the one observation of it that waits. Called by marksStore,
// markClusters and turn.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { Instant, isBefore, openWord, type Stored } from '../text/stored.ts';
import { eventHours } from './hint.ts';
import type { Hint } from './observation.ts';

const StoredHint = z.looseObject({ kind: openWord<Hint['kind']>(), nodePool: z.string(), at: Instant });

export const Mark = z.looseObject({
  /** An observation waits, and its message is visible from then. */
  dueAt: Instant.optional(),
  /** When the last one began. */
  lookedAt: Instant.optional(),
  /** When ARM said 404 of a cluster that the ledger doesn't know. */
  absentAt: Instant.optional(),
  /** ARM said 429 of this cluster alone: it is not read before. */
  closedUntil: Instant.optional(),
  hints: z.array(StoredHint),
  /** How many hints there was no room for since the last observation. */
  dropped: z.number().optional(),
  /** Evidence that was kept since a moment, and what there was no room for. */
  evidence: z.looseObject({ since: Instant, kept: z.number(), dropped: z.number() }).optional(),
});
export type Mark = Stored<typeof Mark>;

/** One observation a cluster in this time, but for the first. */
export const quietSeconds = 10;
/** A message that was not handled by then is lost, or will be one too many. */
const lostSeconds = 60;
/** ARM's longest Retry-After, and clocks that differ: a later time was written by a wrong clock. */
const furthestSeconds = 3600 + 120;
const absentSeconds = 600;
export const maxHints = 50;
export const maxEvidence = 200;
const evidenceSeconds = 600;

const empty: Mark = { hints: [] };
const secondsFrom = (from: Temporal.Instant | undefined, to: Temporal.Instant) =>
  from ? from.until(to).total('seconds') : Number.POSITIVE_INFINITY;

/** An observation waits whose reads lie in the future: whatever has happened by now, they will show. */
export function waits({ dueAt }: Mark, now: Temporal.Instant): boolean {
  const late = secondsFrom(dueAt, now);
  return late < lostSeconds && late > -furthestSeconds;
}

/** ARM did not know the cluster a short while ago. */
export function isAbsent({ absentAt }: Mark, now: Temporal.Instant): boolean {
  const seconds = secondsFrom(absentAt, now);
  return seconds < absentSeconds && seconds > -absentSeconds;
}

/** After an event. Undefined: the mark says it all. `delaySeconds`: an observation must be asked for, visible after that. */
export function marked(before: Mark = empty, said: readonly Hint[], now: Temporal.Instant) {
  const held = withHints(before, said, now);
  if (waits(before, now) || isAbsent(before, now)) return held === before ? undefined : { mark: held };
  const since = secondsFrom(before.lookedAt, now);
  const delaySeconds = since >= 0 && since < quietSeconds ? Math.ceil(quietSeconds - since) : 0;
  return { mark: { ...held, absentAt: undefined, dueAt: now.add({ seconds: delaySeconds }) }, delaySeconds };
}

/** Until when ARM wants this cluster left alone, if it does. */
export function markClosedUntil({ closedUntil }: Mark = empty, now: Temporal.Instant): Temporal.Instant | undefined {
  const late = secondsFrom(closedUntil, now);
  return late < 0 && late > -furthestSeconds ? closedUntil : undefined;
}

/** An observation begins: an event that comes from now on asks for another. Its hints stay until it has succeeded. */
export function begun(before: Mark, now: Temporal.Instant): Mark {
  return { ...before, dueAt: undefined, closedUntil: undefined, lookedAt: now };
}

/** What an observation was told is done with. @param isKnown ARM or the ledger has the cluster */
export function ended(before: Mark, told: readonly Hint[], isKnown: boolean, now: Temporal.Instant): Mark {
  const settled = new Set(told.map(identityOf));
  const hints = before.hints.filter((hint) => !settled.has(identityOf(hint)));
  return { ...before, hints, dropped: undefined, absentAt: isKnown ? undefined : now };
}

/** The observation can't read now, and waits until `dueAt`. Undefined: one waits already. */
export function putOff(before: Mark = empty, told: readonly Hint[], dueAt: Temporal.Instant, now: Temporal.Instant) {
  const held = withHints(before, told, now);
  const isAsked = waits(before, now) && before.dueAt !== undefined && isBefore(now, before.dueAt);
  if (isAsked) return held === before ? undefined : { mark: held, isAsked };
  return { mark: { ...held, dueAt }, isAsked };
}

/** How many more rows of evidence there is room for. */
export function roomForEvidence({ evidence }: Mark = empty, now: Temporal.Instant): number {
  return maxEvidence - (isRunning(evidence, now) ? evidence.kept : 0);
}

export function withEvidence(before: Mark = empty, kept: number, dropped: number, now: Temporal.Instant): Mark {
  const { evidence } = before;
  const sums = isRunning(evidence, now) ? evidence : { since: now, kept: 0, dropped: 0 };
  return { ...before, evidence: { since: sums.since, kept: sums.kept + kept, dropped: sums.dropped + dropped } };
}

function isRunning(evidence: Mark['evidence'], now: Temporal.Instant): evidence is NonNullable<Mark['evidence']> {
  const seconds = secondsFrom(evidence?.since, now);
  return seconds < evidenceSeconds && seconds > -evidenceSeconds;
}

/** The mark itself where nothing was new. Those that no roll under way can be dated by make room. */
function withHints(before: Mark, said: readonly Hint[], now: Temporal.Instant): Mark {
  const oldest = now.subtract({ hours: eventHours });
  const isUsable = ({ at }: Hint) => !isBefore(at, oldest);
  const held = new Set(before.hints.map(identityOf));
  const distinct = new Map(said.filter(isUsable).map((hint) => [identityOf(hint), hint]));
  const fresh = [...distinct].flatMap(([identity, hint]) => (held.has(identity) ? [] : [hint]));
  if (fresh.length === 0) return before;
  const all = [...before.hints.filter(isUsable), ...fresh];
  const dropped = Math.max(0, all.length - maxHints);
  return {
    ...before,
    hints: all.slice(0, maxHints),
    dropped: dropped > 0 ? (before.dropped ?? 0) + dropped : before.dropped,
  };
}

export function identityOf({ kind, nodePool, at }: Hint): string {
  return `${kind}|${nodePool.toLowerCase()}|${at.epochNanoseconds}`;
}
