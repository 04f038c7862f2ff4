// The world as ARM shows it: JSON bodies of clusters, pools, profiles, configurations. Used by routes.ts.
import { latestNodeImage } from '../world/releases.ts';
import type { ClusterState, PoolState, World } from '../world/world.ts';

/** The Entra tenant of every simulated subscription. */
export const tenantId = '72f98a3e-0000-4000-8000-5c1d20e6b7aa';

/** A subscription as `GET /subscriptions` lists it. */
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

/** The same in a list and in a GET. */
export function clusterBody({ resource, pools }: ClusterState): object {
  return {
    ...resource,
    properties: { ...resource.properties, agentPoolProfiles: pools.map(({ profile }) => profile) },
  };
}

/** An agent pool as a resource of its own: what the cluster shows flat stands under `properties`. */
export function poolBody(cluster: ClusterState, pool: PoolState): object {
  const { name, ...properties } = pool.profile;
  return {
    id: `${cluster.resource.id}/agentPools/${name}`,
    name,
    type: 'Microsoft.ContainerService/managedClusters/agentPools',
    properties,
  };
}

export function poolUpgradeProfileBody(world: World, cluster: ClusterState, pool: PoolState): object {
  return {
    id: `${cluster.resource.id}/agentPools/${pool.profile.name}/upgradeprofiles/default`,
    name: 'default',
    type: 'Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles',
    properties: {
      kubernetesVersion: pool.profile.orchestratorVersion,
      osType: pool.profile.osType,
      latestNodeImageVersion: latestNodeImage(world, cluster, pool),
      ...(pool.recentlyUsed && { recentlyUsedVersions: [pool.recentlyUsed] }),
    },
  };
}

/** Kubernetes versions; the simulator offers no newer one. */
export function clusterUpgradeProfileBody({ resource, pools }: ClusterState): object {
  return {
    id: `${resource.id}/upgradeprofiles/default`,
    name: 'default',
    type: 'Microsoft.ContainerService/managedClusters/upgradeprofiles',
    properties: {
      controlPlaneProfile: { kubernetesVersion: resource.properties.kubernetesVersion, osType: 'Linux', upgrades: [] },
      agentPoolProfiles: pools.map(({ profile }) => ({
        name: profile.name,
        kubernetesVersion: profile.orchestratorVersion,
        osType: profile.osType,
        upgrades: [],
      })),
    },
  };
}

export function maintenanceConfigurationBody(
  { resource }: ClusterState,
  { name, properties }: ClusterState['maintenanceConfigurations'][number],
): object {
  return {
    id: `${resource.id}/maintenanceConfigurations/${name}`,
    name,
    type: 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations',
    properties,
  };
}
