// Rings of a policy, by what owners tell pools apart by. Used by drawPolicy.ts.
import type { Draw } from './seed.ts';

export type DrawnRing = {
  readonly name: string;
  readonly selectors: readonly object[];
  readonly ringSoakHours?: number;
  readonly concurrency?: number;
  readonly mode?: string;
  readonly approval?: boolean;
  readonly unsoakedFamily?: string;
};

export const ringNames = ['canary', 'early', 'broad'] as const;

/** Two or three. @param isSane nothing in them keeps a pool waiting for ever */
export function drawRings(draw: Draw, isSane: boolean): readonly DrawnRing[] {
  const selectors = drawSelectors(draw);
  return selectors.map((own, index) => ({
    name: ringNames[index] ?? 'last',
    selectors: own,
    ...(draw.chance(0.9) && { ringSoakHours: draw.pick(isSane ? [0, 2, 6, 12, 24, 48] : [0, 6, 24, 48, 72]) }),
    ...(draw.chance(0.5) && { concurrency: draw.pick([1, 1, 2, 3]) }),
    ...(draw.chance(isSane ? 0.1 : 0.3) && { mode: isSane ? 'enforce' : draw.pick(['observe', 'observe', 'enforce']) }),
    ...(draw.chance(isSane ? 0.12 : 0.3) && { approval: true }),
    ...(draw.chance(0.6) && { unsoakedFamily: draw.pick(['nearest', 'nearest', 'nearest', 'approval', 'block']) }),
  }));
}

/** A pool that two select is in the later, so a ring that takes all comes first. */
function drawSelectors(draw: Draw): readonly (readonly object[])[] {
  const three = draw.chance(0.5);
  return draw.pick<() => readonly (readonly object[])[]>([
    () => ringNames.slice(0, three ? 3 : 2).map((ring) => [{ tags: { ring } }]),
    () => ringNames.slice(0, three ? 3 : 2).map((ring) => [{ tags: { ring } }]),
    () => [[{ cluster: '*' }], [{ cluster: 'c3' }, { cluster: 'C4' }], ...(three ? [[{ cluster: 'c5*' }]] : [])],
    () => [
      [{ cluster: 'c1' }, { cluster: 'c2' }],
      [{ cluster: 'c3' }, { resourceGroup: 'rg-*', cluster: 'c4' }],
    ],
    () => [[{ nodePool: '*' }], [{ nodePool: 'pool1' }], ...(three ? [[{ nodePool: 'sys*' }]] : [])],
    () => [[{ nodePool: 'pool?' }], [{ nodePool: 'system' }, { tags: { ring: 'broad' }, nodePool: 'pool0' }]],
  ])();
}
