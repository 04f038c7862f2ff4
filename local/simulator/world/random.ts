// Ids from an injected source of randomness, so that a run of the simulator can be repeated.
export type Random = () => number;

/** A repeatable source: the same seed gives the same numbers. (A linear congruential generator modulo 2^32.) */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function hex(digits: number, random: Random): string {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
}

export function guid(random: Random): string {
  return [8, 4, 4, 4, 12].map((digits) => hex(digits, random)).join('-');
}
