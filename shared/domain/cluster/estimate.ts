// How long a pool's roll takes, and how many nodes surge in it. Called by the gate windowClosing and by preflight.
import type { NodePool } from './cluster.ts';

const usualMinutes = 10;

const minSamples = 3;
const keptSamples = 10;

export function estimateMinutes(pool: NodePool, past: readonly number[] = [], minutesPerBatch = usualMinutes) {
  const rolled = batches(pool);
  if (rolled === undefined) return undefined;
  const sorted = past.toSorted((a, b) => a - b);
  const p90 = sorted[Math.ceil(sorted.length * 0.9) - 1];
  const minutes = p90 === undefined || past.length < minSamples ? minutesPerBatch : p90;
  return Math.ceil(rolled * minutes);
}

export function withRoll(past: readonly number[] = [], pool: NodePool, minutes: number): readonly number[] {
  const rolled = batches(pool);
  return rolled === undefined ? past : [...past, Math.max(minutes, 0) / rolled].slice(-keptSamples);
}

function batches(pool: NodePool): number | undefined {
  const surge = surgeNodes(pool);
  if (pool.count === undefined || surge === undefined) return undefined;
  return Math.max(1, Math.ceil(pool.count / Math.max(1, surge)));
}

/** `maxSurge`, 10% by AKS's default, and never more than the pool has. 0 where `maxUnavailable` works instead. */
export function surgeNodes({ count, maxSurge = '10%' }: NodePool): number | undefined {
  if (count === undefined || !surgePattern.test(maxSurge)) return undefined;
  const value = Number.parseInt(maxSurge, 10);
  return Math.min(maxSurge.endsWith('%') ? Math.ceil((count * value) / 100) : value, count);
}

const surgePattern = /^\d{1,9}%?$/;

export function unknownSize(pool: NodePool): string | undefined {
  if (pool.count === undefined) {
    return `ARM does not show how many nodes this pool of type ${pool.type ?? 'unknown'} has. Upgrade its node image by hand until it does.`;
  }
  return surgeNodes(pool) === undefined
    ? `The pool's maxSurge is "${pool.maxSurge}", which the keeper can't read. Set it to a whole number or a percentage.`
    : undefined;
}
