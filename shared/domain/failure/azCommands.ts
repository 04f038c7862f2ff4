// Commands of the Azure CLI for whoever repairs a pool or a cluster, with its names in them. Used by remedies and the gates.
import { parseClusterId } from '../cluster/clusterId.ts';

export type PoolName = { readonly cluster: string; readonly nodePool: string };

/** Upgrades the node image and nothing else: nodes are replaced at once, whatever the window. */
export function upgradeByHand({ cluster: id, nodePool }: PoolName): string {
  const [group, cluster] = namesOf(id);
  return `az aks nodepool upgrade --resource-group ${group} --cluster-name ${cluster} --name ${nodePool} --node-image-only`;
}

/** Without further arguments it brings the cluster back to its own settings (Azure/AKS#4975). */
export function reconcile(id: string): string {
  const [group, cluster] = namesOf(id);
  return `az aks update --resource-group ${group} --name ${cluster}`;
}

/** As a shell takes them: a resource group may have brackets in its name, and nothing has quotes. */
function namesOf(id: string): readonly [group: string, cluster: string] {
  const { resourceGroup = 'RESOURCE_GROUP', cluster = 'CLUSTER' } = parseClusterId(id) ?? {};
  return [/^[\w.-]+$/.test(resourceGroup) ? resourceGroup : `'${resourceGroup}'`, cluster];
}
