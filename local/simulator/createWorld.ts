// Builds the simulated world from a fleet. Called once by simulator.ts.
import { Temporal } from 'temporal-polyfill';
import { clusterNameOf } from '../../shared/domain/cluster/clusterId.ts';
import type { ArmAgentPoolProfile, ArmManagedCluster, Fleet } from './world/armFleet.ts';
import { normalizeRegion } from './world/names.ts';
import { createNodes, shownNodes } from './world/poolNodes.ts';
import { guid, hex, type Random } from './world/random.ts';
import { addRelease } from './world/releases.ts';
import { type ClusterState, findCluster, type PoolState, type World } from './world/world.ts';

/** Fills in what ARM always shows. @throws when an id, an image or a time can't be read, or two clusters share an id */
export function createWorld(
  fleet: Fleet,
  time: Temporal.Instant,
  random: Random,
  certificateAuthority = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
): World {
  const world: World = {
    time,
    secondsPerNode: fleet.rolling.secondsPerNode,
    aksAutoUpgrade: fleet.aksAutoUpgrade ?? false,
    subscriptionEvents: fleet.subscriptionEvents ?? false,
    clusters: fleet.clusters.map((cluster) => createCluster(cluster, random)),
    definitions: fleet.clusters,
    releases: [],
    rolls: [],
    operations: new Map(),
    events: [],
    heldEvents: [],
    pending: [],
    faults: [],
    notes: [],
    activities: [],
    random,
    certificateAuthority,
    taken: new Map(),
  };
  for (const cluster of world.clusters) {
    const { id } = cluster.resource;
    if (findCluster(world, id) !== cluster) throw new Error(`The fleet has two clusters with the id "${id}".`);
  }
  for (const { nodeImageVersion, availableAt, regions } of fleet.releases) {
    addRelease(world, nodeImageVersion, Temporal.Instant.from(availableAt), regions);
  }
  return world;
}

export function createCluster(cluster: ArmManagedCluster, random: Random): ClusterState {
  const name = clusterNameOf(cluster.id);
  const { maintenanceConfigurations = [], kubernetes = {}, ...resource } = cluster;
  const { agentPoolProfiles = [], ...properties } = cluster.properties;
  const kubernetesVersion = properties.kubernetesVersion ?? '1.34.2';
  return {
    name,
    resource: {
      identity: { type: 'SystemAssigned' },
      sku: { name: 'Base', tier: 'Free' },
      ...resource,
      name: name.cluster,
      type: 'Microsoft.ContainerService/ManagedClusters',
      eTag: guid(random),
      properties: {
        provisioningState: 'Succeeded',
        powerState: { code: 'Running' },
        currentKubernetesVersion: kubernetesVersion,
        resourceUID: hex(24, random),
        dnsPrefix: name.cluster,
        fqdn: `${name.cluster}-${hex(8, random)}.hcp.${normalizeRegion(cluster.location)}.azmk8s.io`.toLowerCase(),
        enableRBAC: true,
        maxAgentPools: 100,
        supportPlan: 'KubernetesOfficial',
        // So ARM shows a cluster with a managed identity; clients rely on it being there.
        servicePrincipalProfile: { clientId: 'msi' },
        networkProfile: { networkPlugin: 'azure', networkPluginMode: 'overlay', loadBalancerSku: 'standard' },
        nodeResourceGroup: `MC_${name.resourceGroup}_${name.cluster}_${normalizeRegion(cluster.location)}`,
        ...properties,
        kubernetesVersion,
      },
    },
    pools: agentPoolProfiles.map((profile) => createPool(profile, kubernetesVersion, random)),
    maintenanceConfigurations,
    kubernetes,
  };
}

export function createPool(profile: ArmAgentPoolProfile, kubernetesVersion: string, random: Random): PoolState {
  const orchestratorVersion = profile.orchestratorVersion ?? kubernetesVersion;
  const { deallocatedNodes = 0, ...shown } = profile;
  const scaleSet = `aks-${profile.name}-${hex(8, random)}-vmss`;
  return {
    scaleSet,
    profile: {
      type: 'VirtualMachineScaleSets',
      osDiskSizeGB: 128,
      osDiskType: 'Managed',
      maxPods: 110,
      mode: 'User',
      osType: 'Linux',
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      currentOrchestratorVersion: orchestratorVersion,
      eTag: guid(random),
      scaleDownMode: 'Delete',
      ...shown,
      ...shownNodes(profile),
      orchestratorVersion,
    },
    ...createNodes(profile, scaleSet, deallocatedNodes),
  };
}
