// Measures two pieces of work side by side. Called by the benches.

const leastMilliseconds = 5;

/** How many times as long `ours` takes as `reference`: the median over rounds in which both run, one after the other. */
export function ratio(ours: () => unknown, reference: () => unknown, rounds = 100): number {
  ours();
  reference();
  const ratios = Array.from({ length: rounds }, () => time(ours) / time(reference)).toSorted((a, b) => a - b);
  return ratios[Math.floor(rounds / 2)] ?? Number.NaN;
}

/** In milliseconds, for work that takes microseconds too: it runs until a clock can tell. */
function time(work: () => unknown): number {
  const start = performance.now();
  let runs = 0;
  let took = 0;
  while (took < leastMilliseconds) {
    work();
    runs += 1;
    took = performance.now() - start;
  }
  return took / runs;
}
