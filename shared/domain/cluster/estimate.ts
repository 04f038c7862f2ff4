// How long a pool's roll takes, and how many nodes surge in it. Called by the gate windowClosing and by preflight.
import type { NodePool } from './cluster.ts';

const usualMinutes = 10;

const minSamples = 3;
const keptSamples = 10;

/** What a pool's batches took in its last rolls; its head in the ledger has it. */
export type PastBatches = {
  /** Of releases that took every pool for one that surges, and counted its node soaks in. */
  readonly batchMinutes?: readonly number[] | undefined;
  readonly batchMinutesWithoutSoak?: readonly number[] | undefined;
};

/** Undefined where it is not known: {@link unknownBatch} says why. @param minutesPerBatch without the node soak */
export function estimateMinutes(pool: NodePool, past: PastBatches = {}, minutesPerBatch = usualMinutes) {
  const rolled = batches(pool);
  if (rolled === undefined) return undefined;
  const sorted = samplesOf(past, pool).toSorted((a, b) => a - b);
  const p90 = sorted[Math.ceil(sorted.length * 0.9) - 1];
  const minutes = p90 === undefined || sorted.length < minSamples ? minutesPerBatch : p90;
  return Math.ceil(rolled * (minutes + soakOf(pool)));
}

/** With a roll that took so many minutes; the same where nobody knows how many batches it had. */
export function withRoll(past: PastBatches, pool: NodePool, minutes: number): PastBatches {
  const rolled = batches(pool);
  if (rolled === undefined) return past;
  const sample = Math.max(minutes / rolled - soakOf(pool), 0);
  return { batchMinutesWithoutSoak: [...samplesOf(past, pool), sample].slice(-keptSamples) };
}

function samplesOf({ batchMinutes = [], batchMinutesWithoutSoak }: PastBatches, pool: NodePool): readonly number[] {
  if (batchMinutesWithoutSoak) return batchMinutesWithoutSoak;
  return batchMinutes.length === 0 || surgeNodes(pool) === 0 || soakOf(pool) > 0 ? [] : batchMinutes;
}

function batches(pool: NodePool): number | undefined {
  const batch = batchOf(pool);
  if (pool.count === undefined || batch === undefined) return undefined;
  return Math.max(1, Math.ceil(pool.count / Math.max(1, batch.nodes)));
}

/** The nodes that AKS adds meanwhile, never more than the pool has; 0 where `maxUnavailable` works instead. */
export function surgeNodes(pool: NodePool): number | undefined {
  return batchOf(pool)?.surge;
}

/**
 * The surge nodes by their VM size. AKS does not document of which of several sizes they are, so each size counts with as many
 * as there can be of it. Undefined where the nodes of a size, or their size, are not known.
 */
export function surgeBySize(pool: NodePool): readonly { readonly size: string; readonly nodes: number }[] | undefined {
  const surge = surgeNodes(pool);
  const { nodesBySize = [{ size: pool.vmSize, count: pool.count }] } = pool;
  if (surge === undefined) return undefined;
  const known = nodesBySize.flatMap(({ size, count }) =>
    size === undefined || count === undefined ? [] : [{ size, nodes: Math.min(surge, count) }],
  );
  return known.length < nodesBySize.length ? undefined : known.filter(({ nodes }) => nodes > 0);
}

/** How many nodes are replaced at once: `maxSurge`, 10% by AKS's default, or `maxUnavailable` where that is 0. */
function batchOf({ count, maxSurge = '10%', maxUnavailable = '0' }: NodePool) {
  const surge = nodesIn(maxSurge, count);
  const unavailable = nodesIn(maxUnavailable, count);
  if (count === undefined || surge === undefined || unavailable === undefined) return undefined;
  if (surge > 0) return { surge: Math.min(surge, count), nodes: surge };
  return unavailable > 0 || count === 0 ? { surge, nodes: unavailable } : undefined;
}

const nodesPattern = /^\d{1,9}%?$/;

/** Both settings are whole numbers, or percentages of which AKS rounds fractions of a node up (AKS-FACTS section 4). */
function nodesIn(setting: string, count = 0): number | undefined {
  if (!nodesPattern.test(setting)) return undefined;
  const value = Number.parseInt(setting, 10);
  return setting.endsWith('%') ? Math.ceil((count * value) / 100) : value;
}

/** AKS waits in every batch, after its nodes are drained; it documents 0 minutes where nothing is set. */
function soakOf({ nodeSoakMinutes = 0 }: NodePool): number {
  return nodeSoakMinutes;
}

/** Why nobody knows how many nodes are replaced at once, and what to do. */
export function unknownBatch(pool: NodePool): string | undefined {
  if (pool.count === undefined) {
    return `ARM does not show how many nodes this pool of type ${pool.type ?? 'unknown'} has, or shows numbers that differ. Upgrade its node image by hand until it does.`;
  }
  for (const name of ['maxSurge', 'maxUnavailable'] as const) {
    const setting = pool[name];
    if (setting === undefined || nodesPattern.test(setting)) continue;
    return `The pool's ${name} is "${setting}", which the keeper can't read. Set it to a whole number or a percentage.`;
  }
  return batchOf(pool) === undefined
    ? "The pool's maxSurge is 0 and so is its maxUnavailable, so that AKS could take no node. Set one of them to 1 or more."
    : undefined;
}

/** What makes the roll of this pool shorter. */
export function howToRollFaster(pool: NodePool): string {
  const raise = surgeNodes(pool) === 0 ? 'raise maxUnavailable' : 'raise maxSurge';
  return soakOf(pool) > 0 ? `${raise}, or shorten nodeSoakDurationInMinutes` : raise;
}
