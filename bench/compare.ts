// Times two functions that answer the same, in turns. Called by the benchmarks.

/**
 * How many times as long `slow` takes as `fast` for the same inputs: the median of rounds that run one after the other, so
 * that what else the machine does falls on both.
 */
export function compare<T>(fast: (input: T) => unknown, slow: (input: T) => unknown, inputs: readonly T[]): number {
  const rounds = 9;
  const ratios: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const [a, b] = [time(fast, inputs), time(slow, inputs)];
    // The first round warms the compiler up.
    if (round >= 0) ratios.push(b / a);
  }
  return ratios.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

/** Milliseconds per input, over at least 30 ms. */
function time<T>(run: (input: T) => unknown, inputs: readonly T[]): number {
  const start = performance.now();
  let count = 0;
  do {
    for (const input of inputs) run(input);
    count += inputs.length;
  } while (performance.now() - start < 30);
  return (performance.now() - start) / count;
}
