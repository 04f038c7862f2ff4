// The faults in force: who may be struck takes one. Armed by injectFault.ts.
import type { ClusterState, PoolState, World } from '../world/world.ts';
import type { Fault, FaultOf } from './fault.ts';
import { isNamed } from './target.ts';

type PoolFault = FaultOf<'drainBlocked' | 'nodesBehind' | 'releaseDuringRoll'>;
export type RequestFault = FaultOf<'serverError' | 'slowAnswer' | 'lostAnswer'>;

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
