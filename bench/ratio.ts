// Measures two pieces of work side by side. Called by the benches.

/** How many times as long `ours` takes as `reference`: the median over rounds in which both run, one after the other. */
export function ratio(ours: () => unknown, reference: () => unknown, rounds = 30): number {
  ours();
  reference();
  const ratios = Array.from({ length: rounds }, () => time(ours) / time(reference)).toSorted((a, b) => a - b);
  return ratios[Math.floor(rounds / 2)] ?? Number.NaN;
}

function time(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
