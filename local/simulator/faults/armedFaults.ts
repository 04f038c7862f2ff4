// The faults in force, and which cluster and pool a fault names. Armed by injectFault.ts, taken by whoever is struck.
import { lastPart, sameName } from '../world/names.ts';
import type { ClusterState, PoolState, World } from '../world/world.ts';
import type { Fault, FaultOf } from './fault.ts';

type PoolFault = FaultOf<'drainBlocked' | 'nodesBehind' | 'nodesNotJoined' | 'releaseDuringRoll'>;
export type RequestFault = FaultOf<'serverError' | 'throttled' | 'slowAnswer' | 'lostAnswer'>;

export function armFault(world: World, fault: Fault): void {
  const { times, share } = fault as { readonly times?: number; readonly share?: number };
  world.faults = [...world.faults, { fault, left: times ?? (share === undefined ? 1 : Number.POSITIVE_INFINITY) }];
}

export function takeFault<Kind extends Fault['kind']>(
  world: World,
  kind: Kind,
  fits: (fault: FaultOf<Kind>) => boolean,
): FaultOf<Kind> | undefined {
  for (const armed of world.faults) {
    const fault = armed.fault as FaultOf<Kind>;
    if (fault.kind !== kind || !fits(fault)) continue;
    const { share } = fault as { readonly share?: number };
    // Only a fault with a share draws: one without must not change the ids that come after it.
    if (share !== undefined && world.random() >= share) continue;
    const left = armed.left - 1;
    world.faults = world.faults.flatMap((other) =>
      other === armed ? (left > 0 ? [{ ...armed, left }] : []) : [other],
    );
    return fault;
  }
  return undefined;
}

export function takePoolFault<Kind extends PoolFault['kind']>(
  world: World,
  kind: Kind,
  cluster: ClusterState,
  pool: PoolState,
  fits: (fault: FaultOf<Kind>) => boolean = () => true,
): FaultOf<Kind> | undefined {
  return takeFault(world, kind, (fault) => meansPool(fault as PoolFault, cluster, pool) && fits(fault));
}

export function meansPool(fault: PoolFault, cluster: ClusterState, pool: PoolState): boolean {
  return isNamed(fault.cluster, cluster.resource.id) && isNamed(fault.nodePool, pool.profile.name);
}

export function takeRequestFault<Kind extends RequestFault['kind']>(
  world: World,
  kind: Kind,
  method: string,
  path: string,
): FaultOf<Kind> | undefined {
  return takeFault(world, kind, (fault) => {
    const { on = {} } = fault as RequestFault;
    const isMethod = on.method === undefined || on.method.toUpperCase() === method;
    return isMethod && (on.path === undefined || path.toLowerCase().includes(on.path.toLowerCase()));
  });
}

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
