// Which cluster and pool a fault names, by ARM id or by name, or what is wrong with the names.
import { lastPart, sameName } from '../world/names.ts';
import type { Fault } from './fault.ts';

export type Candidate = { readonly id: string; readonly pools: readonly string[] };

export type FaultProblem = { readonly field: string; readonly found: string; readonly allowed: string };

export type Target<C extends Candidate> =
  /** `cluster` and `nodePool` are undefined where the fault names none. */
  | { readonly ok: true; readonly cluster: C | undefined; readonly nodePool: string | undefined }
  | { readonly ok: false; readonly problem: FaultProblem };

export function findTarget<C extends Candidate>(clusters: readonly C[], fault: Fault): Target<C> {
  const wanted = 'cluster' in fault ? fault.cluster : undefined;
  const wantedPool = 'nodePool' in fault ? fault.nodePool : undefined;
  if (wanted === undefined) return { ok: true, cluster: undefined, nodePool: wantedPool };
  const cluster = clusters.find(({ id }) => sameName(id, wanted) || sameName(lastPart(id), wanted));
  if (!cluster) {
    const allowed = `the ARM id or the name of a cluster: ${clusters.map(({ id }) => lastPart(id)).join(', ')}`;
    return { ok: false, problem: { field: 'cluster', found: wanted, allowed } };
  }
  const nodePool = cluster.pools.find((name) => sameName(name, wantedPool ?? ''));
  if (wantedPool !== undefined && nodePool === undefined) {
    const allowed = `a pool of ${lastPart(cluster.id)}: ${cluster.pools.join(', ')}`;
    return { ok: false, problem: { field: 'nodePool', found: wantedPool, allowed } };
  }
  return { ok: true, cluster, nodePool };
}
