// Node pools of a cluster and what runs on them. Used by drawFleet.ts.
import type { ArmAgentPoolProfile, ArmKubernetes } from '../../../local/simulator/world/armFleet.ts';
import { families, imageOf } from './drawReleases.ts';
import { shiftDay } from './drawWindow.ts';
import type { Draw } from './seed.ts';

const retired = ['AKSUbuntu-1804gen2containerd-2022.10.03', 'AKSCBLMariner-V2gen2-202406.25.0'];

/** AKS refuses every upgrade of a pool of this name, for ever. */
export const refusedPool = 'stone';

export function drawPool(draw: Draw, index: number, start: string, isInRing: boolean): ArmAgentPoolProfile {
  const [ubuntu, azureLinux, windows] = families;
  // More that are alike where one ring waits for another of their family.
  const family = draw.pick([ubuntu, ubuntu, ...(isInRing ? [ubuntu, ubuntu] : []), azureLinux, windows]);
  const isSystem = index === 0 && draw.chance(0.7);
  const { count, maxSurge } = draw.pick([
    { count: 1, maxSurge: '1' },
    { count: 3, maxSurge: '33%' },
    { count: 4, maxSurge: '1' },
    { count: 8, maxSurge: '25%' },
    { count: 0, maxSurge: '10%' },
    // Too large for a window of four hours.
    { count: 30, maxSurge: '1' },
  ]);
  return {
    name: index === 1 && draw.chance(0.06) ? refusedPool : isSystem ? 'system' : `pool${index}`,
    count,
    mode: isSystem ? 'System' : 'User',
    osType: family.osType,
    osSKU: family.osSKU,
    nodeImageVersion: draw.chance(0.03)
      ? draw.pick(retired)
      : imageOf(family, shiftDay(start, -7 * draw.whole(3, 8)), draw.whole(0, 2)),
    upgradeSettings: { maxSurge },
    ...drawKept(draw.fork('kept')),
    ...(draw.chance(0.02) && { mode: 'Machines' }),
    ...(draw.chance(0.02) && { creationData: { sourceResourceId: '/snapshots/pinned' } }),
  };
}

/** What earlier scale-downs left of the pool, on the image that it ran. */
function drawKept(draw: Draw): Pick<ArmAgentPoolProfile, 'scaleDownMode' | 'deallocatedNodes'> {
  if (draw.chance(0.8)) return {};
  return { scaleDownMode: 'Deallocate', deallocatedNodes: draw.whole(0, 4) };
}

/** Workloads of two pods on a pool each, some with a budget, which people tighten: see people.ts. */
export function drawKubernetes(draw: Draw, pools: readonly ArmAgentPoolProfile[]): ArmKubernetes | undefined {
  if (draw.chance(0.5)) return undefined;
  const workloads = ['checkout', 'orders', 'search'].map((name) => ({
    name,
    namespace: draw.pick(['shop', 'stock']),
    nodePool: draw.pick(pools).name,
    allowed: draw.pick([undefined, 0, 1, 1, 1]),
  }));
  return {
    pods: workloads.flatMap(({ name, namespace, nodePool }) =>
      [0, 1].map((index) => ({
        name: `${name}-${index}`,
        namespace,
        nodePool,
        labels: { app: name },
        controller: { kind: 'ReplicaSet', name },
        ...(index === 1 && draw.chance(0.1) && { phase: 'Pending' as const }),
      })),
    ),
    podDisruptionBudgets: workloads.flatMap(({ name, namespace, allowed }) =>
      allowed === undefined ? [] : [{ name, namespace, disruptionsAllowed: allowed, matchLabels: { app: name } }],
    ),
  };
}
