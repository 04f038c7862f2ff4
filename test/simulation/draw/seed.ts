// All chance of a run comes from its seed. Used by whatever draws something.

export type Draw = {
  /** At least 0, below 1. */
  readonly next: () => number;
  readonly chance: (probability: number) => boolean;
  /** A whole number, both ends included. */
  readonly whole: (from: number, to: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  /** A source of its own for a purpose, so that drawing more for one changes nothing for another. */
  readonly fork: (purpose: string) => Draw;
};

/** The same seed and purpose give the same numbers. (FNV-1a into splitmix32.) */
export function createDraw(seed: number, purpose = ''): Draw {
  let state = 2_166_136_261;
  for (const character of `${seed}|${purpose}`) state = Math.imul(state ^ character.charCodeAt(0), 16_777_619) >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    chance: (probability) => probability > 0 && next() < probability,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: <T>(from: readonly T[]) => from[Math.floor(next() * from.length)] as T,
    fork: (name) => createDraw(seed, `${purpose}/${name}`),
  };
}
