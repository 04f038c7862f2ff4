// Row keys that sort the newest first. Called by the stores.
import { type ClusterKey, idOfKey } from '../../domain/cluster/clusterId.ts';

const largest = 999_999_999_999_999;

/** 15 digits; a larger number sorts earlier. For sequences, and for times in epoch milliseconds. */
export function descending(value: number): string {
  return String(largest - value).padStart(15, '0');
}

export function ascending(value: number): string {
  return String(value).padStart(15, '0');
}

/** The number that a key made by {@link descending} begins with; NaN where it begins with none. */
export function numberIn(key: string): number {
  return largest - Number(key.slice(0, 15) || Number.NaN);
}

/** The pool that a row is of, by its key; undefined where that names no cluster. */
export function poolInKey(rowKey: string) {
  const end = rowKey.lastIndexOf('|');
  const key: ClusterKey = rowKey.slice(0, Math.max(end, 0));
  const cluster = idOfKey(key);
  return cluster === undefined ? undefined : { key, cluster, nodePool: rowKey.slice(end + 1) };
}
