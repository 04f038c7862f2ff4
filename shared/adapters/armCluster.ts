// The SDK's managed cluster -> the domain's. Called by the ARM adapter.
import type { ManagedCluster, ManagedClusterAgentPoolProfile } from '@azure/arm-containerservice';
import type { Cluster, NodePool } from '../domain/cluster.ts';

/** What ARM leaves out of a state is reported as `Unknown`, which counts as busy or not running. */
export function toCluster(cluster: ManagedCluster): Cluster {
  return {
    id: cluster.id ?? '',
    resourceUid: cluster.resourceUID,
    location: cluster.location,
    provisioningState: cluster.provisioningState ?? 'Unknown',
    powerState: cluster.powerState?.code ?? 'Unknown',
    tags: cluster.tags ?? {},
    upgradeChannel: cluster.autoUpgradeProfile?.upgradeChannel,
    nodeOsUpgradeChannel: cluster.autoUpgradeProfile?.nodeOSUpgradeChannel,
    sku: cluster.sku?.name,
    nodeResourceGroup: cluster.nodeResourceGroup,
    networkPlugin: cluster.networkProfile?.networkPlugin,
    networkPluginMode: cluster.networkProfile?.networkPluginMode,
    nodePools: (cluster.agentPoolProfiles ?? []).map(toNodePool),
  };
}

function toNodePool(pool: ManagedClusterAgentPoolProfile): NodePool {
  const { enableAutoScaling, minCount, maxCount, status } = pool;
  const error = status?.provisioningError;
  return {
    name: pool.name,
    nodeImageVersion: pool.nodeImageVersion,
    provisioningState: pool.provisioningState ?? 'Unknown',
    powerState: pool.powerState?.code ?? 'Unknown',
    mode: pool.mode ?? 'Unknown',
    type: pool.type,
    osType: pool.osType ?? 'Unknown',
    osSku: pool.osSKU,
    kubernetesVersion: pool.currentOrchestratorVersion ?? pool.orchestratorVersion,
    count: pool.count ?? undefined,
    vmSize: pool.vmSize ?? undefined,
    scaleSetPriority: pool.scaleSetPriority,
    maxPods: pool.maxPods,
    vnetSubnetId: pool.vnetSubnetID,
    podSubnetId: pool.podSubnetID,
    autoscaler: enableAutoScaling ? { min: minCount ?? undefined, max: maxCount ?? undefined } : undefined,
    maxSurge: pool.upgradeSettings?.maxSurge,
    eTag: pool.eTag,
    snapshotId: pool.creationData?.sourceResourceId,
    error: error && { code: error.code ?? 'Unknown', message: error.message ?? '' },
  };
}
