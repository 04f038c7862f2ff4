// Judges the gaps that a ledger tells of against the lists that passes were shown: a gap is there exactly where the cluster
// stood in no list for that long. Called by judgeLedger.ts.
import { skewOf } from '../../draw/drawSkews.ts';
import { headsHarmed } from '../../record/harms.ts';
import type { RunRecord, Wrong } from '../../record/record.ts';
import type { Entry, Ledger } from '../../record/stored.ts';

type Span = readonly [from: number, to: number];

type About = {
  readonly record: RunRecord;
  readonly clusterKey: string;
  readonly entries: readonly Entry[];
  /** The lists that show the cluster. */
  readonly listed: RunRecord['listed'];
  /** Between the clock of an instance and the world's; and a list takes up to half a minute, with a second try as long. */
  readonly slack: number;
  /** The longest pause that is no gap, in milliseconds. */
  readonly longest: number;
  readonly wrong: Wrong;
};

export function judgeGaps(record: RunRecord, clusterKey: string, { entries }: Ledger, wrong: Wrong): void {
  const slack = 2 * record.largestSkew + 120_000;
  const listed = record.listed.filter(({ clusters }) => clusters.has(clusterKey));
  const about = { record, clusterKey, entries, listed, slack, longest: record.gapMinutes * 60_000, wrong };
  const told = judgeTold(about);
  for (const span of unlisted(
    listed.map(({ at }) => at),
    about.longest + slack,
  )) {
    if (mustBeTold(about, clusterKey, span)) judgeSpan(about, span, told);
  }
}

/** The gaps that are told; each was one. */
function judgeTold({ record, clusterKey, entries, listed, slack, longest, wrong }: About): readonly Span[] {
  const spans: Span[] = [];
  const rebuilt: Span[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'gap') continue;
    const { sequence, unseenFrom, unseenTo, observedAt } = entry;
    const [from, to] = [Date.parse(unseenFrom), Date.parse(unseenTo)];
    const say = (what: string) => wrong('gaps', `entry ${sequence}: ${what}`);
    if (/ It was rebuilt from the ledger's \d+ entries\.$/.test(entry.reason ?? '')) {
      if (!headsHarmed(record.harms, clusterKey, to + slack)) say(`nothing happened to the heads: ${entry.reason}`);
      rebuilt.push([from, to]);
      continue;
    }
    const list = listed.find(({ at, isNoted }) => isNoted && at > from + slack && at < to - slack)?.at;
    if (list !== undefined)
      say(`it was listed at ${new Date(list).toISOString()}, within ${unseenFrom} to ${unseenTo}`);
    if (to - from <= longest) say(`${unseenFrom} to ${unseenTo} is no longer than ${record.gapMinutes} minutes`);
    if (observedAt !== unseenTo) say(`it ends at ${unseenTo} and is of ${observedAt}`);
    if (spans.some(([a, b]) => from < b - slack && a < to - slack)) say('it is told twice');
    spans.push([from, to]);
  }
  return [...spans, ...rebuilt];
}

/** A span is told by the first pass that comes to its end, unless the cluster is gone by then. */
function mustBeTold({ record, entries, listed, slack }: About, clusterKey: string, span: Span): boolean {
  const told = listed
    .filter((list) => list.isNoted && list.at >= span[1] && isInTime(record, list))
    .map(({ at }) => at);
  if (told.length === 0 || !isKnown(entries, [span[0], Math.min(...told)], slack)) return false;
  // Before the first pass that is noted, nobody knows that lists were missing.
  if (!record.listed.some(({ at, isNoted }) => isNoted && at <= span[0])) return false;
  // What has no pool stands in no view, so nobody misses it in a list. AKS leaves every cluster one.
  return record.truth.pools.some(
    (pool) => pool.clusterKey === clusterKey && pool.from <= span[0] && (pool.until ?? span[1]) >= span[1],
  );
}

/** Gaps wait for a pass whose clock is right: one that is more than 30 s from ARM's tells none. */
function isInTime({ skews }: RunRecord, { instance, at }: RunRecord['listed'][number]): boolean {
  return Math.abs(skewOf(skews, instance, at)) < 29_000;
}

function judgeSpan({ slack, longest, wrong }: About, span: Span, spans: readonly Span[]): void {
  // A pass that was lost on its way, its list too, may have told the first part.
  const left = [span[0], ...spans.flat().filter((at) => at > span[0] && at < span[1]), span[1]].sort((a, b) => a - b);
  const untold = left.slice(1).some((to, index) => {
    const from = left[index] ?? to;
    return to - from > longest + slack && !spans.some(([a, b]) => a <= from + slack && b >= to - slack);
  });
  const when = span.map((at) => new Date(at).toISOString()).join(' to ');
  if (untold) wrong('gaps', `nothing tells that it was not listed from ${when}`);
}

/** The spans between lists that show it, where they are long. */
function unlisted(seenAt: readonly number[], longest: number): readonly Span[] {
  const ordered = seenAt.toSorted((a, b) => a - b);
  return ordered.slice(1).flatMap((to, index): Span[] => {
    const from = ordered[index] ?? to;
    return to - from > longest ? [[from, to]] : [];
  });
}

/** The ledger knew the cluster before the span and had not called it gone by its end. */
function isKnown(entries: readonly Entry[], [from, to]: Span, slack: number): boolean {
  const first = entries[0];
  if (!first || Date.parse(first.recordedAt) > from - slack) return false;
  const isEnd = ({ kind, nodePool }: Entry) => kind === 'gone' && nodePool === undefined;
  return (
    !entries.some((entry) => {
      const at = Date.parse(entry.recordedAt);
      return isEnd(entry) && at > from - slack && at < to + slack;
    }) && !isGoneAt(entries.filter(({ recordedAt }) => Date.parse(recordedAt) <= from))
  );
}

function isGoneAt(entries: readonly Entry[]): boolean {
  const last = entries.findLast(
    ({ kind, nodePool }) => kind === 'firstSeen' || (kind === 'gone' && nodePool === undefined),
  );
  return last?.kind === 'gone';
}
