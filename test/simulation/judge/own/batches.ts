// How AKS replaces a pool's nodes, by the pool's JSON: the judge's own reading of it. Used by judgeRoom, judgePreflight, judgeWaits.

type BySize = readonly { readonly size: string; readonly count: number }[] | null;

export type SizedPool = {
  readonly type?: string;
  readonly count?: number | null;
  readonly vmSize?: string | null;
  readonly virtualMachineNodesStatus?: BySize;
  readonly upgradeSettings?: {
    readonly maxSurge?: string | null;
    readonly maxUnavailable?: string | null;
    readonly nodeSoakDurationInMinutes?: number | null;
  };
};

/** A VM size for each node, in the order in which they stand. */
export function sizesOf({ type, count, vmSize, virtualMachineNodesStatus }: SizedPool): readonly string[] {
  if (type !== 'VirtualMachines') return Array.from({ length: count ?? 0 }, () => vmSize ?? '');
  return (virtualMachineNodesStatus ?? []).flatMap((group) => Array.from({ length: group.count }, () => group.size));
}

/** `extra`: nodes that are added meanwhile; `soak` in minutes, once a batch. */
export function batchesOf(pool: SizedPool) {
  const nodes = sizesOf(pool).length;
  const { maxSurge, maxUnavailable, nodeSoakDurationInMinutes: soak } = pool.upgradeSettings ?? {};
  const wholeNodes = (setting: string) =>
    setting.endsWith('%') ? Math.ceil((nodes * Number(setting.slice(0, -1))) / 100) : Number(setting);
  const surge = wholeNodes(maxSurge ?? '10%');
  const atOnce = surge > 0 ? surge : wholeNodes(maxUnavailable ?? '0');
  return {
    extra: Math.min(surge, nodes),
    batches: nodes === 0 ? 1 : Math.ceil(nodes / Math.max(1, atOnce)),
    soak: soak ?? 0,
  };
}
