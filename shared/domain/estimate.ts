// How long a pool's roll takes. Called by the gate windowClosing, and stored with an attempt.
import type { NodePool } from './cluster.ts';

/** AKS surges, drains and reimages a batch in about this time. */
const usualMinutes = 10;

/** Fewer past rolls than these say little. */
const fewestSamples = 3;
const keptSamples = 10;

/**
 * Minutes to roll the pool: batches of surge nodes, one after the other; a pool without nodes still takes one. Drain
 * time-outs are not counted.
 * @param past minutes a batch took in the pool's past rolls; their 90th percentile is what a batch takes
 * @param minutesPerBatch what a batch takes until enough past rolls are known: the policy's `estimate.minutesPerBatch`
 */
export function estimateMinutes(pool: NodePool, past: readonly number[] = [], minutesPerBatch = usualMinutes): number {
  const sorted = past.toSorted((a, b) => a - b);
  const p90 = sorted[Math.ceil(sorted.length * 0.9) - 1];
  const minutes = p90 === undefined || past.length < fewestSamples ? minutesPerBatch : p90;
  return Math.ceil(batches(pool) * minutes);
}

/** The pool's past batches with those of a roll that has just ended well. */
export function withRoll(past: readonly number[] = [], pool: NodePool, minutes: number): readonly number[] {
  return [...past, Math.max(minutes, 0) / batches(pool)].slice(-keptSamples);
}

function batches(pool: NodePool): number {
  return Math.max(1, Math.ceil(pool.count / surgeNodes(pool)));
}

/** `maxSurge` in nodes: a percentage of the pool is rounded up; AKS's default is 10%. At least one. */
function surgeNodes(pool: NodePool): number {
  const text = pool.maxSurge ?? '10%';
  const value = Number.parseInt(text, 10);
  const nodes = text.endsWith('%') ? Math.ceil((pool.count * value) / 100) : value;
  return Number.isFinite(nodes) ? Math.max(nodes, 1) : 1;
}
