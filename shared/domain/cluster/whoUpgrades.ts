// Who upgrades a pool's node image: AKS, on most channels, or the keeper. Called by the gate autoUpgradeChannelActive, lintPolicy
// and judgeRoll.
import type { Cluster, NodePool } from './cluster.ts';

const clusterChannels = new Set(['none', 'patch', 'stable', 'rapid']);

/** On channels that AKS follows with Kubernetes versions, in aksManagedAutoUpgradeSchedule where there is one. */
export function aksUpgradesKubernetes({ sku, upgradeChannel = 'none' }: Cluster): boolean {
  return sku?.toLowerCase() === 'automatic' || ['patch', 'stable', 'rapid'].includes(upgradeChannel.toLowerCase());
}

/** AKS-FACTS section 3. Unknown settings count as AKS. */
export function whoUpgrades(cluster: Cluster, pool: NodePool): string | undefined {
  const { sku, upgradeChannel = 'none', nodeOsUpgradeChannel: channel } = cluster;
  if (sku?.toLowerCase() === 'automatic') return 'AKS upgrades the node images of an Automatic cluster itself';
  if (upgradeChannel.toLowerCase() === 'node-image') {
    return 'AKS upgrades node images itself, as upgradeChannel is node-image';
  }
  if (!clusterChannels.has(upgradeChannel.toLowerCase())) {
    return `upgradeChannel is ${upgradeChannel}, which the keeper does not know and AKS may act on`;
  }
  if (channel === undefined) {
    return 'AKS upgrades node images itself, as nodeOSUpgradeChannel is not set, which means NodeImage';
  }
  switch (channel.toLowerCase()) {
    case 'none':
    case 'unmanaged':
      return undefined;
    case 'nodeimage':
      return 'AKS upgrades node images itself, as nodeOSUpgradeChannel is NodeImage';
    case 'securitypatch':
      return pool.osType.toLowerCase() === 'windows'
        ? undefined
        : `AKS patches ${pool.osType} nodes itself, as nodeOSUpgradeChannel is SecurityPatch`;
    default:
      return `nodeOSUpgradeChannel is ${channel}, which the keeper does not know and AKS may act on`;
  }
}
