// The world as ARM shows it: JSON bodies of clusters, pools, profiles, configurations. Used by routes.ts.
import { lastPart } from '../world/names.ts';
import { latestNodeImage } from '../world/releases.ts';
import type { ClusterState, PoolState, World } from '../world/world.ts';

export const tenantId = '72f98a3e-0000-4000-8000-5c1d20e6b7aa';

export function subscriptionBody(subscription: string): object {
  return {
    id: `/subscriptions/${subscription}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: subscription,
    tenantId,
    displayName: `Simulated subscription ${subscription.slice(-4)}`,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'EnterpriseAgreement_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}

export function clusterBody({ resource, pools }: ClusterState): object {
  return {
    ...resource,
    properties: { ...resource.properties, agentPoolProfiles: pools.map(({ profile }) => profile) },
  };
}

/** A resource in ARM's shape. Its name is the last part of its id. */
export function resourceBody(id: string, type: string, properties: object): object {
  return { id, name: lastPart(id), type, properties };
}

const clusters = 'Microsoft.ContainerService/managedClusters';

/** An agent pool as a resource of its own: what the cluster shows flat stands under `properties`. */
export function poolBody({ resource }: ClusterState, { profile: { name, ...properties } }: PoolState): object {
  return resourceBody(`${resource.id}/agentPools/${name}`, `${clusters}/agentPools`, properties);
}

export function poolUpgradeProfileBody(world: World, cluster: ClusterState, pool: PoolState): object {
  const id = `${cluster.resource.id}/agentPools/${pool.profile.name}/upgradeprofiles/default`;
  return resourceBody(id, `${clusters}/agentPools/upgradeProfiles`, {
    kubernetesVersion: pool.profile.orchestratorVersion,
    osType: pool.profile.osType,
    latestNodeImageVersion: latestNodeImage(world, cluster, pool),
    ...(pool.recentlyUsed && { recentlyUsedVersions: [pool.recentlyUsed] }),
  });
}

/** Kubernetes versions; the simulator offers no newer one. */
export function clusterUpgradeProfileBody({ resource, pools }: ClusterState): object {
  return resourceBody(`${resource.id}/upgradeprofiles/default`, `${clusters}/upgradeprofiles`, {
    controlPlaneProfile: { kubernetesVersion: resource.properties.kubernetesVersion, osType: 'Linux', upgrades: [] },
    agentPoolProfiles: pools.map(({ profile }) => ({
      name: profile.name,
      kubernetesVersion: profile.orchestratorVersion,
      osType: profile.osType,
      upgrades: [],
    })),
  });
}

export function maintenanceConfigurationBody(
  { resource }: ClusterState,
  { name, properties }: ClusterState['maintenanceConfigurations'][number],
): object {
  const id = `${resource.id}/maintenanceConfigurations/${name}`;
  return resourceBody(id, `${clusters}/maintenanceConfigurations`, properties);
}
