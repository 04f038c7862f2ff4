// Which cluster and pool a fault names, by ARM id or by name, or what is wrong with the names.
import { lastPart, sameName } from '../world/names.ts';
import type { Fault } from './fault.ts';

type Candidate = {
  readonly id: string;
  readonly properties: { readonly agentPoolProfiles?: readonly { readonly name: string }[] };
};

export type FaultProblem = { readonly field: string; readonly found: string; readonly allowed: string };

/** `clusterId` and `nodePool` are undefined where the fault names none. */
export type Target =
  | { readonly ok: true; readonly clusterId: string | undefined; readonly nodePool: string | undefined }
  | { readonly ok: false; readonly problem: FaultProblem };

export function findTarget(clusters: readonly Candidate[], fault: Fault): Target {
  const wanted = 'cluster' in fault ? fault.cluster : undefined;
  const wantedPool = 'nodePool' in fault ? fault.nodePool : undefined;
  if (wanted === undefined) return { ok: true, clusterId: undefined, nodePool: wantedPool };
  const cluster = clusters.find(({ id }) => isNamed(wanted, id));
  if (!cluster) {
    const allowed = `the ARM id or the name of a cluster: ${clusters.map(({ id }) => lastPart(id)).join(', ')}`;
    return { ok: false, problem: { field: 'cluster', found: wanted, allowed } };
  }
  const pools = (cluster.properties.agentPoolProfiles ?? []).map(({ name }) => name);
  const nodePool = pools.find((name) => sameName(name, wantedPool ?? ''));
  if (wantedPool !== undefined && nodePool === undefined) {
    const allowed = `a pool of ${lastPart(cluster.id)}: ${pools.join(', ')}`;
    return { ok: false, problem: { field: 'nodePool', found: wantedPool, allowed } };
  }
  return { ok: true, clusterId: cluster.id, nodePool };
}

/** True when a person's word names this: the whole of it, or the last part of an ARM id. */
export function isNamed(word: string, id: string): boolean {
  return sameName(word, id) || sameName(word, lastPart(id));
}
