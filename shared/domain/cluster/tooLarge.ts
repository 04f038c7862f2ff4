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
  const ofPools = sizes.flatMap(({ pool, size }) => {
    const error = sizeOf(pool.error ?? {});
    return [
      [`the provisioning error of pool ${pool.name} takes`, error],
      [`the other fields of pool ${pool.name} take`, size - error],
    ] as const;
  });
  const tags = sizeOf(cluster.tags);
  const ofCluster = [
    ['the tags of the cluster take', tags],
    ['the other fields of the cluster take', sizeOf(cluster) - tags],
  ] as const;
  const parts = [...ofCluster, ...ofPools];
  const [largest] = parts.toSorted(([, a], [, b]) => b - a);
  return `ARM shows more of the cluster than the keeper can keep: ${largest?.join(' ')} characters of JSON, and a cluster with a pool may take ${room}; shorten them`;
}

function sizeOf(value: object): number {
  return JSON.stringify(value).length;
}
