// Node pools of a cluster and what runs on them. Used by drawFleet.ts.
import type { ArmAgentPoolProfile, ArmKubernetes } from '../../../local/simulator/world/armFleet.ts';
import { families, imageOf } from './drawReleases.ts';
import { shiftDay } from './drawWindow.ts';
import type { Draw } from './seed.ts';

const retired = ['AKSUbuntu-1804gen2containerd-2022.10.03', 'AKSCBLMariner-V2gen2-202406.25.0'];

/** Modes of pools that are AKS's own. */
const managedModes = ['Machines', 'ManagedSystem'];

export function isManaged(mode: string | undefined): boolean {
  return managedModes.includes(mode ?? '');
}

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
    ...drawNodes(draw.fork('nodes'), count),
    mode: isSystem ? 'System' : 'User',
    osType: family.osType,
    osSKU: family.osSKU,
    nodeImageVersion: draw.chance(0.03)
      ? draw.pick(retired)
      : imageOf(family, shiftDay(start, -7 * draw.whole(3, 8)), draw.whole(0, 2)),
    upgradeSettings: { maxSurge, ...drawUpgradeSettings(draw.fork('upgrade settings')) },
    ...drawKept(draw.fork('kept')),
    ...(draw.chance(0.04) && { mode: draw.pick(managedModes) }),
    ...(draw.chance(0.02) && { creationData: { sourceResourceId: '/snapshots/pinned' } }),
  };
}

/** Some pools are of type VirtualMachines, with nodes of one VM size or of two. */
function drawNodes(draw: Draw, count: number): Partial<ArmAgentPoolProfile> {
  if (!draw.chance(0.15)) return { count };
  const other = draw.pick(['Standard_D8s_v5', 'Standard_E4s_v5']);
  const others = draw.whole(0, Math.floor(count / 2));
  const manual = [
    { size: 'Standard_D4s_v5', count: count - others },
    ...(others > 0 ? [{ size: other, count: others }] : []),
  ];
  return { type: 'VirtualMachines', virtualMachinesProfile: { scale: { manual } } };
}

function drawUpgradeSettings(draw: Draw): ArmAgentPoolProfile['upgradeSettings'] {
  return {
    ...(draw.chance(0.15) && { maxSurge: '0', maxUnavailable: draw.pick(['1', '2', '25%', '50%', '100%']) }),
    ...(draw.chance(0.15) && { nodeSoakDurationInMinutes: draw.pick([0, 1, 5, 15, 30]) }),
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
