// What a finished observation was shown by ARM. Called at the end of each invocation by notes.ts, which then forgets the
// answers: only a starter's are judged later.
import { keyOf } from './keyOf.ts';
import type { Claim, Invocation, Listed, Shown } from './record.ts';

type ClusterBody = {
  readonly id: string;
  readonly properties: {
    readonly resourceUID?: string;
    readonly powerState?: { readonly code: string };
    readonly agentPoolProfiles?: readonly {
      readonly name: string;
      readonly provisioningState: string;
      readonly powerState?: { readonly code: string };
      readonly nodeImageVersion?: string;
    }[];
  };
};

/** The list that a pass went by; none where ARM did not answer it. Before {@link shownBy}, which forgets it. */
export function listedBy(invocation: Invocation): readonly Listed[] {
  if (invocation.name !== 'planUpgrades') return [];
  const pages = invocation.reads.filter(({ path }) => /\/managedClusters$/i.test(path));
  if (pages.length === 0 || pages.some(({ status }) => status !== 200)) return [];
  const clusters = pages.flatMap(({ body }) => (JSON.parse(body) as { readonly value: readonly ClusterBody[] }).value);
  return [
    {
      at: pages[0]?.at ?? 0,
      instance: invocation.instance,
      clusters: new Set(clusters.map(({ id }) => keyOf(id))),
      isNoted: invocation.outcome === 'done',
    },
  ];
}

export function shownBy(invocation: Invocation, claims: readonly Claim[]): readonly Shown[] {
  for (const { status } of invocation.reads) {
    if (status >= 400 && status !== 404) invocation.faults.push(`ARM ${status}`);
  }
  const reads = [...invocation.reads];
  if (invocation.name !== 'startUpgrade') invocation.reads.length = 0;
  if (invocation.name !== 'observeCluster' || invocation.outcome !== 'done') return [];
  const read = reads.findLast(({ path }) => /\/managedClusters\/[^/]+$/i.test(path));
  if (read?.status !== 200 || read.isUnreadable) return [];
  const { id, properties } = JSON.parse(read.body) as ClusterBody;
  const clusterKey = keyOf(id);
  const claimed = claimedSince(claims, clusterKey, invocation.startedAt);
  const all = properties.agentPoolProfiles ?? [];
  const pools = all.filter(({ provisioningState }) => /^(succeeded|failed|canceled)$/i.test(provisioningState));
  const busy = new Set(all.filter((pool) => !pools.includes(pool)).map(({ name }) => name.toLowerCase()));
  const images = pools
    .filter(({ name }) => !claimed.has(name.toLowerCase()))
    .map(({ name, nodeImageVersion = '' }) => [name.toLowerCase(), nodeImageVersion] as const);
  const runs = properties.powerState?.code === 'Running';
  const well = pools.filter(
    ({ provisioningState, powerState }) => runs && powerState?.code === 'Running' && provisioningState === 'Succeeded',
  );
  const { endedAt = read.at } = invocation;
  return [
    {
      at: read.at,
      endedAt,
      clusterKey,
      uid: properties.resourceUID ?? '',
      images: new Map(images),
      well: new Set(well.map(({ name }) => name.toLowerCase())),
      busy,
    },
  ];
}

/** The pools that had an attempt in flight at some time since `from`. */
function claimedSince(claims: readonly Claim[], clusterKey: string, from: number): ReadonlySet<string> {
  const pools = new Set<string>();
  let open: string | undefined;
  for (const claim of claims) {
    if (claim.clusterKey !== clusterKey || claim.kind === 'verdict') continue;
    const pool = (claim.value as { readonly nodePool?: string } | undefined)?.nodePool?.toLowerCase();
    if (claim.kind === 'removed') {
      if (claim.at >= from && open) pools.add(open);
      open = undefined;
    } else open = pool;
    if (open && claim.at >= from) pools.add(open);
  }
  if (open) pools.add(open);
  return pools;
}
