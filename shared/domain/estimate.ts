// How long a pool's roll takes, and how many nodes surge in it. Called by the gate windowClosing and by preflight, and stored
// with an attempt.
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
  return Math.max(1, Math.ceil(pool.count / Math.max(1, surgeNodes(pool) ?? 1)));
}

/**
 * The nodes that a pool gets beside its own while it rolls: `maxSurge`, a percentage of the pool rounded up, AKS's default
 * being 10%; never more than it has. 0 where `maxUnavailable` works instead. Undefined when maxSurge can't be read.
 */
export function surgeNodes(pool: NodePool): number | undefined {
  const text = pool.maxSurge ?? '10%';
  const value = Number.parseInt(text, 10);
  const nodes = text.endsWith('%') ? Math.ceil((pool.count * value) / 100) : value;
  return Number.isFinite(nodes) && nodes >= 0 ? Math.min(nodes, pool.count) : undefined;
}
