// Which pools should be upgraded, by what is true and not by what the keeper knows. Used by the judges, and by createWorld.ts to
// know when time must not be skipped.
import type { Fleet } from '../../../../local/simulator/world/armFleet.ts';
import { keyOf } from '../../record/keyOf.ts';
import type { Truth } from '../../record/truth.ts';
import { openAt, readWindow } from './calendar.ts';
import { isNewer } from './images.ts';

/** The newest image of the pool's family that the region has by then, and since when it has had a newer one than the pool's. */
export function newestImage(
  fleet: Fleet,
  clusterKey: string,
  image: string,
  at: number,
): { readonly image: string; readonly since: number } | undefined {
  const region = fleet.clusters.find(({ id }) => keyOf(id) === clusterKey)?.location;
  const newer = fleet.releases.filter(
    (release) =>
      isNewer(release.nodeImageVersion, image) &&
      Date.parse(release.availableAt) <= at &&
      (release.regions === undefined || release.regions.includes(region ?? '')),
  );
  const [first, ...others] = newer;
  if (!first) return undefined;
  const newest = others.reduce((a, b) => (isNewer(b.nodeImageVersion, a.nodeImageVersion) ? b : a), first);
  return {
    image: newest.nodeImageVersion,
    since: Math.min(...newer.map(({ availableAt }) => Date.parse(availableAt))),
  };
}

export function isDueIn(truth: Truth, fleet: Fleet, clusterKey: string, at: number): boolean {
  return truth.pools.some(
    (pool) =>
      pool.clusterKey === clusterKey &&
      pool.until === undefined &&
      newestImage(fleet, clusterKey, pool.moments.at(-1)?.image ?? '', at) !== undefined,
  );
}

/** Where a window is open. */
export function isAnythingDue(truth: Truth, fleet: Fleet, at: number): boolean {
  return [...truth.clusters].some(
    ([key, moments]) =>
      isDueIn(truth, fleet, key, at) && openAt(readWindow(moments.at(-1)?.window, true), at) !== undefined,
  );
}
