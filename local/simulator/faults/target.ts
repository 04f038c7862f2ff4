// Which cluster and pool a fault names, by ARM id or by name, or what is wrong with the names. Used by fleetFile.ts
// before the run and by faults.ts in it.
import type { Fault } from './fault.ts';

/** A cluster that a fault may name. */
export type Candidate = { readonly id: string; readonly pools: readonly string[] };

export type Target<C extends Candidate> =
  /** `cluster` and `nodePool` are undefined where the fault names none. */
  | { readonly ok: true; readonly cluster: C | undefined; readonly nodePool: string | undefined }
  | { readonly ok: false; readonly field: string; readonly found: string; readonly allowed: string };

export function findTarget<C extends Candidate>(clusters: readonly C[], fault: Fault): Target<C> {
  const wanted = 'cluster' in fault ? fault.cluster : undefined;
  const wantedPool = 'nodePool' in fault ? fault.nodePool : undefined;
  if (wanted === undefined) return { ok: true, cluster: undefined, nodePool: wantedPool };
  const cluster = clusters.find(({ id }) =>
    [id, nameOf(id)].some((name) => name.toLowerCase() === wanted.toLowerCase()),
  );
  if (!cluster) {
    const allowed = `the ARM id or the name of a cluster: ${clusters.map(({ id }) => nameOf(id)).join(', ')}`;
    return { ok: false, field: 'cluster', found: wanted, allowed };
  }
  const nodePool = cluster.pools.find((name) => name.toLowerCase() === wantedPool?.toLowerCase());
  if (wantedPool !== undefined && nodePool === undefined) {
    const allowed = `a pool of ${nameOf(cluster.id)}: ${cluster.pools.join(', ')}`;
    return { ok: false, field: 'nodePool', found: wantedPool, allowed };
  }
  return { ok: true, cluster, nodePool };
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
