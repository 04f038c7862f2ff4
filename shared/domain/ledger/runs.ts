// How long a pool has run which image without fault. Kept in its head by observe, read by ringHealth.
import type { Temporal } from 'temporal-polyfill';
import type { Cluster, NodePool } from '../cluster/cluster.ts';
import { isBefore } from '../text/stored.ts';
import type { PoolHead } from './heads.ts';

const keptRuns = 8;

/** True when the pool's nodes run as they should, as far as ARM shows: a stopped or failed pool proves nothing of its image. */
export function runsWell(cluster: Cluster, pool: NodePool): boolean {
  const states = [cluster.powerState, pool.powerState, pool.provisioningState].map((state) => state.toLowerCase());
  return states.join() === 'running,running,succeeded';
}

/** The pool's runs after it was seen at rest on `nodeImageVersion`: one goes on, ends or begins. The same where nothing does. */
export function runsAfter(runs: PoolHead['runs'], nodeImageVersion: string, isWell: boolean, at: Temporal.Instant) {
  const [current, ...earlier] = runs ?? [];
  const isOpen = current !== undefined && current.until === undefined;
  if (!isOpen && !isWell) return runs;
  if (isOpen && isWell && current.nodeImageVersion === nodeImageVersion) {
    // Begun by a clock that ran ahead: nobody knows when, so that it counts from when it is seen again.
    return isBefore(at, current.since) ? [{ ...current, since: at }, ...earlier] : runs;
  }
  const ended = isOpen ? [{ ...current, until: at }, ...earlier] : (runs ?? []);
  return (isWell ? [{ nodeImageVersion, since: at }, ...ended] : ended).slice(0, keptRuns);
}

export function runsDiffer(
  runs: PoolHead['runs'],
  nodeImageVersion: string | undefined,
  isWell: boolean,
  at: Temporal.Instant,
): boolean {
  return nodeImageVersion !== undefined && runsAfter(runs, nodeImageVersion, isWell, at) !== runs;
}
