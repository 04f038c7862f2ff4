// How long a pool's roll takes. Called by the gate windowClosing, and stored with an attempt.
import type { NodePool } from './cluster.ts';

/** Until a pool's own past batches are known: AKS surges, drains and reimages a batch in about this time. */
const minutesPerBatch = 10;

/**
 * Minutes to roll the pool: batches of surge nodes, one after the other; a pool without nodes still takes one. Drain
 * time-outs are not counted.
 */
export function estimateMinutes(pool: NodePool): number {
  return Math.max(1, Math.ceil(pool.count / surgeNodes(pool))) * minutesPerBatch;
}

/** `maxSurge` in nodes: a percentage of the pool is rounded up; AKS's default is 10%. At least one. */
function surgeNodes(pool: NodePool): number {
  const text = pool.maxSurge ?? '10%';
  const value = Number.parseInt(text, 10);
  const nodes = text.endsWith('%') ? Math.ceil((pool.count * value) / 100) : value;
  return Number.isFinite(nodes) ? Math.max(nodes, 1) : 1;
}
