// The times in which nothing starts: half-open, with ends that may be missing. Holds and freezes become spans.
import { Temporal } from 'temporal-polyfill';

export type Span = {
  readonly from?: Temporal.Instant | undefined;
  readonly until?: Temporal.Instant | undefined;
};

export function isIn({ from, until }: Span, at: Temporal.Instant): boolean {
  return (!from || Temporal.Instant.compare(from, at) <= 0) && (!until || Temporal.Instant.compare(at, until) < 0);
}

/** The first instant from `now` on that lies in no span; undefined when one that is reached never ends. */
export function freeFrom(spans: readonly Span[], now: Temporal.Instant): Temporal.Instant | undefined {
  let at = now;
  for (const { from, until } of spans.toSorted(byBeginning)) {
    if (from && Temporal.Instant.compare(from, at) > 0) return at;
    if (!until) return undefined;
    if (Temporal.Instant.compare(at, until) < 0) at = until;
  }
  return at;
}

function byBeginning(one: Span, other: Span): number {
  if (!one.from || !other.from) return Number(Boolean(one.from)) - Number(Boolean(other.from));
  return Temporal.Instant.compare(one.from, other.from);
}
