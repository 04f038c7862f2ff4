// The node images that AKS offers: what is out, and what that makes of a pool.
import { Temporal } from 'temporal-polyfill';
import {
  compareReleases,
  type NodeImageVersion,
  parseNodeImageVersion,
} from '../../../shared/domain/image/nodeImageVersion.ts';
import { normalizeRegion } from './names.ts';
import type { ClusterState, PoolState, World } from './world.ts';

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

/** On frozen lines older than the pool's own, as in Azure; undefined for a pool whose image ARM does not tell. */
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

export function newerNodeImage(world: World, cluster: ClusterState, pool: PoolState): string | undefined {
  const latest = latestNodeImage(world, cluster, pool);
  const [a, b] = [parsed(latest), parsed(pool.profile.nodeImageVersion)];
  return a && b && (compareReleases(a, b) ?? 0) > 0 ? latest : undefined;
}

function parsed(nodeImageVersion: string | undefined): NodeImageVersion | undefined {
  return nodeImageVersion === undefined ? undefined : parseNodeImageVersion(nodeImageVersion);
}
