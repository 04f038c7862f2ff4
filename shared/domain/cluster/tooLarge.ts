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
  const parts = [
    { what: 'the tags of the cluster take', size: sizeOf(cluster.tags) },
    ...sizes.map(({ pool }) => ({
      what: `the provisioning error of pool ${pool.name} takes`,
      size: sizeOf(pool.error ?? {}),
    })),
    ...sizes.map(({ pool, size }) => ({
      what: `the other fields of pool ${pool.name} take`,
      size: size - sizeOf(pool.error ?? {}),
    })),
    { what: 'the other fields of the cluster take', size: sizeOf(cluster) - sizeOf(cluster.tags) },
  ];
  const [largest] = parts.toSorted((a, b) => b.size - a.size);
  return `ARM shows more of the cluster than the keeper can keep: ${largest?.what} ${largest?.size} characters of JSON, and a cluster with a pool may take ${room}; shorten them`;
}

function sizeOf(value: object): number {
  return JSON.stringify(value).length;
}
