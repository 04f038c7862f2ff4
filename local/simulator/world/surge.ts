// How many nodes of a pool roll at a time. Used by rolling.ts and capacity.ts.
import type { PoolState } from './world.ts';

/** The nodes that a pool replaces at a time: its `maxSurge`, a percentage rounded up, 10% by default; with 0, `maxUnavailable`; at least 1. */
export function surgeNodes({ profile }: PoolState): number {
  const { maxSurge = '10%', maxUnavailable = '0' } = profile.upgradeSettings ?? {};
  return Math.max(1, nodesIn(maxSurge, profile.count) || nodesIn(maxUnavailable, profile.count));
}

/** The nodes that it gets beside its own meanwhile, never more than it has: none where it rolls with `maxUnavailable`. */
export function extraNodes({ profile }: PoolState): number {
  return Math.min(nodesIn(profile.upgradeSettings?.maxSurge ?? '10%', profile.count), profile.count);
}

function nodesIn(setting: string, count: number): number {
  const value = Number.parseInt(setting, 10);
  return setting.endsWith('%') ? Math.ceil((count * value) / 100) : value;
}
