// The node images that AKS offers: what is out, and what that makes of a pool. Used by resources.ts, upgrade.ts and whoever
// starts a roll.
import { Temporal } from 'temporal-polyfill';
import {
  compareReleases,
  type NodeImageVersion,
  parseNodeImageVersion,
} from '../../../shared/domain/image/nodeImageVersion.ts';
import { type ClusterState, normalizeRegion, type PoolState, type World } from './world.ts';

/** @throws when `nodeImageVersion` is not one */
export function addRelease(
  world: World,
  nodeImageVersion: string,
  availableAt: Temporal.Instant,
  regions: readonly string[] | undefined,
): void {
  const version = parseNodeImageVersion(nodeImageVersion);
  if (!version) throw new Error(`The release "${nodeImageVersion}" is not a node image version.`);
  world.releases.push({ version, nodeImageVersion, availableAt, regions: regions?.map(normalizeRegion) });
}

/**
 * The newest image of the pool's family that its region has by now. Older than the pool's own on frozen lines, as in
 * Azure; the pool's own when there is none; undefined for a pool whose image ARM does not tell.
 */
export function latestNodeImage(world: World, cluster: ClusterState, pool: PoolState): string | undefined {
  const current = parsed(pool.profile.nodeImageVersion);
  const region = normalizeRegion(cluster.resource.location);
  const newest = world.releases
    .filter(({ version }) => version.family === current?.family)
    .filter(({ availableAt }) => Temporal.Instant.compare(availableAt, world.time) <= 0)
    .filter(({ regions }) => regions === undefined || regions.includes(region))
    .sort((a, b) => compareReleases(b.version, a.version) ?? 0)[0];
  return newest?.nodeImageVersion ?? pool.profile.nodeImageVersion;
}

/** The image that an upgrade would roll to now, or undefined when there is nothing newer. */
export function newerNodeImage(world: World, cluster: ClusterState, pool: PoolState): string | undefined {
  const latest = latestNodeImage(world, cluster, pool);
  const [a, b] = [parsed(latest), parsed(pool.profile.nodeImageVersion)];
  return a && b && (compareReleases(a, b) ?? 0) > 0 ? latest : undefined;
}

function parsed(nodeImageVersion: string | undefined): NodeImageVersion | undefined {
  return nodeImageVersion === undefined ? undefined : parseNodeImageVersion(nodeImageVersion);
}
