// What of a cluster is too large for a row of storage. Called where clusters are read from ARM.
import type { Cluster } from './cluster.ts';

/** Characters of JSON for a pool with its cluster; the rest of a row's 32 K is the decision's. */
const room = 20_000;

export function measured(cluster: Cluster): Cluster {
  const tooLarge = tooLargeIn(cluster);
  return tooLarge === undefined ? cluster : { ...cluster, tooLarge };
}

function tooLargeIn({ nodePools, ...cluster }: Cluster): string | undefined {
  const sizes = nodePools.map((pool) => ({ pool, size: sizeOf(pool) }));
  const largestPool = Math.max(0, ...sizes.map(({ size }) => size));
  if (sizeOf(cluster) + largestPool <= room) return undefined;
  const errors = sizes.map(({ pool }) => sizeOf(pool.error ?? {}));
  const parts: readonly (readonly [what: string, size: number])[] = [
    ['the tags of the cluster take', sizeOf(cluster.tags)],
    ...sizes.map(({ pool }, at) => [`the provisioning error of pool ${pool.name} takes`, errors[at] ?? 0] as const),
    ...sizes.map(
      ({ pool, size }, at) => [`the other fields of pool ${pool.name} take`, size - (errors[at] ?? 0)] as const,
    ),
    ['the other fields of the cluster take', sizeOf(cluster) - sizeOf(cluster.tags)],
  ];
  const [largest] = parts.toSorted(([, a], [, b]) => b - a);
  return `ARM shows more of the cluster than the keeper can keep: ${largest?.join(' ')} characters of JSON, and a cluster with a pool may take ${room}; shorten them`;
}

function sizeOf(value: object): number {
  return JSON.stringify(value).length;
}
