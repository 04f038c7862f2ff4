// Which invocations the code of another checkout does, beside the code of now. Used by drawOptions.ts where there is one.
import { instances } from './drawSkews.ts';
import type { Draw } from './seed.ts';

/** Times are epoch milliseconds. */
export type Beside = {
  /** The other checkout. */
  readonly path: string;
  readonly kind: 'rolling upgrade' | 'rollback' | 'either at random';
  /** When each instance runs the other code; in "either at random", half of its invocations do then. */
  readonly spans: readonly { readonly instance: number; readonly from: number; readonly to: number }[];
};

export function drawBeside(draw: Draw, path: string, startedAt: number, endAt: number): Beside {
  const kind = draw.pick(['rolling upgrade', 'rollback', 'either at random'] as const);
  const moments = () => [draw.whole(startedAt, endAt), draw.whole(startedAt, endAt)].sort((a, b) => a - b);
  const spans = Array.from({ length: instances }, (_, instance) => {
    const [from = startedAt, to = endAt] = moments();
    if (kind === 'rollback') return { instance, from, to };
    return { instance, from: startedAt, to: kind === 'rolling upgrade' ? to : endAt };
  });
  return { path, kind, spans };
}

/** True where the other code does what an instance begins at a time. */
export function isByOther({ kind, spans }: Beside, draw: Draw, instance: number, now: number): boolean {
  const isIn = spans.some((span) => span.instance === instance && span.from <= now && now < span.to);
  return isIn && (kind !== 'either at random' || draw.chance(0.5));
}
