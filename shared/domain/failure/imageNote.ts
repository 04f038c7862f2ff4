// What the images of a roll say where they could be misread, in a sentence. Made at each read, never stored or hashed. Called by
// whoever answers or tells of rolls.
import type { FoldedRoll } from '../ledger/ledger.ts';

type Images = Pick<FoldedRoll, 'from' | 'to' | 'target' | 'outcome'>;

/** Undefined where a roll brought what it was to bring: its pool is on `to`. */
export function imageNote({ from, to, target, outcome }: Images): string | undefined {
  const asked = target === undefined ? 'Nobody knows which image it was to bring' : `It was to bring ${target}`;
  switch (outcome) {
    case 'succeeded':
      return target === undefined || target === to ? undefined : `${asked}; the pool names ${to} instead.`;
    case 'partial':
      return `${asked}; the pool names ${to}, but not all of its nodes run it.`;
    case 'notStarted':
      return `${asked}, but the request never reached ARM; the pool names ${to}.`;
    case 'failed':
    case 'canceled':
    case 'unknown':
      return from === to
        ? `${asked}; the pool still names ${to}.`
        : `${asked}; the pool names ${to}, which does not show that its nodes run it.`;
  }
}

/** The image that a roll's nodes were counted against; undefined: the row of a failed one does not say. */
export function countedImage({
  kind,
  to,
  target,
  outcome,
  drifted,
}: Pick<FoldedRoll, 'kind' | 'drifted'> & Images): string | undefined {
  if (outcome === 'succeeded' || outcome === 'partial') return to;
  // Before targets were recorded, a failed attempt whose pool moved elsewhere says so by `drifted`.
  return target ?? (kind === 'transition' && !drifted ? to : undefined);
}
