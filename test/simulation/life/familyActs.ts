// What people do that can bring a pool to another family of images, and back. Part of the acts in people.ts.
import { writePool } from '../../../local/simulator/world/changeWorld.ts';
import { latestNodeImage, newerNodeImage } from '../../../local/simulator/world/releases.ts';
import { startRoll } from '../../../local/simulator/world/rolling.ts';
import { refusalOf } from '../../../local/simulator/world/upgrade.ts';
import type { ClusterState, PoolState, World } from '../../../local/simulator/world/world.ts';
import { isSameFamily } from '../judge/own/images.ts';
import { type DrawAct, inject, onPool } from './changes.ts';

export const familyActs = {
  kubernetesUpgrade: (draw, cluster, pool) => ({
    cause: 'kubernetesUpgrade',
    happen: onPool(cluster, pool, (world, found, state) => {
      if (refusalOf(found, state)) return;
      const { nodeImageVersion: image = '' } = state.profile;
      const to = draw.chance(0.5) ? nextFamily(world, found, state, image) : newerNodeImage(world, found, state);
      startRoll(world, found, state, to ?? image, 'Upgrading');
      writePool(world, found, state, { orchestratorVersion: '1.35.0', currentOrchestratorVersion: '1.35.0' });
    }),
  }),
  rollBackAcross: () => ({
    cause: 'rollback',
    happen: (simulator) => {
      const isAcross = ({ profile, recentlyUsed }: PoolState) =>
        recentlyUsed !== undefined && !isSameFamily(recentlyUsed.nodeImageVersion, profile.nodeImageVersion);
      for (const { resource, pools } of simulator.world().clusters) {
        const pool = pools.find(isAcross);
        const fault = { kind: 'person', does: 'rollBack', cluster: resource.id, nodePool: pool?.profile.name };
        if (pool) return inject(fault)(simulator);
      }
      return 'no pool came from another family';
    },
  }),
  // To the same release of the other OS, or to its newest, which may be older or newer.
  changeOs: (draw, cluster, pool) => ({
    cause: 'reconfiguration',
    happen: onPool(cluster, pool, (world, found, state) => {
      const image = state.profile.nodeImageVersion;
      if (refusalOf(found, state) || !image?.startsWith('AKSUbuntu-2204')) return;
      const to = image.replace(/^.*-/, 'AKSAzureLinux-V3gen2-');
      startRoll(world, found, state, draw.chance(0.5) ? to : (newestLike(world, found, state, to) ?? to), 'Updating');
    }),
  }),
} as const satisfies Record<string, DrawAct>;

/** With a Kubernetes version Ubuntu may come to its next family: the newest that there is, or the same release. */
function nextFamily(world: World, cluster: ClusterState, pool: PoolState, image: string): string | undefined {
  if (!image.startsWith('AKSUbuntu-2204')) return undefined;
  return newestLike(world, cluster, pool, image.replace('2204', '2404'));
}

function newestLike(world: World, cluster: ClusterState, pool: PoolState, nodeImageVersion: string) {
  return latestNodeImage(world, cluster, { ...pool, profile: { ...pool.profile, nodeImageVersion } });
}
