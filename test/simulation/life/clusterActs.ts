// What people do to a cluster as a whole: its budgets, tags, channels and windows. Part of the acts in people.ts.
import { writeCluster } from '../../../local/simulator/world/changeWorld.ts';
import { drawChannels } from '../draw/drawFleet.ts';
import { ringNames } from '../draw/drawRings.ts';
import { drawClosedWindow, drawWindow } from '../draw/drawWindow.ts';
import { allow, type DrawAct, kubernetesWindowName, onCluster, setWindow, windowName } from './changes.ts';

/** What an operation of somebody's on the cluster left, while none is under way. */
function turn(from: string, provisioningState: string): Parameters<typeof onCluster>[1] {
  return (world, found) => {
    if (found.resource.properties.provisioningState === from) writeCluster(world, found, { provisioningState });
  };
}

export const clusterActs = {
  tightenBudget: (draw, cluster) => ({
    cause: 'manual',
    happen: onCluster(cluster, (_world, found) => {
      const tight = draw.whole(0, 2);
      allow(found, (allowed, index) => (index === tight ? 0 : allowed));
    }),
  }),
  loosenBudgets: (_draw, cluster) => ({
    cause: 'manual',
    happen: onCluster(cluster, (_world, found) => allow(found, () => 1)),
  }),
  retag: (draw, cluster) => ({
    cause: 'manual',
    happen: onCluster(cluster, (world, found) => {
      const { ring } = found.resource.tags ?? {};
      const tags = { stage: draw.pick(['test', 'production']), ...(ring && { ring }) };
      found.resource = {
        ...found.resource,
        tags: draw.chance(0.4) && ring ? { ...tags, ring: draw.pick(ringNames) } : tags,
      };
      writeCluster(world, found, {});
    }),
  }),
  rechannel: (draw, cluster) => ({
    cause: 'manual',
    happen: onCluster(cluster, (world, found) =>
      writeCluster(world, found, { autoUpgradeProfile: drawChannels(draw) }),
    ),
  }),
  cancelCluster: (_draw, cluster) => ({ cause: 'manual', happen: onCluster(cluster, turn('Succeeded', 'Canceled')) }),
  reconcileCluster: (_draw, cluster) => ({
    cause: 'manual',
    happen: onCluster(cluster, turn('Canceled', 'Succeeded')),
  }),
  /** The owner lets AKS upgrade Kubernetes, in a window of its own, and a version is out. */
  aksKubernetes: (draw, cluster, _pool, day) => ({
    cause: 'manual',
    happen: onCluster(cluster, (world, found) => {
      const { autoUpgradeProfile } = found.resource.properties;
      const upgradeChannel = draw.pick(['stable', 'rapid', 'patch']);
      writeCluster(world, found, { autoUpgradeProfile: { ...autoUpgradeProfile, upgradeChannel } });
      setWindow(found, drawWindow(draw, day), kubernetesWindowName);
      world.kubernetesVersion = '1.35.0';
    }),
  }),
  kubernetesRelease: (_draw, cluster) => ({
    cause: 'manual',
    happen: onCluster(cluster, (world) => {
      world.kubernetesVersion = '1.35.0';
    }),
  }),
  moveWindow: (draw, cluster, _pool, day) => ({
    cause: 'manual',
    happen: onCluster(cluster, (_world, found) => setWindow(found, drawWindow(draw, day))),
  }),
  closeWindow: (draw, cluster, _pool, day) => ({
    cause: 'manual',
    happen: onCluster(cluster, (_world, found) => setWindow(found, drawClosedWindow(draw, day))),
  }),
  dropWindow: (_draw, cluster) => ({
    cause: 'manual',
    happen: onCluster(cluster, (_world, found) => {
      found.maintenanceConfigurations = found.maintenanceConfigurations.filter(({ name }) => name !== windowName);
    }),
  }),
  blockToday: (_draw, cluster, _pool, day) => ({
    cause: 'manual',
    happen: onCluster(cluster, (_world, found) => {
      const window = found.maintenanceConfigurations.find(({ name }) => name === windowName)?.properties
        .maintenanceWindow;
      if (window && typeof window === 'object')
        setWindow(found, { ...window, notAllowedDates: [{ start: day, end: day }] });
    }),
  }),
} as const satisfies Record<string, DrawAct>;
